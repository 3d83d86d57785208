-- The balance of an account that waits to be linked, as its venue told it.
alter table link_requests
  add column cash numeric,
  add column buying_power numeric,
  add column equity numeric,
  add column blocked_because text;
