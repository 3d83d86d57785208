-- After an owner resumed an account that had lost its limit, losses count from what it was worth then.
alter table day_equity add column resumes integer not null default 0;
alter table day_equity add column resumed_at timestamptz;
alter table day_equity add column resumed_equity numeric;

-- Accounts that closed something today are held against their limit, also when nothing of them is open any more.
create index positions_by_close on positions (closed_at) where closed_at is not null;

-- As before, and beside that: a position whose prices do not come is told in its thread, and an account that lost its
-- limit in the thread that the event names. (Who halts an account by a command has the answer there already.)
create or replace view alert_places as
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
      where s.conversation_id = p.conversation_id and s.account_id = p.account_id and s.is_off)
  union all
  select e.id, e.conversation_id, e.account_id, false
  from desk_events e
  where e.conversation_id is not null
    and (e.type like 'watching.%' or e.type = 'risk.circuit_breaker_tripped' and e.data ->> 'loss' is not null)
    and not exists (select from alert_channels a
      where a.conversation_id = e.conversation_id and a.account_id = e.account_id and a.since <= e.at
        and array_position(array['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'], e.urgency)
          >= array_position(array['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'], a.least_urgency))
    and (e.urgency = 'CRITICAL' or not exists (select from alert_settings s
      where s.conversation_id = e.conversation_id and s.account_id = e.account_id and s.is_off));
