-- An exit of a part waits for the protection of its position at the venue as a close does, and keeps all of its terms.

alter table unfinished_closes
  -- Units, of a part; null: everything that is open.
  add column quantity numeric check (quantity > 0),
  -- Dollars a unit.
  add column stop_price numeric check (stop_price > 0),
  add column is_extended boolean not null default false,
  -- Its member knows that the venue is closed: an order at the market waits there for the open.
  add column waits_for_open boolean not null default false,
  -- Its number within the account from the moment when it waits; an order with a limit or a stop keeps it.
  add column number integer;
