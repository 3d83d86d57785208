-- Time: members' time zones, orders for later, the numbers of tasks, and messages to a person.

-- The zone in which a member's times are read and shown; null is the exchange's.
alter table members add column time_zone text;
-- The direct message in which a member hears of background tasks that end; null: they do not want to.
alter table members add column notify_conversation_id bigint references conversations;

-- What runs in the background has a number of its account, counted up and never used again, whatever it is.
create table task_counters (account_id bigint primary key references accounts, last integer not null);

create function number_task() returns trigger language plpgsql as $$
begin
  insert into task_counters as c (account_id, last) values (new.account_id, 1)
  on conflict (account_id) do update set last = c.last + 1
  returning last into new.task_number;
  return new;
end $$;

alter table scaleouts add column task_number integer;
update scaleouts s set task_number = n.number
  from (select id, row_number() over (partition by account_id order by id) as number from scaleouts) n where n.id = s.id;
insert into task_counters select account_id, max(task_number) from scaleouts group by 1;
alter table scaleouts alter column task_number set not null;
create unique index scaleouts_task_numbers on scaleouts (account_id, task_number);
create trigger scaleouts_number before insert on scaleouts for each row execute function number_task();

alter table orders add column task_number integer;
create unique index orders_task_numbers on orders (account_id, task_number) where task_number is not null;
create trigger orders_number before insert on orders for each row when (new.limit_price is not null)
  execute function number_task();

-- A command with nothing left to ask, to be carried out as its member when its time comes, or its price.
create table scheduled_orders (
  id bigint generated always as identity primary key,
  task_number integer not null,
  account_id bigint not null references accounts,
  member_id bigint not null references members,
  conversation_id bigint not null references conversations,
  -- The message that asked for it: heard twice, it is scheduled once.
  inbound_id text not null unique,
  command text not null,
  given jsonb not null,
  -- What it does, in words.
  what text not null,
  symbol text,
  -- planned_ is what was said; due_at, late_at and expires_at are when that is on a clock that runs faster in a demonstration.
  planned_at timestamptz,
  due_at timestamptz,
  -- One that is due and was not begun by then is not begun any more.
  late_at timestamptz,
  -- It is begun when the last price is here or above, or here or below, before expires_at.
  above numeric check (above > 0),
  below numeric check (below > 0),
  planned_until timestamptz,
  expires_at timestamptz,
  touched_at timestamptz,
  touched_price numeric,
  state text not null default 'waiting'
    check (state in ('waiting', 'running', 'done', 'refused', 'missed', 'expired', 'cancelled')),
  -- Who began it and did not end it within half a minute has died.
  running_since timestamptz,
  outcome text,
  created_at timestamptz not null,
  ended_at timestamptz,
  check (num_nonnulls(due_at, above, below) = 1),
  check ((due_at is null) = (planned_at is null)),
  check ((expires_at is null) = (planned_until is null)),
  check ((state in ('waiting', 'running')) = (ended_at is null))
);
create unique index scheduled_orders_task_numbers on scheduled_orders (account_id, task_number);
create index scheduled_orders_open on scheduled_orders (account_id) where state in ('waiting', 'running');
create trigger scheduled_orders_number before insert on scheduled_orders for each row execute function number_task();

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('schedule', 'schedule', 'Orders for later: at a time, or when the price gets somewhere', 'Orders', true, 49),
  ('timezone', 'setTimeZone', 'In which time zone you are', 'Desk', true, 135),
  ('task', 'showTask', 'One run in detail: fills, timeline, shortfall', 'Background', true, 95),
  ('notify', 'setNotify', 'A direct message when a background task ends', 'Background', true, 125);

delete from trade_command_aliases where alias = 'task';
insert into trade_command_aliases (alias, command) values
  ('scheduled', 'schedule'), ('schedules', 'schedule'), ('time zone', 'timezone'), ('tz', 'timezone'),
  ('notifications', 'notify');
