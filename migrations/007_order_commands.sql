-- Orders from the chat: buy, sell, add, limits, the list of what works; what may be undone; and when a size is asked about.

-- What an alias says beside the command that it stands for: `flat` is `close now`.
alter table trade_command_aliases add column words text not null default '';

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('buy', 'buy', 'Buy, at the market or with a limit', 'Orders', true, 41),
  ('sell', 'sell', 'Sell, at the market or with a limit', 'Orders', true, 42),
  ('add', 'addToPosition', 'Add to an open position', 'Orders', true, 43),
  ('orders', 'listOrders', 'Your working orders: age, and distance to the market', 'Orders', true, 44),
  ('move', 'moveWorkingOrder', 'Give a working order another price', 'Orders', true, 45),
  ('cancel', 'cancelWorking', 'Take a working order back, or all of them', 'Orders', true, 46),
  ('confirm', 'setConfirmation', 'From which size on an order is asked about', 'Orders', true, 47),
  ('undo', 'undoLast', 'Take back what you recorded or set within the last minute', 'Orders', true, 48),
  ('close all', 'closeAll', 'Close every open position at the market', 'Exits', true, 55);

update trade_commands set description = 'Close a position, at the market or with a limit' where command = 'close';
update trade_commands set description = 'Close part of a position, at the market or with a limit' where command = 'trim';

delete from trade_command_aliases where alias in ('buy', 'sell', 'cancel');
update trade_command_aliases set words = 'now' where alias = 'flatten';
insert into trade_command_aliases (alias, command, words) values
  ('flat', 'close', 'now'),
  ('close everything', 'close all', ''), ('close all positions', 'close all', ''), ('flatten all', 'close all', ''),
  ('flatten everything', 'close all', ''),
  ('working orders', 'orders', ''), ('open orders', 'orders', '');

-- Dollars above which an order is asked about before it is sent; null is the default of src/ledger/confirmation.ts.
alter table account_risk add column confirm_above numeric check (confirm_above > 0);
-- Nothing is asked about for its size.
alter table account_risk add column confirms_nothing boolean not null default false;

-- What members recorded or set, with what it takes to undo it; src/ledger/undoables.ts says what is in `state`.
create table undoables (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  member_id bigint not null references members,
  conversation_id bigint not null references conversations,
  kind text not null check (kind in ('record', 'levels')),
  symbol text not null,
  -- What it was, in words.
  what text not null,
  state jsonb not null,
  at timestamptz not null,
  undone_at timestamptz
);
create index undoables_of_account on undoables (account_id, id);
create index undoables_of_conversation on undoables (conversation_id, id);
create index orders_by_hand on orders (account_id, id) where purpose in ('close', 'trim', 'open');
