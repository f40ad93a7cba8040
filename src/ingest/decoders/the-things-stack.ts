import { z } from 'zod';
import { err, type Result } from '../../core/result.ts';
import { conclude } from './conclude.ts';
import type { DecodedMessage, Decoder, Rejection, TopicIdentity } from './decoder.ts';
import { parseJson } from './parse-json.ts';
import type { UplinkMapping } from './telegram-mapping.ts';
import { carrierTime } from './telegram-time.ts';
import { uplinkReader, type UplinkReader } from './uplink-reader.ts';
import { textUpTo } from './text-up-to.ts';

const text = textUpTo(128);
const envelope = z.object({
  end_device_ids: z.object({ device_id: text, application_ids: z.object({ application_id: text }) }),
  received_at: z.unknown().optional(),
  uplink_message: z.object({
    received_at: z.unknown().optional(),
    decoded_payload: z.unknown().optional(),
    normalized_payload: z.unknown().optional(),
  }),
});

/** The tenant is left out by installations that have only one. */
const TOPIC = /^v3\/([a-z0-9-]{1,36})(@[a-z0-9-]{1,36})?\/devices\/([a-z0-9-]{1,36})\/up$/;

/**
 * Uplinks as the MQTT server of The Things Stack v3 publishes them. The serial is the device id, which the topic names;
 * the time is when the network heard the device. Registers are read as `uplinkReader` says.
 */
export function theThingsStack(mappings: readonly UplinkMapping[]): Decoder {
  const readUplink = uplinkReader(mappings);
  return {
    name: 'The Things Stack',
    topicFilters: ['v3/+/devices/+/up'],
    identify,
    decode: (identity, payload, receivedAt) => decode(readUplink, identity, payload, receivedAt),
  };
}

function identify(topic: string): Required<TopicIdentity> | undefined {
  const [, application, tenant = '', serial] = TOPIC.exec(topic) ?? [];
  return application === undefined || serial === undefined ? undefined : { sender: application + tenant, serial };
}

function decode(
  readUplink: UplinkReader,
  { sender, serial = sender }: TopicIdentity,
  payload: Uint8Array,
  receivedAt: Date,
): Result<DecodedMessage, Rejection> {
  const json = parseJson(payload);
  if (!json.ok) return json;
  const parsed = envelope.safeParse(json.value);
  if (!parsed.success) {
    return err({ reason: 'schema_mismatch', detail: 'no uplink: end_device_ids or uplink_message is missing' });
  }
  const { end_device_ids: device, received_at, uplink_message: uplink } = parsed.data;
  const application = device.application_ids.application_id;
  const claims = `says it is ${device.device_id} of ${application}`;
  if (device.device_id !== serial || application !== sender.split('@')[0]) {
    return err({ reason: 'identity_mismatch', detail: claims });
  }
  const sentAt = carrierTime(uplink.received_at ?? received_at, receivedAt);
  const object = uplink.decoded_payload;
  return conclude(serial, readUplink({ application, object, normalized: loneOf(uplink) }, { receivedAt, sentAt }));
}

/** The normalized payload is a list; where it has several entries, nobody says when each of them was measured. */
function loneOf({ normalized_payload: list }: { normalized_payload?: unknown }): unknown {
  return Array.isArray(list) && list.length === 1 ? (list[0] as unknown) : undefined;
}
