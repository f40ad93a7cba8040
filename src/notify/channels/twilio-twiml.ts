import twilio from 'twilio';
import type { Language } from '../../domain/language.ts';
import { THANKS } from '../templates/render-spoken.ts';

/** Twilio's name of a voice goes with its language: a pair that does not exist is an error in the middle of the call. */
const VOICES = {
  'zh-CN': { voice: 'Polly.Zhiyu', language: 'cmn-CN' },
  en: { voice: 'Polly.Joanna', language: 'en-US' },
} as const satisfies Readonly<Record<Language, object>>;

const SECONDS_BETWEEN = 1;
/** Counted from the end of what is said; a key that is pressed before cuts it short. */
const SECONDS_TO_PRESS = 10;

/** A call as Twilio is told to lead it: the sentence twice, and one key that is brought to `keyUrl`. Without a key it ends. */
export function callTwiml(sentence: string, language: Language, keyUrl: string): string {
  const response = new twilio.twiml.VoiceResponse();
  const gather = response.gather({ numDigits: 1, action: keyUrl, method: 'POST', timeout: SECONDS_TO_PRESS });
  gather.say(VOICES[language], sentence);
  gather.pause({ length: SECONDS_BETWEEN });
  gather.say(VOICES[language], sentence);
  return response.toString();
}

/** The answer to a key that was pressed: thanks, and the end of the call. */
export function thanksTwiml(language: Language): string {
  const response = new twilio.twiml.VoiceResponse();
  response.say(VOICES[language], THANKS[language]);
  return response.toString();
}
