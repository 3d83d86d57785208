-- Orders with a limit, which rest at the venue until the market gets there; and orders that open a position.

-- An order that opens has no position before it is filled.
alter table orders alter column position_id drop not null;
alter table orders drop constraint orders_purpose_check;
alter table orders add constraint orders_purpose_check
  check (purpose in ('record', 'chunk', 'close', 'trim', 'stop', 'target', 'breaker', 'open'));
-- resting: the venue has it, and fills it when the market gets there.
alter table orders drop constraint orders_state_check;
alter table orders add constraint orders_state_check
  check (state in ('working', 'resting', 'filled', 'rejected', 'cancelled', 'expired'));
alter table orders add column limit_price numeric check (limit_price > 0);
alter table orders add column type text not null
  generated always as (case when limit_price is null then 'market' else 'limit' end) stored;
-- How members call it: a counter of the account. Only orders with a limit have one.
alter table orders add column number integer;
alter table orders add column expires_at timestamptz;
-- Somebody wanted it cancelled, and the venue did not answer: it is asked again until it does.
alter table orders add column cancel_asked_at timestamptz;
alter table orders add constraint orders_have_a_position
  check (position_id is not null or (purpose = 'open' and state <> 'filled'));
alter table orders add constraint orders_rest_with_a_limit
  check (state not in ('resting', 'expired') or limit_price is not null);
create unique index orders_numbers on orders (account_id, number) where number is not null;
create index orders_live_limits on orders (position_id)
  where limit_price is not null and state in ('working', 'resting');
create index orders_live on orders (account_id) where state in ('working', 'resting');

alter table accounts add column last_order_number integer not null default 0;

-- The part of working_quantity that orders with a limit hold: it can be had back by cancelling them.
alter table positions add column limit_quantity numeric not null default 0
  check (limit_quantity >= 0 and limit_quantity <= working_quantity);

-- The paper venue's book has a row for each order that it was ever asked about, so that each has one outcome: the fills so
-- far, orders that rest, and ids that were cancelled, some of them before they came.
alter table paper_fills rename to paper_orders;
alter index paper_fills_pkey rename to paper_orders_pkey;
alter table paper_orders add column state text not null default 'filled'
  check (state in ('working', 'filled', 'cancelled'));
alter table paper_orders add column limit_price numeric check (limit_price > 0);
alter table paper_orders alter column symbol drop not null;
alter table paper_orders alter column side drop not null;
alter table paper_orders alter column quantity drop not null;
alter table paper_orders alter column venue_fill_id drop not null;
alter table paper_orders alter column price drop not null;
alter table paper_orders alter column commission drop not null;
alter table paper_orders alter column filled_at drop not null;
alter table paper_orders add constraint paper_orders_filled_whole
  check ((state = 'filled') = (venue_fill_id is not null)
    and (state <> 'filled' or num_nulls(symbol, side, quantity, price, commission, filled_at) = 0));
alter table paper_orders add constraint paper_orders_rest_with_a_limit
  check (state <> 'working' or num_nulls(symbol, side, quantity, limit_price) = 0);
create index paper_orders_working on paper_orders (symbol) where state = 'working';

-- What the venue has filled.
create view paper_fills as
  select client_order_id, venue_fill_id, symbol, side, quantity, price, commission, filled_at
  from paper_orders where state = 'filled';
