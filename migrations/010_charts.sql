-- Pictures. handler_function names an entry of src/commands/index.ts.

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('chart', 'showChart', 'Candles with volume, VWAP, your levels and fills, as a picture', 'Market', true, 138);

insert into trade_command_aliases (alias, command) values
  ('candles', 'chart'), ('graph', 'chart');
