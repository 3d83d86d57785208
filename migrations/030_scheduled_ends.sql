-- Orders for later end with the positions that they close, and a late one is asked about.

-- The positions that an order for later closes; null when it opens something, or closes whatever is open then.
alter table scheduled_orders add column position_ids bigint[];
-- The order is so late that its member was asked at this moment whether it is to be carried out.
alter table scheduled_orders add column asked_at timestamptz;

update scheduled_orders set position_ids = array[(given ->> 'position')::bigint]
  where state = 'waiting' and given ->> 'position' is not null;
update scheduled_orders s set position_ids = array[p.id] from positions p
  where s.state = 'waiting' and s.position_ids is null and s.command in ('close', 'trim', 'scaleout')
    and p.account_id = s.account_id and p.symbol = s.symbol and p.closed_at is null;

create index scheduled_orders_of_positions on scheduled_orders using gin (position_ids) where state = 'waiting';
