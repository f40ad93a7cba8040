-- One walk up the tree of places, for whoever asks who answers there. Runs on PostgreSQL 15 to 18.

create function communities_above(leaf bigint) returns table (community_id bigint, distance integer)
  language sql stable
  as $$
    with recursive above as (
      select community.id, community.parent_id, 0 as distance from community where community.id = leaf
      union all
      select community.id, community.parent_id, above.distance + 1
      from community join above on community.id = above.parent_id
    )
    select above.id, above.distance from above
  $$;
comment on function communities_above is 'A community with what stands above it: itself at distance 0, its town at 1, its city at 2. Of each staff role those of the nearest level answer that has any.';
