/** What the network takes for a phone number: with its country, as E.164 has it. */
export const PHONE_NUMBER = /^\+[1-9]\d{6,14}$/;
