-- What protects open positions, what watching them has seen, who is told, and what the guardian proposed.

alter table orders drop constraint orders_purpose_check;
alter table orders add constraint orders_purpose_check
  check (purpose in ('record', 'chunk', 'close', 'trim', 'stop', 'target', 'breaker'));

-- A stop and a target of a position are one-cancels-other: when one triggers, the other is cancelled in the same
-- transaction. A trailing stop is a stop whose price follows the best price since it was set. The quantity is always
-- what is open.
create table protective_orders (
  id bigint generated always as identity primary key,
  position_id bigint not null references positions,
  account_id bigint not null references accounts,
  member_id bigint not null references members,
  conversation_id bigint not null references conversations,
  symbol text not null,
  kind text not null check (kind in ('stop', 'target')),
  price numeric not null check (price > 0),
  -- Share of one that a trailing stop keeps from best_price; null for one that stays where it is.
  trail numeric check (trail > 0 and trail < 1),
  best_price numeric check (best_price > 0),
  quantity numeric not null check (quantity >= 0),
  state text not null default 'working' check (state in ('working', 'triggered', 'cancelled')),
  ended_because text,
  created_at timestamptz not null,
  ended_at timestamptz,
  check ((trail is null) = (best_price is null))
);
create unique index protective_orders_one_working on protective_orders (position_id, kind) where state = 'working';

-- What watching a position has seen so far, so that a restart and a second worker know it too.
create table position_watch (
  position_id bigint primary key references positions,
  -- Which lines the price is over; what each trigger needs is in src/trading/triggers.ts.
  state jsonb not null,
  mark numeric,
  unrealized_pnl numeric,
  -- Best and worst unrealized return since the position was opened, as shares of one.
  best_return numeric,
  worst_return numeric,
  marked_at timestamptz
);

-- Thresholds of an account where they differ from the defaults, and whether it may trade.
create table account_risk (
  account_id bigint primary key references accounts,
  thresholds jsonb not null default '{}',
  -- The guardian may hold, and tighten a stop, by itself (paper only).
  guardian_auto boolean not null default false,
  halted_at timestamptz,
  halted_because text
);

-- Equity of an account at its first mark of a day (UTC): the loss of the day is measured against it.
create table day_equity (
  account_id bigint not null references accounts,
  day date not null,
  equity numeric not null,
  primary key (account_id, day)
);

-- Conversations that hear an account's events, beside the thread that opened the position.
create table alert_channels (
  conversation_id bigint not null references conversations,
  account_id bigint not null references accounts,
  least_urgency text not null check (least_urgency in ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')),
  -- What happened before is not told.
  since timestamptz not null,
  -- LOW events up to here are in a digest that was posted.
  digested_until timestamptz not null,
  primary key (conversation_id, account_id)
);
create index alert_channels_of_account on alert_channels (account_id);

-- How loud a conversation is for an account: muting, quiet hours, types that are not wanted. CRITICAL is never held back.
create table alert_settings (
  conversation_id bigint not null references conversations,
  account_id bigint not null references accounts,
  is_off boolean not null default false,
  muted_until timestamptz,
  quiet_from time,
  quiet_until time,
  time_zone text,
  muted_types text[] not null default '{}',
  primary key (conversation_id, account_id)
);

-- The message in which repeats of an alert are counted.
create table alert_messages (
  id bigint generated always as identity primary key,
  conversation_id bigint not null references conversations,
  account_id bigint not null references accounts,
  -- Position and type: what counts as a repeat.
  subject text not null,
  reply_id bigint not null references replies,
  count integer not null default 1,
  -- The count that the message, or one after it, shows.
  said integer not null default 1,
  last_price text,
  began_at timestamptz not null,
  last_at timestamptz not null
);
create index alert_messages_recent on alert_messages (conversation_id, subject, began_at);
create index alert_messages_unsaid on alert_messages (began_at) where said < count;

-- How many alerts a conversation has heard in its running minute, which begins with the first of them.
create table alert_minutes (
  conversation_id bigint primary key references conversations,
  began_at timestamptz not null,
  messages integer not null
);

-- What became of an event in a conversation: once in each. held: waits for the table at the end of the minute.
create table event_alerts (
  event_id bigint not null references desk_events,
  conversation_id bigint not null references conversations,
  outcome text not null check (outcome in ('posted', 'counted', 'held', 'summarised', 'muted')),
  at timestamptz not null,
  primary key (event_id, conversation_id)
);
-- Where an event is told: in the conversations that asked for it and, when the guardian decides on it, in the thread that
-- opened the position. What is LOW waits for a digest.
create view alert_places as
  select e.id as event_id, a.conversation_id, a.account_id,
    e.type like 'position.%' and p.conversation_id is not distinct from a.conversation_id as is_thread
  from desk_events e
  join alert_channels a on a.account_id = e.account_id and a.since <= e.at
  left join positions p on p.id = e.position_id
  where e.urgency <> 'LOW'
    and array_position(array['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'], e.urgency)
      >= array_position(array['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'], a.least_urgency)
  union all
  select e.id, p.conversation_id, p.account_id, true
  from desk_events e
  join positions p on p.id = e.position_id and p.conversation_id is not null
  where e.type like 'position.%' and e.urgency in ('HIGH', 'MEDIUM')
    and not exists (select from alert_channels a
      where a.conversation_id = p.conversation_id and a.account_id = p.account_id)
    and not exists (select from alert_settings s
      where s.conversation_id = p.conversation_id and s.account_id = p.account_id and s.is_off);

create index event_alerts_held on event_alerts (conversation_id) where outcome = 'held';

create table guardian_decisions (
  id bigint generated always as identity primary key,
  event_id bigint not null unique references desk_events,
  position_id bigint not null references positions,
  account_id bigint not null references accounts,
  member_id bigint not null references members,
  conversation_id bigint not null references conversations,
  symbol text not null,
  -- The proposal holds for this version of the position and no other.
  position_version integer not null,
  action text not null check (action in ('HOLD', 'EXIT', 'TRAIL_STOP', 'TRIM')),
  -- Share of one: of the price to trail by, or of the position to trim.
  amount numeric,
  confidence numeric,
  reasoning text not null,
  source text not null check (source in ('llm', 'rules')),
  -- Why the rules decided instead of the model.
  fallback_because text,
  model text,
  latency_ms integer not null,
  -- Share of the price that the offered trailing stop keeps; null when none can be offered.
  trail numeric,
  state text not null check (state in ('proposed', 'accepted', 'declined', 'expired', 'acted', 'refused')),
  -- What the member chose, and when: an accepted one that has no end was cut short, and is taken up again.
  chosen text check (chosen in ('HOLD', 'EXIT', 'TRAIL_STOP', 'TRIM')),
  chosen_at timestamptz,
  outcome text,
  decided_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index guardian_decisions_of_symbol on guardian_decisions (account_id, symbol, id);
create index guardian_decisions_open on guardian_decisions (expires_at) where state in ('proposed', 'accepted');

-- What an account spent on the model in a day (UTC).
create table guardian_budget (
  account_id bigint not null references accounts,
  day date not null,
  calls integer not null default 0,
  tokens integer not null default 0,
  primary key (account_id, day)
);

-- When a CRITICAL event was dealt with to its end. Until then the sweep puts it back onto its queue.
alter table desk_events add column settled_at timestamptz;
create index desk_events_unsettled on desk_events (id) where urgency = 'CRITICAL' and settled_at is null;
create index desk_events_by_time on desk_events (at);
create index positions_of_account on positions (account_id);

-- A critical order is sent again and again under its id until the venue takes it or a person gives it up.
-- calling_until: a call to the venue that has begun may still reach it until then.
alter table orders add column calling_until timestamptz;
alter table orders add column given_up_at timestamptz;

-- What is critical is posted before what waits in its conversation.
alter table replies add column urgent boolean not null default false;
drop index replies_waiting;
create index replies_waiting on replies (conversation_id, urgent desc, id) where state in ('queued', 'posting');
