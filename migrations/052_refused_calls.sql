-- Calls to the venue for an order, and those that it refused for certain. An order whose calls were all refused is nowhere at the venue.
alter table orders
  add column calls integer not null default 1,
  add column refused_calls integer not null default 0,
  add column refused_because text;
