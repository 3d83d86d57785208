-- Brokers that show no id of the desk's, and no executions: which of their orders is which of the desk's, and what was seen filled.

-- A client id that went to a broker, with the terms by which its order is found again. It is written before the call.
create table broker_sends (
  venue text not null,
  account text not null,
  client_order_id text not null,
  symbol text not null,
  side text not null check (side in ('buy', 'sell')),
  quantity numeric not null check (quantity > 0),
  limit_price numeric,
  stop_price numeric,
  target_price numeric,
  -- The first call began then. The last one may arrive until the other time; null: nothing of it is under way.
  called_at timestamptz not null,
  calling_until timestamptz,
  last_called_at timestamptz not null,
  calls integer not null default 1,
  -- Calls that the broker refused for certain: when it refused all of them, it has nothing.
  refused_calls integer not null default 0,
  primary key (venue, account, client_order_id)
);

-- An order of a broker that belongs to an order of the desk.
create table broker_orders (
  venue text not null,
  account text not null,
  order_id text not null,
  client_order_id text not null,
  -- The broker named it in an answer; otherwise it was found by its terms.
  is_told boolean not null,
  claimed_at timestamptz not null,
  primary key (venue, account, order_id)
);
create index broker_orders_of on broker_orders (venue, account, client_order_id);

-- Steps of cumulative quantities of all orders of an account, the desk's or not, in the order in which they were seen.
create table broker_executions (
  id bigint generated always as identity primary key,
  venue text not null,
  account text not null,
  order_id text not null,
  fill_id text not null,
  symbol text not null,
  side text not null check (side in ('buy', 'sell')),
  quantity numeric not null check (quantity > 0),
  price numeric not null check (price > 0),
  commission numeric not null,
  -- The step that it takes back.
  reverses text,
  filled_at timestamptz not null,
  unique (venue, account, fill_id)
);
create index broker_executions_of on broker_executions (venue, account, order_id);
create index broker_executions_after on broker_executions (venue, account, id);
