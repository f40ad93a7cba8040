/**
 * Crash and fuzz tests have two lengths. The short one is for every run of the suite; with STILLWATER_LONG=1 the same
 * tests take the numbers that a release must stand: 20 kills of each part, a million payloads, ten minutes of outage.
 */
const isLongForm = process.env['STILLWATER_LONG'] === '1';

export function byForm<T>(forms: { readonly long: T; readonly short: T }): T {
  return isLongForm ? forms.long : forms.short;
}
