-- The commands about accounts. handler_function names an entry of src/commands/index.ts.

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('accounts', 'listAccounts', 'Your accounts, and which one is used here', 'Accounts', true, 241),
  ('use', 'useAccount', 'Use another of your accounts in this conversation', 'Accounts', true, 242),
  ('account', 'openAccount', 'Open another account', 'Accounts', true, 243);

insert into trade_command_aliases (alias, command, words) values
  ('my accounts', 'accounts', ''), ('switch to', 'use', ''), ('new account', 'account', 'new'), ('open account', 'account', 'new');
