-- The checks before each entry of an agent, and its halts.

-- An entry as the checks left it: units wanted and ordered, and every check with its figure.
alter table agent_decisions add column entry jsonb;

alter table agents
  -- A halt lasts until an owner resumes the agent; with the check that halted it.
  add column halted_at timestamptz,
  add column halted_by jsonb,
  -- Dollars of the account's equity: the highest, and that from which the loss of the day counts.
  add column peak numeric,
  add column opening numeric,
  -- Dollars that recorded positions had brought into the account when these were noted, which is neither profit nor loss.
  add column brought numeric,
  -- Looks in a row at which the market did not answer, and the last of them.
  add column failures integer not null default 0,
  add column failed_at timestamptz,
  add check ((halted_at is null) = (halted_by is null));
