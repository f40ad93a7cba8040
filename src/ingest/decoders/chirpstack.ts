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
  time: z.unknown().optional(),
  deviceInfo: z.object({ devEui: text, applicationId: text, deviceProfileName: text.optional() }),
  object: z.unknown().optional(),
});

const TOPIC = /^application\/([A-Za-z0-9-]{1,64})\/device\/([0-9A-Fa-f]{16})\/event\/up$/;

/**
 * Uplinks as the MQTT integration of ChirpStack v4 publishes them in JSON. The serial is the DevEUI in lower case, the
 * time the one at which the network heard the device. Registers are read as `uplinkReader` says.
 */
export function chirpstack(mappings: readonly UplinkMapping[]): Decoder {
  const readUplink = uplinkReader(mappings);
  return {
    name: 'ChirpStack v4',
    topicFilters: ['application/+/device/+/event/up'],
    identify,
    decode: (identity, payload, receivedAt) => decode(readUplink, identity, payload, receivedAt),
  };
}

function identify(topic: string): Required<TopicIdentity> | undefined {
  const [, sender, devEui] = TOPIC.exec(topic) ?? [];
  return sender === undefined || devEui === undefined ? undefined : { sender, serial: devEui.toLowerCase() };
}

function decode(
  readUplink: UplinkReader,
  { sender, serial }: TopicIdentity,
  payload: Uint8Array,
  receivedAt: Date,
): Result<DecodedMessage, Rejection> {
  const json = parseJson(payload);
  if (!json.ok) return json;
  const parsed = envelope.safeParse(json.value);
  if (!parsed.success)
    return err({ reason: 'schema_mismatch', detail: 'no uplink: deviceInfo is missing or not whole' });
  const { time, deviceInfo, object } = parsed.data;
  const { devEui, applicationId: application, deviceProfileName: profile } = deviceInfo;
  if (devEui.toLowerCase() !== serial) return err({ reason: 'identity_mismatch', detail: `says it is ${devEui}` });
  if (application !== sender) return err({ reason: 'identity_mismatch', detail: `says it is of ${application}` });

  const sentAt = carrierTime(time, receivedAt);
  return conclude(serial, readUplink({ application, profile, object }, { receivedAt, sentAt }));
}
