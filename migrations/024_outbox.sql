-- The way out under load, and when a place is gone.

-- Goes up each time that somebody takes the right to post: who held it before posts no more, however long they slept.
alter table conversations add column posting_generation bigint not null default 0;

alter table replies
  -- Of an alert about an open position: in a backlog it is left out once the position has ended.
  add column position_id bigint references positions,
  -- The row whose message is a table that tells this one, too.
  add column merged_into bigint references replies,
  -- An older part of a backlog: it comes after what is new.
  add column late boolean not null default false,
  -- What is critical and could not be posted in its place is told to people instead: the row that they are told for.
  add column instead_of bigint references replies,
  -- Told to an owner: there is nobody else to tell.
  add column last_resort boolean not null default false,
  drop constraint replies_state_check,
  -- merged: told by the table that it is in, when that is out; left_out: of no use any more, and never posted.
  add constraint replies_state_check
    check (state in ('queued', 'posting', 'posted', 'failed', 'merged', 'left_out'));

create index replies_merged on replies (merged_into) where merged_into is not null;
create unique index replies_instead_once on replies (instead_of, conversation_id) where instead_of is not null;
create index replies_urgent on replies (conversation_id) where urgent and state in ('queued', 'posting');
create index replies_failed on replies (conversation_id) where state = 'failed';

-- What a platform still takes: for a channel, and for all that is behind a door (its name alone).
create table posting_limits (
  key text primary key,
  -- The allowance is whole again at this moment; each post moves it on.
  whole_at timestamptz not null,
  -- The platform has asked for a pause until then.
  paused_until timestamptz
);

-- What owners were told once.
create table owner_notices (
  key text primary key,
  at timestamptz not null default now()
);
