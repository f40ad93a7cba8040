import type { Closing } from './closing.ts';

export function standDownEn(closing: Closing): string {
  return `Stillwater: the check on ${closing.home} is closed: ${foundEn(closing)}. Thank you!`;
}

/** That somebody is away is not told: a text must not say that a home stands empty. */
export function foundEn({ checkedBy, outcome }: Closing): string {
  const checked = checkedBy === undefined ? 'checked' : `${checkedBy} checked`;
  switch (outcome) {
    case 'safe':
      return `${checked}, the person is well`;
    case 'false_alarm':
      return `${checked}, it was a false alarm`;
    case 'late_data':
      return 'late readings show normal use';
    case 'water_returned':
      return 'water use is ordinary again';
    case 'away':
    case 'needs_help':
    case 'could_not_reach':
    case undefined:
      return `${checked}, nothing more to do`;
  }
}
