-- The stop and the target that an order brings along: its first fill sets them for the position, which is noted then.
create table entry_levels (
  order_id bigint not null references orders (id) on delete cascade,
  kind text not null check (kind in ('stop', 'target')),
  -- Dollars a unit, or the return on the average entry price as a share of one.
  price numeric check (price > 0),
  share numeric check (share <> 0),
  position_id bigint references positions (id) on delete cascade,
  primary key (order_id, kind),
  check ((price is null) <> (share is null))
);
