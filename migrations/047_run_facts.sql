-- The market over which a run went, the symbols of its list that this market did not know (the first few), and when a run of a schedule
-- was due, with the zone of the schedule.
alter table strategy_runs
  add column market text,
  add column unknown_symbols text[] not null default '{}',
  add column due_at timestamptz,
  add column due_zone text;
