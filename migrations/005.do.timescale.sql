-- Where TimescaleDB is present, register_reading becomes a compressed hypertable with retention and a daily continuous
-- aggregate. Where it is not, the same names exist as a plain table and a plain view.
-- The local day is that of the installation (setting stillwater.time_zone, given when migrating).

do $$
declare
  zone text := coalesce(nullif(current_setting('stillwater.time_zone', true), ''), 'Asia/Shanghai');
  day_query text := $q$
    select meter_id,
           %s as local_day,
           min(index_l) as least_index_l,
           max(index_l) as greatest_index_l,
           count(*) as readings
    from register_reading
    group by 1, 2
  $q$;
begin
  if not exists (select from pg_available_extensions where name = 'timescaledb') then
    execute 'create view register_day as ' || format(day_query, format('date_trunc(''day'', read_at, %L)', zone));
    comment on view register_day is 'Least and greatest register of a meter in each local day of the installation''s zone.';
    return;
  end if;

  create extension if not exists timescaledb;
  perform create_hypertable('register_reading', 'read_at', chunk_time_interval => interval '7 days');
  execute 'alter table register_reading set (timescaledb.compress, timescaledb.compress_segmentby = ''meter_id'', timescaledb.compress_orderby = ''read_at'')';
  perform add_compression_policy('register_reading', interval '30 days');
  perform add_retention_policy('register_reading', interval '400 days');
  execute 'create materialized view register_day with (timescaledb.continuous, timescaledb.materialized_only = false) as '
    || format(day_query, format('time_bucket(''1 day'', read_at, %L)', zone)) || ' with no data';
  perform add_continuous_aggregate_policy('register_day',
    start_offset => interval '40 days', end_offset => interval '1 day', schedule_interval => interval '1 hour');
  comment on view register_day is 'Least and greatest register of a meter in each local day of the installation''s zone.';
end
$$;
