-- A critical event is acted on by the process that raised it. `acting_by` is that process, or the one that took over;
-- `acting_until` is when its claim ends, unless it is renewed.
alter table desk_events add column acting_by text, add column acting_until timestamptz;
