-- Splits, and symbols that become others: what is held, protected, ordered and planned follows, in every account.

create table corporate_actions (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('split', 'rename')),
  symbol text not null,
  -- The same for a split.
  new_symbol text not null,
  -- So many new units for so many old ones; 1 and 1 for another symbol.
  new_units integer not null check (new_units > 0),
  old_units integer not null check (old_units > 0),
  -- Dollars for a new unit, at which fractions are paid out.
  cash_price numeric check (cash_price > 0),
  -- taking_back: live orders are ended, nothing is changed yet. moving: account by account. restoring: it is refused, and the
  -- orders that were taken back are placed again as they were.
  state text not null default 'taking_back' check (state in ('taking_back', 'moving', 'restoring', 'done', 'refused')),
  because text,
  member_id bigint not null references members,
  conversation_id bigint not null references conversations,
  -- The message that asked for it: heard twice, it is done once.
  inbound_id text not null unique,
  at timestamptz not null,
  -- When somebody was at it last: who has died is taken over from.
  worked_at timestamptz not null,
  ended_at timestamptz,
  check ((state in ('done', 'refused')) = (ended_at is not null))
);
create unique index corporate_actions_unfinished on corporate_actions (symbol) where ended_at is null;
create index corporate_actions_of_symbol on corporate_actions (symbol, id);

-- Accounts that it changes; each is moved in one transaction.
create table corporate_action_accounts (
  action_id bigint not null references corporate_actions,
  account_id bigint not null references accounts,
  state text not null default 'waiting' check (state in ('waiting', 'moved')),
  primary key (action_id, account_id)
);

-- Orders that were taken back for it, and what each was placed again as.
create table corporate_action_orders (
  order_id bigint primary key references orders,
  action_id bigint not null references corporate_actions,
  account_id bigint not null references accounts,
  state text not null default 'taken' check (state in ('taken', 'placed', 'over')),
  placed_as bigint references orders
);
create index corporate_action_orders_of_action on corporate_action_orders (action_id, account_id);

-- What it made of positions. Fills stay as they were: whoever retells a position from them goes on from here.
create table position_adjustments (
  id bigint generated always as identity primary key,
  action_id bigint not null references corporate_actions,
  position_id bigint not null references positions,
  account_id bigint not null references accounts,
  symbol_before text not null,
  symbol_after text not null,
  signed_quantity_before numeric not null,
  signed_quantity_after numeric not null,
  open_cost_before numeric not null,
  open_cost_after numeric not null,
  -- New units that were paid out, the dollars for them, and what they locked in: part of the position's realized P&L, and of no fill's.
  fraction numeric not null default 0,
  cash_in_lieu numeric not null default 0,
  realized_pnl numeric not null default 0,
  at timestamptz not null,
  unique (position_id, action_id)
);
create index position_adjustments_of_account on position_adjustments (account_id, id);

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('split', 'splitSymbol', 'A stock split: what everybody holds and ordered follows (owners only)', 'Desk', true, 145),
  ('rename', 'renameSymbol', 'A symbol that becomes another one (owners only)', 'Desk', true, 146);
