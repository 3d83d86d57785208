-- How a member wants to be told of what is critical, beside the thread of the position: by a ping there, or by a direct message.
alter table members add column critical_notice text check (critical_notice in ('ping', 'dm'));
-- Only what happens from then on is told so.
alter table members add column critical_since timestamptz;
alter table members add column critical_conversation_id bigint references conversations;

-- Where a critical event is told for its member alone: the thread, for a ping, or the direct message, unless the event is told
-- in a direct message on that platform anyway. A terminal has one screen for everything, and nobody to ping.
create view critical_places as
  select e.id as event_id, case m.critical_notice when 'ping' then c.id else m.critical_conversation_id end as conversation_id,
    e.account_id, false as is_thread
  from desk_events e
  join accounts a on a.id = e.account_id
  join members m on m.id = a.member_id and m.critical_since <= e.at
  left join positions p on p.id = e.position_id
  left join conversations c on c.id = coalesce(p.conversation_id, e.conversation_id)
  left join conversations d on d.id = m.critical_conversation_id
  where e.urgency = 'CRITICAL' and case m.critical_notice
    when 'ping' then c.place ->> 'door' <> 'terminal'
    when 'dm' then d.id is not null and d.id is distinct from c.id and d.place ->> 'door' <> 'terminal'
      and not coalesce(c.place ->> 'door' = d.place ->> 'door'
        and (c.place ->> 'person' is not null
          or case c.place ->> 'door' when 'discord' then c.place ->> 'workspace' = '' else c.place ->> 'channel' like 'D%' end), false)
    else false end;

create view told_places as
  select event_id, conversation_id, account_id, is_thread from alert_places
  union all
  select event_id, conversation_id, account_id, is_thread from critical_places;
