-- People, their accounts, what they hold, what runs for them, and what is still to be said.
-- Money and quantities are numeric without a scale: what goes in comes out, to the last digit.

create table members (
  id bigint generated always as identity primary key,
  name text not null,
  role text not null check (role in ('viewer', 'trader', 'owner')),
  created_at timestamptz not null default now()
);

-- The same person on several platforms: discord:USER, slack:TEAM:USER, terminal:local.
create table member_identities (
  platform_id text primary key,
  member_id bigint not null references members
);

create table accounts (
  id bigint generated always as identity primary key,
  member_id bigint not null unique references members,
  mode text not null default 'paper' check (mode in ('backtest', 'paper', 'live')),
  starting_balance numeric not null default 100000,
  created_at timestamptz not null default now()
);

-- A thread, a channel or a direct message; symbol is the last one named in it.
create table conversations (
  id bigint generated always as identity primary key,
  key text not null unique,
  place jsonb not null,
  symbol text,
  -- Whoever posts here takes the lease, so that replies leave in order.
  posting_by text,
  posting_until timestamptz
);

create table positions (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  symbol text not null,
  signed_quantity numeric not null,
  -- Dollars paid (long) or received (short) for what is open; average entry price is this over the quantity.
  open_cost numeric not null check (open_cost >= 0),
  realized_pnl numeric not null default 0,
  -- What working exit orders may still take: nobody else sells it meanwhile.
  working_quantity numeric not null default 0 check (working_quantity >= 0),
  version integer not null default 1,
  conversation_id bigint references conversations,
  opened_at timestamptz not null,
  closed_at timestamptz,
  check ((closed_at is null) = (signed_quantity <> 0)),
  check (working_quantity <= abs(signed_quantity))
);
create unique index positions_one_open on positions (account_id, symbol) where closed_at is null;

create table scaleouts (
  id bigint generated always as identity primary key,
  position_id bigint not null references positions,
  account_id bigint not null references accounts,
  member_id bigint not null references members,
  conversation_id bigint not null references conversations,
  symbol text not null,
  side text not null check (side in ('buy', 'sell')),
  speed text not null check (speed in ('fast', 'medium', 'slow')),
  seed bigint not null,
  time_scale numeric not null,
  total_quantity numeric not null check (total_quantity > 0),
  chunk_count integer not null check (chunk_count > 0),
  -- The mark when it was asked for: implementation shortfall is measured against it.
  decision_price numeric not null,
  state text not null check (state in ('running', 'paused', 'complete', 'cancelled', 'stopped')),
  done_chunks integer not null default 0,
  sold_quantity numeric not null default 0,
  proceeds numeric not null default 0,
  realized_pnl numeric not null default 0,
  errors_in_a_row integer not null default 0,
  ended_because text,
  started_at timestamptz not null,
  ended_at timestamptz
);
create unique index scaleouts_one_running on scaleouts (position_id) where state in ('running', 'paused');
create index scaleouts_of_account on scaleouts (account_id, id);

create table scaleout_chunks (
  id bigint generated always as identity primary key,
  scaleout_id bigint not null references scaleouts,
  number integer not null,
  quantity numeric not null check (quantity > 0),
  delay_ms integer not null,
  due_at timestamptz not null,
  attempt integer not null default 1,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'dropped')),
  done_at timestamptz,
  unique (scaleout_id, number)
);
create index scaleout_chunks_waiting on scaleout_chunks (due_at) where state = 'waiting';

create table orders (
  id bigint generated always as identity primary key,
  client_order_id text not null unique,
  account_id bigint not null references accounts,
  member_id bigint not null references members,
  position_id bigint not null references positions,
  conversation_id bigint not null references conversations,
  chunk_id bigint references scaleout_chunks,
  purpose text not null check (purpose in ('record', 'chunk', 'close', 'trim')),
  symbol text not null,
  side text not null check (side in ('buy', 'sell')),
  quantity numeric not null check (quantity > 0),
  expected_price numeric not null,
  -- working: sent or about to be, outcome not known yet.
  state text not null check (state in ('working', 'filled', 'rejected')),
  rejected_because text,
  created_at timestamptz not null
);
create index orders_working on orders (position_id) where state = 'working';
create index orders_of_chunk on orders (chunk_id) where chunk_id is not null;

create table fills (
  id bigint generated always as identity primary key,
  venue_fill_id text not null unique,
  order_id bigint not null references orders,
  position_id bigint not null references positions,
  account_id bigint not null references accounts,
  symbol text not null,
  side text not null check (side in ('buy', 'sell')),
  quantity numeric not null check (quantity > 0),
  price numeric not null check (price > 0),
  commission numeric not null,
  realized_pnl numeric not null,
  filled_at timestamptz not null
);
create index fills_of_position on fills (position_id);

create table desk_events (
  id bigint generated always as identity primary key,
  type text not null,
  urgency text not null check (urgency in ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')),
  account_id bigint references accounts,
  member_id bigint references members,
  position_id bigint references positions,
  scaleout_id bigint references scaleouts,
  conversation_id bigint references conversations,
  symbol text,
  data jsonb not null,
  dedupe_key text unique,
  at timestamptz not null
);
create index desk_events_of_symbol on desk_events (account_id, symbol, id);

-- The outbox: what a job has to say, and what hear said while it acted.
create table replies (
  id bigint generated always as identity primary key,
  conversation_id bigint not null references conversations,
  scaleout_id bigint references scaleouts,
  kind text not null check (kind in ('post', 'edit')),
  body jsonb not null,
  -- An edit replaces the text of this row's message.
  edits bigint references replies,
  -- queued: to be posted; posting: begun, outcome unknown; posted; failed: the place is gone.
  state text not null check (state in ('queued', 'posting', 'posted', 'failed')),
  -- While this lies ahead, the door that heard the message is posting the row itself.
  leased_until timestamptz,
  attempts integer not null default 0,
  attempted_at timestamptz,
  next_attempt_at timestamptz,
  posted jsonb,
  failed_because text,
  created_at timestamptz not null default now(),
  posted_at timestamptz
);
create index replies_waiting on replies (conversation_id, id) where state in ('queued', 'posting');
create index replies_of_scaleout on replies (scaleout_id) where scaleout_id is not null;

create table watches (
  conversation_id bigint not null references conversations,
  account_id bigint not null references accounts,
  symbol text not null,
  primary key (conversation_id, account_id, symbol)
);
create index watches_of_symbol on watches (account_id, symbol);

-- What was asked, by whom, where, and what came of it. One row for each message the desk heard, so that an event that
-- a platform delivers twice is recognised here.
create table audit (
  inbound_id text primary key,
  member_id bigint not null references members,
  conversation_id bigint not null references conversations,
  text text not null,
  command text,
  outcome text check (outcome in ('done', 'asked', 'refused', 'not_understood', 'ignored', 'failed')),
  code text,
  reason text,
  heard_at timestamptz not null,
  finished_at timestamptz
);
create index audit_by_time on audit (heard_at);

create table trade_commands (
  command text primary key,
  handler_function text not null,
  description text not null,
  category text not null,
  is_implemented boolean not null,
  position integer not null
);

create table trade_command_aliases (
  alias text primary key,
  command text not null references trade_commands
);

-- When a replay began, so that a restart goes on where it was.
create table market_anchors (
  market text primary key,
  began_at timestamptz not null
);

-- The paper venue's own book. The desk never reads it: it asks the venue.
create table paper_fills (
  client_order_id text primary key,
  venue_fill_id text not null unique,
  symbol text not null,
  side text not null,
  quantity numeric not null,
  price numeric not null,
  commission numeric not null,
  filled_at timestamptz not null
);
