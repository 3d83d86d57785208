-- The paper venue knows the account of an order, fills it in any number of parts, and ends it by itself when its time is over.

drop view paper_fills;

-- Ids that were cancelled before they came: nothing rests on them any more.
delete from paper_orders where symbol is null;

create table paper_fills (
  -- In the order in which they were made.
  id bigint generated always as identity,
  venue_fill_id text primary key,
  client_order_id text not null references paper_orders on delete cascade,
  account text not null,
  symbol text not null,
  side text not null check (side in ('buy', 'sell')),
  quantity numeric not null check (quantity > 0),
  price numeric not null check (price > 0),
  commission numeric not null,
  filled_at timestamptz not null,
  -- The transaction that made it: an id may become visible after a higher one, and whoever reads on from a snapshot misses neither.
  made_by xid8 not null default pg_current_xact_id()
);

alter table paper_orders add column account text;
alter table paper_orders add column accepted_at timestamptz;
update paper_orders p set
  account = coalesce((select o.account_id::text from orders o where o.client_order_id = p.client_order_id), 'unknown'),
  accepted_at = coalesce((select o.created_at from orders o where o.client_order_id = p.client_order_id), p.filled_at, now());

insert into paper_fills (venue_fill_id, client_order_id, account, symbol, side, quantity, price, commission, filled_at)
  select venue_fill_id, client_order_id, account, symbol, side, quantity, price, commission, filled_at
  from paper_orders where state = 'filled' order by filled_at;
create index paper_fills_of_order on paper_fills (client_order_id);
create index paper_fills_of_account on paper_fills (account, made_by);

alter table paper_orders add column filled_quantity numeric not null default 0;
update paper_orders set filled_quantity = quantity where state = 'filled';

alter table paper_orders
  drop column venue_fill_id,
  drop column price,
  drop column commission,
  drop column filled_at,
  drop constraint paper_orders_rest_with_a_limit,
  drop constraint paper_orders_state_check,
  alter column state drop default,
  alter column account set not null,
  -- Since when it has this limit.
  alter column accepted_at set not null,
  alter column symbol set not null,
  alter column side set not null,
  alter column quantity set not null,
  add constraint paper_orders_state_check check (state in ('working', 'filled', 'cancelled', 'expired')),
  add constraint paper_orders_filled check (filled_quantity between 0 and quantity and (state = 'filled') = (filled_quantity = quantity)),
  add column touched_level numeric,
  -- How many fills it has, and before when there is no further one.
  add column parts integer not null default 0,
  add column next_part_at timestamptz,
  -- Somebody wants it cancelled, and from then on it is.
  add column cancelled_at timestamptz,
  -- Whoever finds it working after this moment ends it; until then nobody fills it any more.
  add column ends_at timestamptz generated always as (least(expires_at, cancelled_at)) stored;
update paper_orders set parts = 1 where state = 'filled';
create index paper_orders_of_account on paper_orders (account) where state = 'working';
create index paper_orders_ending on paper_orders (ends_at) where state = 'working' and ends_at is not null;

-- Orders that the venue was too busy for: each is taken when it comes again.
create table paper_refusals (client_order_id text primary key);
