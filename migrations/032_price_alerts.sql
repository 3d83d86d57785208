-- Price alerts: a member is told once when the price of a symbol gets somewhere.

create table price_alerts (
  id bigint generated always as identity primary key,
  member_id bigint not null references members,
  conversation_id bigint not null references conversations,
  -- The message that asked for it: heard twice, it is set once.
  inbound_id text not null unique,
  -- Its number among the alerts of its member, counted up and never used again.
  number integer not null,
  symbol text not null,
  -- It is told when the price is here or above, or here or below.
  above numeric check (above > 0),
  below numeric check (below > 0),
  state text not null default 'waiting' check (state in ('waiting', 'told', 'off')),
  reached_price numeric,
  created_at timestamptz not null,
  ended_at timestamptz,
  check (num_nonnulls(above, below) = 1),
  check ((state = 'waiting') = (ended_at is null)),
  unique (member_id, number)
);
create index price_alerts_waiting on price_alerts (symbol) where state = 'waiting';
