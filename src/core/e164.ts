/** A phone number with its country, as ITU-T E.164 writes it, such as +8613800000001. */
export const E164 = /^\+[1-9]\d{6,14}$/;
