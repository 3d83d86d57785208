-- Scaleouts of several positions that were asked for together, and those that follow volume and volatility.

create table scaleout_groups (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  conversation_id bigint not null references conversations,
  speed text not null check (speed in ('fast', 'medium', 'slow', 'smart')),
  state text not null default 'running' check (state in ('running', 'ended')),
  -- The message that tells how far all of them are; it is edited.
  announcement bigint unique references replies,
  started_at timestamptz not null,
  ended_at timestamptz
);

alter table scaleouts
  add column group_id bigint references scaleout_groups,
  -- Of a smart one: the spread in dollars when it began, and the planned milliseconds that a chunk waits for a wide one
  -- to narrow.
  add column usual_spread numeric,
  add column defer_ms integer,
  drop constraint scaleouts_speed_check,
  add constraint scaleouts_speed_check check (speed in ('fast', 'medium', 'slow', 'smart'));
create index scaleouts_of_group on scaleouts (group_id) where group_id is not null;

-- How often a chunk of a smart scaleout was put off or cut because the spread was wide.
alter table scaleout_chunks add column adapted integer not null default 0;
