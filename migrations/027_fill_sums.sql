-- What the fills of an account add up to, by periods: whoever draws a curve over years of them reads a line a period and not
-- every fill. Everything here can be made again from `fills`:
--   truncate fill_sums; update fill_sums_through set fill_id = 0;

-- The fills of an account in a span of time.
create index fills_of_account on fills (account_id, filled_at);

-- A fill as what it changed of its symbol: units, bought less sold, and by how many dollars the cost of what is held.
create view fill_changes as
  select f.id, f.account_id, f.symbol, f.filled_at, f.price, f.realized_pnl, t.signed_quantity,
    t.signed_quantity * f.price + f.realized_pnl + f.commission as cost
  from fills f, lateral (select case f.side when 'buy' then f.quantity else -f.quantity end as signed_quantity) t;

create table fill_sums (
  account_id bigint not null references accounts,
  -- The length of the period: 15, 120 or 1440. Periods follow each other from 1970 on, in UTC.
  minutes integer not null,
  -- The period's end belongs to it, and its beginning to the one before.
  ends_at timestamptz not null,
  symbol text not null,
  fills bigint not null,
  signed_quantity numeric not null,
  cost numeric not null,
  realized_pnl numeric not null,
  -- Of its last fill, by time and then by id.
  price numeric not null,
  last_at timestamptz not null,
  last_id bigint not null,
  primary key (account_id, minutes, ends_at, symbol)
);

-- Every fill with an id up to here is in the sums, and none with a higher one. Whoever changes the sums locks this row.
create table fill_sums_through (
  single boolean primary key default true check (single),
  fill_id bigint not null
);
insert into fill_sums_through (fill_id) values (0);

create function period_end(at timestamptz, minutes integer) returns timestamptz language sql stable as $$
  select date_bin(make_interval(mins => minutes), at - interval '1 microsecond', timestamptz 'epoch') + make_interval(mins => minutes)
$$;

-- Adds up to `most` further fills to the sums, none with an id above `settled`; answers with how many it were, and with null while
-- somebody else is at it and this one does not wait. All fills up to `settled` must be committed or never come.
create function sum_fills(settled bigint, most integer, waits boolean) returns integer language plpgsql as $$
declare
  through bigint;
  upto bigint;
  added integer;
begin
  if waits then
    select fill_id into through from fill_sums_through for update;
  else
    select fill_id into through from fill_sums_through for update skip locked;
  end if;
  if through is null then return null; end if;
  select max(id), count(*) into upto, added
    from (select id from fills where id > through and id <= settled order by id limit most) next;
  if added = 0 then return 0; end if;
  with quarters as (
    select account_id, period_end(filled_at, 15) as ends_at, symbol, count(*) as fills, sum(signed_quantity) as signed_quantity,
      sum(cost) as cost, sum(realized_pnl) as realized_pnl, (array_agg(price order by filled_at desc, id desc))[1] as price,
      max(filled_at) as last_at, (array_agg(id order by filled_at desc, id desc))[1] as last_id
    from fill_changes where id > through and id <= upto
    group by 1, 2, 3
  ), longer as (
    select account_id, minutes, period_end(ends_at, minutes) as ends_at, symbol, sum(fills)::bigint as fills,
      sum(signed_quantity) as signed_quantity, sum(cost) as cost, sum(realized_pnl) as realized_pnl,
      (array_agg(price order by last_at desc, last_id desc))[1] as price, max(last_at) as last_at,
      (array_agg(last_id order by last_at desc, last_id desc))[1] as last_id
    from quarters, unnest(array[15, 120, 1440]) as minutes
    group by 1, 2, 3, 4
  )
  insert into fill_sums as s (account_id, minutes, ends_at, symbol, fills, signed_quantity, cost, realized_pnl, price, last_at, last_id)
  select account_id, minutes, ends_at, symbol, fills, signed_quantity, cost, realized_pnl, price, last_at, last_id from longer
  on conflict (account_id, minutes, ends_at, symbol) do update set
    fills = s.fills + excluded.fills, signed_quantity = s.signed_quantity + excluded.signed_quantity,
    cost = s.cost + excluded.cost, realized_pnl = s.realized_pnl + excluded.realized_pnl,
    price = case when (excluded.last_at, excluded.last_id) > (s.last_at, s.last_id) then excluded.price else s.price end,
    last_id = case when (excluded.last_at, excluded.last_id) > (s.last_at, s.last_id) then excluded.last_id else s.last_id end,
    last_at = greatest(s.last_at, excluded.last_at);
  update fill_sums_through set fill_id = upto;
  return added;
end $$;

-- Fills are added and, when what was recorded is undone, taken out again. The sums of their periods are then made again. An
-- update, which nobody makes, takes out and puts in.
create function sum_fills_again() returns trigger language plpgsql as $$
declare through bigint;
begin
  select fill_id into through from fill_sums_through for update;
  if not exists (select from changed where id <= through) then return null; end if;
  with periods as (
    select distinct c.account_id, m.minutes, period_end(c.filled_at, m.minutes) as ends_at, c.symbol
    from changed c, unnest(array[15, 120, 1440]) as m(minutes) where c.id <= through
  ), now as (
    select p.*, f.fills, f.signed_quantity, f.cost, f.realized_pnl, f.price, f.last_at, f.last_id
    from periods p, lateral (
      select count(*) as fills, sum(f.signed_quantity) as signed_quantity, sum(f.cost) as cost,
        sum(f.realized_pnl) as realized_pnl, (array_agg(f.price order by f.filled_at desc, f.id desc))[1] as price,
        max(f.filled_at) as last_at, (array_agg(f.id order by f.filled_at desc, f.id desc))[1] as last_id
      from fill_changes f where f.account_id = p.account_id and f.symbol = p.symbol and f.id <= through
        and f.filled_at > p.ends_at - make_interval(mins => p.minutes) and f.filled_at <= p.ends_at) f
  ), gone as (
    delete from fill_sums s using now n where n.fills = 0
      and s.account_id = n.account_id and s.minutes = n.minutes and s.ends_at = n.ends_at and s.symbol = n.symbol
  )
  insert into fill_sums as s (account_id, minutes, ends_at, symbol, fills, signed_quantity, cost, realized_pnl, price, last_at, last_id)
  select account_id, minutes, ends_at, symbol, fills, signed_quantity, cost, realized_pnl, price, last_at, last_id
  from now where fills > 0
  on conflict (account_id, minutes, ends_at, symbol) do update set
    fills = excluded.fills, signed_quantity = excluded.signed_quantity, cost = excluded.cost,
    realized_pnl = excluded.realized_pnl, price = excluded.price, last_at = excluded.last_at, last_id = excluded.last_id;
  return null;
end $$;
create trigger fills_taken_out after delete on fills
  referencing old table as changed for each statement execute function sum_fills_again();
create trigger fills_changed_from after update on fills
  referencing old table as changed for each statement execute function sum_fills_again();
create trigger fills_changed_to after update on fills
  referencing new table as changed for each statement execute function sum_fills_again();
