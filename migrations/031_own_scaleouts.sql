-- Scaleouts with a length of their own, and with a price beyond which their chunks wait.

alter table scaleouts
  -- The member's own length in planned milliseconds; null when the speed decides.
  add column length_ms integer,
  -- In dollars: a sale waits while the bid is below it, a purchase while the ask is above it.
  add column bound_price numeric,
  -- The end of that wait; what is left then stays.
  add column bound_until timestamptz,
  -- Has its thread been told that it waits?
  add column bound_told boolean not null default false;

alter table scaleout_groups add column length_ms integer;
