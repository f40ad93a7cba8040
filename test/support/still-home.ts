import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SERIAL = 'M-7001';
const HOURS_OF_USE = 24;
const HOURS_STILL = 27;

/** Who answers for the home. */
export interface HomePeople {
  readonly resident: string;
  readonly guardian: { readonly name: string; readonly phone: string };
  readonly contact: { readonly name: string; readonly phone: string };
}

/** Writes the roster of one home with an hourly meter, watched for the last week, as files for `stillwater import`. */
export function writeRosterOf({ resident, guardian, contact }: HomePeople, dir: string): void {
  const monitoredFrom = new Date(Date.now() - 7 * DAY_MS).toISOString();
  const files = {
    communities: ['code,name,level,parent', 'city,江城,city,', 'town,北镇,town,city', 'lane,柳巷,community,town'],
    households: [
      'code,community,tier,resident,monitored_from,meter,meter_nominal_interval_s',
      `WL-701,lane,1,${resident},${monitoredFrom},${SERIAL},3600`,
    ],
    people: [
      'phone,name,language,proved',
      `${guardian.phone},${guardian.name},en,yes`,
      `${contact.phone},${contact.name},zh-CN,yes`,
    ],
    pairings: [
      'household,role,position,phone',
      `WL-701,guardian,1,${guardian.phone}`,
      `WL-701,contact,1,${contact.phone}`,
    ],
  };
  mkdirSync(dir, { recursive: true });
  for (const [kind, lines] of Object.entries(files)) writeFileSync(join(dir, `${kind}.csv`), `${lines.join('\n')}\n`);
}

/** Lets the home's meter tell of a day with water and, up to now, a day and three hours without. */
export async function publishStillDay(mqttUrl: string): Promise<void> {
  const nowMs = Date.now();
  const readings = Array.from({ length: HOURS_OF_USE + HOURS_STILL + 1 }, (_, hour) => ({
    at: new Date(nowMs - (HOURS_OF_USE + HOURS_STILL - hour) * HOUR_MS).toISOString(),
    index_l: 40_000 + Math.min(hour, HOURS_OF_USE) * 8,
  }));
  const headEnd = await connectAsync(mqttUrl, {}, false);
  await headEnd.publishAsync(`meters/${SERIAL}/readings`, JSON.stringify({ readings }), { qos: 1 });
  await headEnd.endAsync();
}
