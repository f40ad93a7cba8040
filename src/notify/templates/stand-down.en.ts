import type { Closing } from './closing.ts';

export function standDownEn({ home, checkedBy, outcome }: Closing): string {
  const checked = checkedBy === undefined ? 'checked' : `${checkedBy} checked`;
  return `Stillwater: the check on ${home} is closed: ${found(checked, outcome)}. Thank you!`;
}

/** That somebody is away is not told: a text must not say that a home stands empty. */
function found(checked: string, outcome: Closing['outcome']): string {
  switch (outcome) {
    case 'safe':
      return `${checked}, the person is well`;
    case 'false_alarm':
      return `${checked}, it was a false alarm`;
    case 'late_data':
      return 'readings that came late show normal use';
    case 'water_returned':
      return 'the water use has been ordinary again for hours';
    case 'away':
    case 'needs_help':
    case 'could_not_reach':
    case undefined:
      return `${checked}, nothing more to do`;
  }
}
