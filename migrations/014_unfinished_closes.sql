-- What is asked for is finished after a crash, and a symbol can be muted.

-- A close that takes back what rests first has no order of its own until that is done. Until then this row says that it is
-- wanted: whoever writes the order takes the row away in the same transaction, and the sweep takes up what was left.
create table unfinished_closes (
  -- The id that its order will have.
  client_order_id text primary key,
  position_id bigint not null references positions,
  account_id bigint not null references accounts,
  member_id bigint not null references members,
  conversation_id bigint not null references conversations,
  symbol text not null,
  -- What was open when it was asked for: a larger position, or one on the other side, is not what was meant.
  signed_quantity numeric not null,
  limit_price numeric check (limit_price > 0),
  expires_at timestamptz,
  asked_at timestamptz not null,
  -- When somebody first went on with it whom it was not said to.
  taken_up_at timestamptz
);

-- Symbols that are not told of in a conversation, each with the moment until when.
alter table alert_settings add column muted_symbols jsonb not null default '{}';
update trade_commands set description = 'Tell nothing here for a while, or nothing of one symbol or type' where command = 'mute';
