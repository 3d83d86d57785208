-- Orders as brokers have them: any number of fills, late ones too, and an end that is known only when the venue says so.

-- This database's own name, drawn once. Ids that go to a venue begin with it and go on with a number drawn for each order,
-- so that neither another desk nor one that was restored from a backup meets an order of this one.
create table desk (
  single boolean primary key default true check (single),
  identity text not null
);
insert into desk (identity) values (substr(replace(gen_random_uuid()::text, '-', ''), 1, 8));
create function new_client_id() returns text language sql volatile as
  $$ select (select identity from desk) || '-' || replace(gen_random_uuid()::text, '-', '') $$;

alter table orders drop constraint orders_state_check;
alter table orders drop constraint orders_rest_with_a_limit;
alter table orders drop constraint orders_have_a_position;
drop index orders_working;
drop index orders_live_limits;
drop index orders_live;

-- The id that the venue has; client_order_id says what an order is for, and only this database knows it.
alter table orders add column sent_as text;
-- The newest id that the venue gave; its being there says that the venue has confirmed the order.
alter table orders add column venue_order_id text;
alter table orders add column filled_quantity numeric not null default 0;
-- Sum over its fills of quantity times price, in dollars.
alter table orders add column filled_value numeric not null default 0;
alter table orders add column realized_pnl numeric not null default 0;
-- What is left of it counts in positions.resting_quantity: the venue has it, and can give it back.
alter table orders add column rests boolean not null default false;
-- The first of the looks in a row at which the venue did not show it.
alter table orders add column missing_since timestamptz;
alter table orders add column ended_at timestamptz;

update orders set sent_as = client_order_id,
  rests = limit_price is not null and state in ('working', 'resting'),
  venue_order_id = case when state in ('resting', 'filled') and purpose <> 'record' then 'paper-' || client_order_id end,
  state = case state when 'working' then 'unknown' when 'rejected' then 'refused'
    when 'resting' then case when cancel_asked_at is null then 'working' else 'cancel_asked' end else state end;
update orders o set filled_quantity = f.quantity, filled_value = f.value, realized_pnl = f.realized, ended_at = f.at
from (select order_id, sum(quantity) as quantity, sum(quantity * price) as value, sum(realized_pnl) as realized,
    max(filled_at) as at from fills group by order_id) f
where f.order_id = o.id;

alter table orders alter column sent_as set default new_client_id();
alter table orders alter column sent_as set not null;
create unique index orders_sent_as on orders (sent_as);
alter table orders add constraint orders_state_check check (state in ('new', 'unknown', 'working', 'partly_filled',
  'cancel_asked', 'replace_asked', 'filled', 'cancelled', 'expired', 'refused'));
alter table orders add constraint orders_have_a_position
  check (position_id is not null or (purpose = 'open' and filled_quantity = 0));
create index orders_live_of_position on orders (position_id)
  where state in ('new', 'unknown', 'working', 'partly_filled', 'cancel_asked', 'replace_asked');
create index orders_live on orders (account_id)
  where state in ('new', 'unknown', 'working', 'partly_filled', 'cancel_asked', 'replace_asked');
create index orders_ended on orders (ended_at) where ended_at is not null;

-- What live orders that rest at the venue, with a limit or partly filled, may still take: it can be had back by cancelling them.
alter table positions rename column limit_quantity to resting_quantity;
-- A fill that comes late may leave less than live orders are for: it is recorded all the same, and they are taken back.
alter table positions drop constraint positions_check1;

-- A fill is unique by venue, account and the venue's id.
alter table fills add column venue text not null default 'paper';
update fills f set venue = 'desk' from orders o where o.id = f.order_id and o.purpose = 'record';
alter table fills alter column venue drop default;
alter table fills drop constraint fills_venue_fill_id_key;
create unique index fills_once on fills (venue_fill_id, account_id, venue);
-- The venue's id of the fill that this row takes back: it was busted or corrected. Both may be written at once.
alter table fills add column reverses text;
alter table fills add foreign key (reverses, account_id, venue) references fills (venue_fill_id, account_id, venue);
create index fills_reversed on fills (reverses) where reverses is not null;
-- Units of it that closed what was open; the others opened. Unknown for old rows.
alter table fills add column closed_quantity numeric;
create index fills_of_order on fills (order_id);

-- What was sold of a chunk so far, by however many orders.
alter table scaleout_chunks add column sold_quantity numeric not null default 0;
alter table scaleout_chunks add column proceeds numeric not null default 0;
alter table scaleout_chunks add column realized_pnl numeric not null default 0;
update scaleout_chunks c set sold_quantity = o.filled_quantity, proceeds = o.filled_value, realized_pnl = o.realized_pnl
from orders o where o.chunk_id = c.id and o.state = 'filled';
-- A scaleout that pauses until the market has prices again has said so.
alter table scaleouts add column waits_for_prices boolean not null default false;

-- How far the fills of an account were read at its venue.
create table venue_cursors (
  account_id bigint primary key references accounts,
  cursor text not null
);
