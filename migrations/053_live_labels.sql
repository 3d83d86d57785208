-- Real money is named wherever an account is: below messages, in tables and alerts.
create or replace view account_labels as
  select a.id as account_id,
    case when exists (select from accounts o where o.member_id = a.member_id and o.id <> a.id)
      then case when a.mode = 'live' then a.name || ' LIVE' else a.name end end as label
  from accounts a;
