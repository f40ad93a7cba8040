import type { Meaning } from './telegram-mapping.ts';

/**
 * The words in which meters and their readers commonly say how a meter is, without regard to case. A word that is not
 * here is kept for a look: a blocked meter, for one, may make a home look still.
 */
export const STATUS_WORDS: Readonly<Record<string, Meaning>> = {
  ok: 'fine',
  normal: 'fine',
  none: 'fine',
  no_error: 'fine',
  no_alarm: 'fine',
  leak: 'leak',
  leakage: 'leak',
  leaking: 'leak',
  burst: 'burst',
  pipe_burst: 'burst',
  backflow: 'backflow',
  back_flow: 'backflow',
  reverse: 'backflow',
  reversed: 'backflow',
  reverse_flow: 'backflow',
  tamper: 'tamper',
  fraud: 'tamper',
  sensor_fraud: 'tamper',
  mechanical_fraud: 'tamper',
  magnetic_fraud: 'tamper',
  battery: 'battery',
  low_battery: 'battery',
  battery_low: 'battery',
  power_low: 'battery',
  dry: 'dry',
  empty_pipe: 'dry',
};
