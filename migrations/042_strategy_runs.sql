-- Strategy runs: screeners that go over many symbols in the background, told in a thread, on the page and over the API.

create table strategy_templates (
  id bigint generated always as identity primary key,
  member_id bigint not null references members,
  name text not null,
  strategy text not null,
  parameters jsonb not null,
  saved_at timestamptz not null
);
create unique index strategy_templates_names on strategy_templates (member_id, lower(name));

-- A template that runs by itself on the exchange's days.
create table strategy_schedules (
  id bigint generated always as identity primary key,
  member_id bigint not null references members,
  -- Its number among the schedules of its member, never used again.
  number integer not null,
  request_id text not null unique,
  account_id bigint references accounts,
  conversation_id bigint references conversations,
  template_name text,
  strategy text not null,
  parameters jsonb not null,
  notify text[] not null default '{}',
  -- 'weekdays', or a weekday: 'monday' to 'friday'.
  days text not null check (days in ('weekdays', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday')),
  local_time text not null check (local_time ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  zone text not null,
  next_at timestamptz,
  state text not null default 'on' check (state in ('on', 'off')),
  made_at timestamptz not null,
  ended_at timestamptz,
  unique (member_id, number),
  check ((state = 'on') = (ended_at is null))
);
create index strategy_schedules_due on strategy_schedules (next_at) where state = 'on';

-- Runs of one strategy that differ in one parameter.
create table strategy_sweeps (
  id bigint generated always as identity primary key,
  member_id bigint not null references members,
  request_id text not null unique,
  account_id bigint references accounts,
  conversation_id bigint references conversations,
  strategy text not null,
  parameter text not null,
  asked_at timestamptz not null,
  told_at timestamptz
);

create table strategy_runs (
  id bigint generated always as identity primary key,
  -- Its name for programs.
  run_id uuid not null unique default gen_random_uuid(),
  member_id bigint not null references members,
  -- Its number among the runs of its member, never used again.
  number integer not null,
  -- Whose positions or watchlist it goes over, and whose buttons stand below its list.
  account_id bigint references accounts,
  -- Where it is told; null when only programs and pages follow it.
  conversation_id bigint references conversations,
  -- Asked for twice, it is one run.
  request_id text not null unique,
  origin text not null,
  strategy text not null,
  -- Parsed, with the defaults filled in.
  parameters jsonb not null,
  template_name text,
  schedule_id bigint references strategy_schedules,
  sweep_id bigint references strategy_sweeps,
  priority text not null check (priority in ('low', 'normal', 'high')),
  state text not null default 'queued' check (state in
    ('queued', 'starting', 'running', 'completing', 'completed', 'cancelling', 'cancelled', 'error')),
  -- Fixed by its first start, so that every attempt goes over the same.
  symbols text[],
  as_of date,
  strengths jsonb,
  -- Symbols of its universe that the market does not know.
  left_out integer not null default 0,
  stage text,
  -- Symbols that the present stage has done, and those that it goes over.
  stage_done integer not null default 0,
  stage_of integer,
  progress_percent double precision not null default 0,
  current_item text,
  total_items integer,
  completed_items integer not null default 0,
  passed_count integer not null default 0,
  skipped_count integer not null default 0,
  error_count integer not null default 0,
  tickers_per_second double precision,
  message text not null,
  -- Writes of an earlier attempt do not count.
  attempt integer not null default 0,
  -- Workers that were lost one after the other, without a result in between.
  losses integer not null default 0,
  worker text,
  -- Since when its start waits for this machine to have memory, time or disk left.
  held_since timestamptz,
  -- By the database's clock; null while nobody works on it.
  heartbeat_at timestamptz,
  -- Milliseconds of work, over all attempts.
  worked_ms integer not null default 0,
  time_limit_ms integer not null,
  -- The message that follows it.
  post_row bigint,
  notify text[] not null default '{}',
  error_code text,
  error text,
  asked_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  updated_at timestamptz not null default clock_timestamp(),
  unique (member_id, number),
  check ((state in ('completed', 'cancelled', 'error')) = (ended_at is not null))
);
create index strategy_runs_open on strategy_runs (id) where ended_at is null;
create index strategy_runs_of_member on strategy_runs (member_id, id);
create index strategy_runs_of_sweep on strategy_runs (sweep_id) where sweep_id is not null;
create index strategy_runs_by_post on strategy_runs (post_row) where post_row is not null;

create table strategy_results (
  run bigint not null references strategy_runs on delete cascade,
  symbol text not null,
  outcome text not null check (outcome in ('passed', 'failed', 'skipped', 'error')),
  score double precision,
  detail jsonb not null,
  -- The order in which they were found.
  seq bigint generated always as identity,
  primary key (run, symbol)
);

-- Messages about ended runs to other places than their threads.
create table strategy_notifications (
  id bigint generated always as identity primary key,
  run bigint not null references strategy_runs on delete cascade,
  target text not null,
  attempts integer not null default 0,
  next_at timestamptz,
  sent_at timestamptz,
  failed_because text,
  unique (run, target)
);
create index strategy_notifications_waiting on strategy_notifications (next_at) where next_at is not null;
