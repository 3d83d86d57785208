-- Linked accounts: which worker looks after one, what its venue shows beside the ledger, and how each difference was explained.

-- The workers that take linked accounts. Times are the database's.
create table account_workers (
  holder text primary key,
  until timestamptz not null
);

-- One worker looks after a linked account. The generation goes up with every holder: one that stood still writes nothing more.
create table account_leases (
  account_id bigint primary key references accounts,
  holder text not null,
  generation bigint not null default 1,
  until timestamptz not null
);

-- The last look at an account: orders, then fills, then positions.
create table account_looks (
  account_id bigint primary key references accounts,
  -- Fills and actions from before the first look are the member's own past.
  first_at timestamptz not null,
  looked_at timestamptz not null,
  orders_open integer not null,
  actions_cursor text,
  -- The newest look that did not get through, in words; null after one that did.
  failed_at timestamptz,
  failed_because text
);

-- Units in an account that are not the desk's: they were there before, or somebody traded them elsewhere.
create table external_holdings (
  account_id bigint not null references accounts,
  symbol text not null,
  signed_quantity numeric not null check (signed_quantity <> 0),
  since timestamptz not null,
  primary key (account_id, symbol)
);

-- Executions of orders that are not the desk's, each once.
create table external_executions (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  venue_fill_id text not null,
  symbol text not null,
  side text not null check (side in ('buy', 'sell')),
  quantity numeric not null check (quantity > 0),
  price numeric not null,
  commission numeric not null,
  filled_at timestamptz not null,
  -- The execution that this one takes back.
  reverses text,
  -- The part that closed a position of the desk, booked as a fill of this order.
  desk_quantity numeric not null default 0,
  order_id bigint references orders,
  unique (account_id, venue_fill_id)
);
create index external_executions_of_symbol on external_executions (account_id, symbol, id);

-- Units that the venue shows more (negative: fewer) than the ledger and what is external explain.
create table book_gaps (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  symbol text not null,
  gap numeric not null check (gap <> 0),
  -- The ledger and the venue at the last look; negative when short.
  ledger_quantity numeric not null,
  venue_quantity numeric not null,
  -- seen: one look; open: it stood at a second look, is told, and freezes the symbol; ignored: a member wants no more word.
  state text not null default 'seen' check (state in ('seen', 'open', 'ignored', 'ended')),
  -- The venue's quantity is a multiple or a fraction of the ledger's, as after a split: stops wait.
  is_split_like boolean not null default false,
  seen_at timestamptz not null,
  looked_at timestamptz not null,
  opened_at timestamptz,
  ended_at timestamptz,
  -- agrees: a later look found none; executions, corporate_action, external: by these; adopted, done: a member said so.
  explained_by text check (explained_by in ('agrees', 'executions', 'corporate_action', 'external', 'adopted', 'done')),
  decided_by bigint references members,
  check ((state = 'ended') = (ended_at is not null))
);
create unique index book_gaps_unexplained on book_gaps (account_id, symbol) where ended_at is null;
create index book_gaps_of_account on book_gaps (account_id, id);

-- Splits, symbol changes, dividends and the like, as the venue reports them, each once.
create table venue_actions (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  venue_action_id text not null,
  kind text not null check (kind in ('split', 'symbol', 'dividend', 'cash_in_lieu', 'other')),
  symbol text not null,
  new_symbol text,
  quantity numeric,
  ratio numeric,
  cash numeric,
  words text,
  at timestamptz not null,
  -- waiting: the venue's quantity does not show it yet. noted: it changes no quantity of the desk.
  state text not null check (state in ('waiting', 'applied', 'noted')),
  action_id bigint references corporate_actions,
  unique (account_id, venue_action_id)
);
create index venue_actions_waiting on venue_actions (account_id, symbol) where state = 'waiting';

-- Units of a position that its venue does not show: no order takes them.
alter table positions add column missing_quantity numeric not null default 0;

-- An adjustment by a member's word, instead of a corporate action.
alter table position_adjustments
  alter column action_id drop not null,
  add column gap_id bigint references book_gaps,
  add column because text;

-- An action of one account alone, as its venue reports it.
alter table corporate_actions add column account_id bigint references accounts;
-- Several accounts may have one of the same symbol at a time; the lock of its beginning keeps those of the whole desk apart.
drop index corporate_actions_unfinished;
create index corporate_actions_unfinished on corporate_actions (symbol) where ended_at is null;

alter table orders
  -- How often the venue was asked for an order without an outcome.
  add column times_asked integer not null default 0,
  -- A member saw it at the venue: it does not count as lost.
  add column said_arrived_at timestamptz;
