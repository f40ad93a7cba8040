import { expect, it } from 'vitest';
import { DEFAULT_AREA_POLICY } from '../../../src/domain/area/area-policy.ts';
import { watchAreas } from '../../../src/detectors/areas/watch-areas.ts';
import { useDatabase } from '../../support/database.ts';
import { areaTown, MORNING } from '../../support/area-town.ts';

const database = useDatabase();
const DAY_MINUTES = 24 * 60;
const dry = `select share, times from area_norm where scope_kind = 'community' and cause = 'dry'`;

/** Half of the homes use water between midnight and the third hour; the others do not. */
const watch = (used: string) =>
  `insert into home_watch (household_id, verdict, judged_at, last_read_at, last_received_at, last_use_at, next_check_at)
   select id, 'USED', $1, $1, $1, case when ${used} then $1::timestamptz else $1::timestamptz - interval '9 hours' end,
          $1::timestamptz + interval '9 days' from household
   on conflict (household_id) do update
   set last_read_at = excluded.last_read_at, last_received_at = excluded.last_received_at,
       last_use_at = excluded.last_use_at`;

it('learns over days which share of an area is dry at an hour, and nothing of an outage or a holiday', async () => {
  const town = areaTown(database, 40, DEFAULT_AREA_POLICY);
  await town.settle();
  const look = async (day: number, used: string) => {
    const at = new Date(MORNING.getTime() + day * DAY_MINUTES * 60_000);
    town.clock.advanceTo(at);
    await town.query(watch(used), [at]);
    await watchAreas(town.deps);
    await watchAreas(town.deps);
    return town.query<{ share: number; times: number }>(dry);
  };
  expect(await look(0, 'id % 2 = 0')).toEqual([{ share: 0.5, times: 1 }]);
  expect(await look(1, 'id % 4 > 0')).toEqual([{ share: 0.375, times: 2 }]);
  for (let day = 2; day < 12; day += 1) await look(day, 'id % 4 > 0');
  const [usual] = await look(12, 'id % 4 > 0');
  expect(usual).toMatchObject({ times: 13 });
  expect(usual!.share).toBeCloseTo(0.26, 1);

  expect(await look(13, 'false')).toEqual([usual]);
  expect(await town.outages()).toMatchObject([{ cause: 'dry', ended_by: null }]);
  await look(14, 'id % 4 > 0');
  expect(await town.outages()).toMatchObject([{ ended_by: 'recovered' }]);

  // The fourth to the sixth of April 2026 are a public holiday.
  const [before] = await town.query<{ share: number; times: number }>(dry);
  expect(await look(33, 'id % 4 = 0')).toEqual([before]);
});
