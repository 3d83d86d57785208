-- Orders at brokers: protection that rests there, and extended hours.

alter table orders drop constraint orders_purpose_check;
alter table orders add constraint orders_purpose_check
  check (purpose in ('record', 'chunk', 'close', 'trim', 'stop', 'target', 'breaker', 'open', 'protect'));
-- An order with the purpose `protect` closes its position at the stop or at the target, whichever comes first; dollars a unit.
alter table orders
  add column protects_stop numeric check (protects_stop > 0),
  add column protects_target numeric check (protects_target > 0),
  -- Also before and after the regular session.
  add column is_extended boolean not null default false;
create index orders_protecting on orders (position_id)
  where purpose = 'protect' and state in ('new', 'unknown', 'working', 'partly_filled', 'cancel_asked', 'replace_asked');

-- The quantity that an order with the purpose `protect` may still take. It is no part of working_quantity: any other exit is
-- written only after the protection has been taken back.
-- The last moment at which an owner of the account wanted it: from then on the desk tries again.
alter table accounts add column protects_since timestamptz;

alter table positions
  add column protecting_quantity numeric not null default 0 check (protecting_quantity >= 0),
  -- The last fact about its protection at the venue that its thread was told.
  add column protection_told text,
  -- Another order is about to take from the position, so nothing is placed there for some seconds from then on.
  add column protection_held_at timestamptz;
