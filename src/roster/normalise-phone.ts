import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/**
 * A phone as people write it (full-width digits, spaces, dashes, with or without the country code) in E.164, such as
 * `+8613800000000`.
 *
 * @param countries two-letter codes; a number without a country code belongs to the first.
 * @returns undefined for anything but a mobile number of one of `countries`: landlines cannot be texted, and texts to
 * premium or foreign numbers are how imports are abused.
 */
export function normalisePhone(text: string, countries: readonly string[]): string | undefined {
  const [home] = countries;
  const defaultCountry = home !== undefined && isSupportedCountry(home) ? home : undefined;
  const options = { extract: false, ...(defaultCountry && { defaultCountry }) };
  const phone = parsePhoneNumberFromString(text, options);
  if (!phone?.isValid() || phone.ext !== undefined) return undefined;

  const takesTexts = ['MOBILE', 'FIXED_LINE_OR_MOBILE'].includes(phone.getType() ?? '');
  return takesTexts && isOneOf(phone.country, countries) ? phone.number : undefined;
}

function isOneOf(country: CountryCode | undefined, countries: readonly string[]): boolean {
  return country !== undefined && countries.includes(country);
}
