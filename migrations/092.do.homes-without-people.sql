-- Which homes will have nobody of their own to ask. Runs on PostgreSQL 15 to 18.

create function homes_without_people(at timestamptz, until timestamptz)
  returns table (household_id bigint, community_id bigint, kind text, from_at timestamptz)
  language sql stable
  as $$
    with away as (
      -- When each is on leave and nobody stands in: no substitute, one who wants no texts, or one who is away without any.
      select leave.person_id, range_agg(gap.span) as spans
      from leave
      left join person as standin on standin.id = leave.substitute_id
      cross join lateral (
        select tstzrange(leave.away_from, leave.away_until) as span
        where leave.substitute_id is null or standin.opted_out_at is not null
        union all
        select tstzrange(leave.away_from, leave.away_until) * tstzrange(also.away_from, also.away_until)
        from leave as also
        where also.person_id = leave.substitute_id and also.substitute_id is null
          and also.away_from < leave.away_until and also.away_until > leave.away_from
      ) as gap
      where leave.away_from < until and leave.away_until > at
      group by leave.person_id
    ), answering as (
      select pairing.household_id, range_intersect_agg(coalesce(away.spans, '{}')) as spans
      from pairing
      join person on person.id = pairing.person_id and person.opted_out_at is null
      left join away on away.person_id = pairing.person_id
      group by pairing.household_id
    )
    select household.id, household.community_id,
           case when answering.household_id is null then 'nobody' else 'all_away' end,
           case when answering.household_id is null then household.monitored_from else gap.from_at end
    from household
    left join answering on answering.household_id = household.id
    left join lateral (
      select min(lower(span)) as from_at from unnest(answering.spans) as span where span && tstzrange(at, until)
    ) as gap on true
    where (household.monitored_until is null or household.monitored_until > at)
      and (answering.household_id is null or gap.from_at is not null)
  $$;
comment on function homes_without_people is 'The homes under watch, or going to be, that have nobody of their own to ask at some time between at and until: nobody at all, or all of them on leave at once without a substitute, from from_at on. Staff above them are asked all the same.';
