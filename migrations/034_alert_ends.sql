-- A channel that was alerted to a touched level, or to the breaker, hears once how that ended. What was told before this
-- version counts as ended.
alter table event_alerts add column end_told_at timestamptz;

update event_alerts t set end_told_at = t.at from desk_events e where e.id = t.event_id and e.urgency = 'CRITICAL';
