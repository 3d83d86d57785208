-- Agents: strategies that trade paper by themselves, and all that they decided.
create table agents (
  id bigint generated always as identity primary key,
  member_id bigint not null references members,
  account_id bigint not null references accounts,
  -- Where it is told.
  conversation_id bigint not null references conversations,
  -- Asked for twice, it is one agent.
  request_id text not null unique,
  name text not null,
  strategy text not null,
  parameters jsonb not null,
  symbols text[] not null check (cardinality(symbols) > 0),
  -- The most of the account's equity in a symbol, as a share of one.
  size numeric not null check (size > 0 and size <= 1),
  state text not null default 'backtest' check (state in ('backtest', 'paper', 'stopped')),
  paused_at timestamptz,
  -- Why it waits in its backtest.
  because text,
  -- The figures of its backtest.
  backtest jsonb,
  -- The last day that it has decided after, or missed; the first such day is the one on which it began with paper.
  last_day text check (last_day ~ '^\d{4}-\d\d-\d\d$'),
  made_at timestamptz not null,
  changed_at timestamptz not null,
  check (state <> 'paper' or last_day is not null)
);
create unique index agents_names on agents (member_id, lower(name)) where state <> 'stopped';
create index agents_at_work on agents (account_id) where state <> 'stopped';

create table agent_decisions (
  agent_id bigint not null references agents,
  -- The bar after whose close it decided.
  day text not null check (day ~ '^\d{4}-\d\d-\d\d$'),
  symbol text not null,
  -- placing: its order is being written, or was when a process died.
  state text not null check (state in ('none', 'wanted', 'placing', 'taken', 'rejected', 'missed')),
  code text,
  because text,
  -- What the strategy wished for; null where it was not asked.
  wishes jsonb,
  -- The orders that follow from the wishes.
  plan jsonb,
  -- What it saw at the close: signed units, dollars of equity, dollars a unit.
  quantity numeric not null,
  equity numeric not null,
  close numeric,
  -- Its state as numbers by name.
  numbers jsonb not null default '{}',
  -- Hashes of the bars that it read, and of its model.
  features_hash text,
  model_hash text,
  checks jsonb not null default '[]',
  -- Bid, ask and last when it was carried out.
  prices jsonb,
  decided_at timestamptz not null,
  ended_at timestamptz,
  primary key (agent_id, day, symbol)
);
create index agent_decisions_open on agent_decisions (agent_id, day) where state in ('wanted', 'placing');

create index orders_of_agents on orders (client_order_id text_pattern_ops) where client_order_id like 'agent-%';
