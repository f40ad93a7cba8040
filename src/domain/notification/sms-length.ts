const GSM_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const GSM_EXTENDED = '^{}\\[~]|€';

/** How many units a text takes, and how many parts a phone network cuts it into. */
export interface SmsLength {
  readonly encoding: 'gsm7' | 'ucs2';
  readonly units: number;
  readonly parts: number;
}

/** The length of a text on air (3GPP TS 23.038): GSM-7 160 and 153 a part, UCS-2 70 and 67. */
export function smsLength(body: string): SmsLength {
  const letters = Array.from(body);
  const gsm7 = letters.every((letter) => GSM_BASIC.includes(letter) || GSM_EXTENDED.includes(letter));
  if (!gsm7) return sized('ucs2', body.length, 70, 67);
  return sized('gsm7', body.length + letters.filter((letter) => GSM_EXTENDED.includes(letter)).length, 160, 153);
}

function sized(encoding: SmsLength['encoding'], units: number, single: number, part: number): SmsLength {
  return { encoding, units, parts: units <= single ? 1 : Math.ceil(units / part) };
}
