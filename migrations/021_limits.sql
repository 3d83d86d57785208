-- Limits: what an account may order, and the command that shows and changes it.

-- Null is the default of src/trading/limits.ts: 60 orders a minute, 50 working, 50 scheduled, any size.
create table account_limits (
  account_id bigint primary key references accounts,
  orders_per_minute integer check (orders_per_minute > 0),
  working_orders integer check (working_orders > 0),
  scheduled_orders integer check (scheduled_orders > 0),
  largest_order_dollars numeric check (largest_order_dollars > 0),
  largest_order_units numeric check (largest_order_units > 0)
);
-- The orders of the last minute.
create index orders_by_hand_lately on orders (account_id, created_at) where purpose in ('open', 'close', 'trim');

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('limits', 'setLimits', 'What your account may order: how much at once, and how often', 'Risk', true, 235);

delete from trade_command_aliases where alias = 'limits';
