import { z } from 'zod';
import { err, type Result } from '../../core/result.ts';
import { conclude } from './conclude.ts';
import type { DecodedMessage, Decoder, Rejection, TopicIdentity } from './decoder.ts';
import { parseJson } from './parse-json.ts';
import { telegramReader } from './read-telegram.ts';
import { isName, serialOf } from './serial.ts';
import { STATUS_WORDS } from './status-words.ts';
import { textUpTo } from './text-up-to.ts';

const envelope = z.object({ media: textUpTo(100), id: textUpTo(64) });
const WATER = /\bwater\b/;

const SHARED = {
  time: { path: 'timestamp', form: 'iso' },
  register: { path: 'total_m3', unit: 'm3' },
} as const;
const ALARMS = { path: 'current_alarms', words: STATUS_WORDS };
const readTelegram = telegramReader({ ...SHARED, status: [{ path: 'status', words: STATUS_WORDS }, ALARMS] });
/** Telegrams of drivers from before `status` say it in a field that others only repeat it in. */
const readOldTelegram = telegramReader({
  ...SHARED,
  status: [{ path: 'current_status', words: STATUS_WORDS }, ALARMS],
});

/**
 * What wmbusmeters makes of a wireless M-Bus telegram with `format=json`, published to `wmbusmeters/<id>` or, where
 * gateways have names at the broker, to `wmbusmeters/<gateway>/<id>`. The serial is the eight digits of the M-Bus id, in
 * lower case; the time is when the telegram was heard, for few meters send theirs.
 */
export const wmbusmeters: Decoder = {
  name: 'wmbusmeters',
  topicFilters: ['wmbusmeters/+', 'wmbusmeters/+/+'],
  identify,
  decode,
};

function identify(topic: string): Required<TopicIdentity> | undefined {
  const [root, ...names] = topic.split('/');
  const [sender, id = sender] = names;
  if (root !== 'wmbusmeters' || names.length > 2 || !names.every(isName)) return undefined;
  return sender === undefined || id === undefined ? undefined : { sender, serial: id.toLowerCase() };
}

function decode(
  { sender, serial = sender }: TopicIdentity,
  payload: Uint8Array,
  receivedAt: Date,
): Result<DecodedMessage, Rejection> {
  const json = parseJson(payload);
  if (!json.ok) return json;
  const parsed = envelope.safeParse(json.value);
  if (!parsed.success) return err({ reason: 'schema_mismatch', detail: 'no telegram: id or media is missing' });
  const { id, media } = parsed.data;
  if (serialOf(id)?.toLowerCase() !== serial) return err({ reason: 'identity_mismatch', detail: `says it is ${id}` });
  if (!WATER.test(media)) return err({ reason: 'schema_mismatch', detail: `media: ${media} is not water` });

  const read = Object.hasOwn(json.value as object, 'status') ? readTelegram : readOldTelegram;
  return conclude(serial, read(json.value, { receivedAt }));
}
