-- Orders that are open at the broker of a linked account and are not the desk's, as the last look found them. They may keep the desk's own
-- exits from being taken.
create table orders_of_others (
  account_id bigint not null references accounts (id) on delete cascade,
  venue_order_id text not null,
  client_order_id text not null,
  symbol text not null,
  side text not null check (side in ('buy', 'sell')),
  -- Units as sent, and those that are filled.
  quantity numeric not null,
  filled_quantity numeric not null,
  limit_price numeric,
  stop_price numeric,
  seen_at timestamptz not null,
  primary key (account_id, venue_order_id)
);
