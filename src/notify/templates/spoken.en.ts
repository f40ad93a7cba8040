import type { Role } from '../../domain/alerting/escalation-policy.ts';
import type { Spoken } from './spoken.ts';

const ASK: Readonly<Record<Role, string>> = {
  guardian: 'Please call',
  contact: 'Please check at the door of',
  supervisor: 'Please see to',
  desk: 'Please arrange a check on',
};

const ASK_AT_ONCE: Readonly<Record<Role, string>> = {
  guardian: 'Please get in touch at once',
  contact: 'Please go there at once',
  supervisor: 'Please see to it at once',
  desk: 'Please act at once',
};

const PRESS = 'Press 1 if you are on your way.';

export function spokenEn(spoken: Spoken): string {
  const { role, isEmergency, figures } = spoken;
  const home = homeSpoken(spoken);
  return isEmergency
    ? `This is Stillwater, and it is urgent. ${sentenceCase(home)}, needs help. ${ASK_AT_ONCE[role]}. ${PRESS}`
    : `This is Stillwater. ${ASK[role]} ${home}: ${waterShows(figures)}. ${PRESS}`;
}

export const THANKS_EN = 'Thank you. Please answer on the page in our text message.';

/** An English voice cannot read a Chinese letter out: then the code alone names the home. */
function homeSpoken({ initial, code }: Spoken): string {
  const name = initial === undefined || /\p{Script=Han}/u.test(initial) ? 'the resident' : `the resident ${initial}`;
  return `${name}, home ${code}`;
}

function waterShows(figures: Spoken['figures']): string {
  switch (figures?.detector) {
    case 'inactivity':
      return `no water has been used for ${figures.dryHours} hours`;
    case 'low-use':
      return `${litres(figures.litres)} of water used in ${figures.windowHours} hours`;
    case 'running-water':
      return figures.leastLitresPerHour === 0
        ? `${litres(figures.litres)} of water used in ${figures.hours} hours`
        : `water has run for ${figures.hours} hours on end`;
    case undefined:
      return 'the water use is unusual';
  }
}

function litres(volume: number): string {
  return volume === 1 ? '1 litre' : `${volume} litres`;
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
