-- Events in an order that a reader can follow without a gap. Ids are drawn before their transactions commit, so a reader that
-- asks for ids above its last one loses events. A reader that asks for (xid, id), and only below the oldest transaction that
-- still runs, loses none.
alter table desk_events add column xid xid8 not null default '0';
-- Rows of before keep 0, without being written again: their order is that of their ids.
alter table desk_events alter column xid set default pg_current_xact_id();
create index desk_events_in_order on desk_events (xid, id);
