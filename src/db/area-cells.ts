import { z } from 'zod';
import { type Db, many, sql } from './sql.ts';

const cellRow = z.object({
  community: z.string(),
  gateway: z.string().nullable(),
  dma: z.string().nullable(),
  homes: z.number(),
  silent: z.number(),
  heard: z.number(),
  dry: z.number(),
});

/** The homes of one place: how many reported within a week, how many of them are silent, and of the others dry. */
export type AreaCellRow = z.output<typeof cellRow>;

/**
 * Counts the homes under watch by community, gateway and DMA, from the watch list alone: no reading is read.
 *
 * A home is silent when nothing came since `silentSince`, and for longer than its meter usually leaves between two uploads;
 * where that was not learned yet, nobody says so. One that is heard of is dry when its newest reading lies
 * `dryHours` or more after its last use: in the meter's time, so that a batch of yesterday's readings tells of yesterday.
 */
export function areaCells(
  db: Db,
  { at, silentSince, dryHours }: { readonly at: Date; readonly silentSince: Date; readonly dryHours: number },
): Promise<AreaCellRow[]> {
  return many(
    db,
    cellRow,
    sql`
      with home as (
        select community.code as community, device.gateway, device.dma, coalesce(last_received_at < least(${silentSince}, ${at}::timestamptz - device.period_s * interval '1 second')
                        and device.period_s is not null, false) as is_silent,
               last_use_at is null
                 or last_use_at <= last_read_at - ${dryHours}::double precision * interval '1 hour' as is_dry
        from home_watch
        join household on household.id = home_watch.household_id
        join community on community.id = household.community_id
        left join lateral (
          select meter.gateway, meter.dma, period_s from meter_binding join meter on meter.id = meter_binding.meter_id
          left join meter_period on meter_period.meter_id = meter.id
          where meter_binding.household_id = household.id and bound_from <= ${at}
            and (bound_until is null or bound_until > ${at})
          order by meter_binding.id limit 1
        ) device on true
        where monitored_from <= ${at} and (monitored_until is null or monitored_until > ${at})
          and last_received_at > ${at}::timestamptz - interval '7 days'
      )
      select community, gateway, dma, count(*) as homes, count(*) filter (where is_silent) as silent,
             count(*) filter (where not is_silent) as heard,
             count(*) filter (where not is_silent and is_dry) as dry
      from home group by community, gateway, dma
    `,
  );
}
