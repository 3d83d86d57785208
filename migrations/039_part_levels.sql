-- Levels at which a part of a position is closed: any number a position, beside the stop and the target that close all of it.
create table part_levels (
  id bigint generated always as identity primary key,
  position_id bigint not null references positions,
  account_id bigint not null references accounts,
  member_id bigint not null references members,
  conversation_id bigint not null references conversations,
  kind text not null check (kind in ('stop', 'target')),
  price numeric not null check (price > 0),
  -- Units to close when the price gets there; less when less is open then.
  quantity numeric not null check (quantity > 0),
  state text not null default 'working' check (state in ('working', 'triggered', 'cancelled')),
  ended_because text,
  created_at timestamptz not null,
  ended_at timestamptz
);
create index part_levels_working on part_levels (position_id) where state = 'working';
create unique index part_levels_one_a_price on part_levels (position_id, kind, price) where state = 'working';

-- They end with their position, and when it turns round, whichever version of the desk moves it.
create function end_part_levels() returns trigger language plpgsql as $$
begin
  update part_levels set state = 'cancelled', ended_at = now(),
    ended_because = case when new.signed_quantity = 0 then 'the position is closed' else 'the position has turned round' end
  where position_id = new.id and state = 'working';
  return null;
end $$;
create trigger positions_end_part_levels after update of signed_quantity on positions for each row
  when (sign(old.signed_quantity) <> sign(new.signed_quantity)) execute function end_part_levels();
