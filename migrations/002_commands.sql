-- The commands people type. handler_function names an entry of src/commands/index.ts.

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('long', 'recordLong', 'Record a long position that you hold', 'Positions', true, 10),
  ('short', 'recordShort', 'Record a short position that you hold', 'Positions', true, 20),
  ('positions', 'listPositions', 'Your open positions with P&L', 'Positions', true, 30),
  ('pl', 'showProfitAndLoss', 'P&L of a position: unrealized, realized, master', 'Positions', true, 40),
  ('close', 'closePosition', 'Close a position at the market', 'Exits', true, 50),
  ('trim', 'trimPosition', 'Close part of a position at the market', 'Exits', true, 60),
  ('scaleout', 'scaleOut', 'Sell a position in chunks over time', 'Exits', true, 70),
  ('cancel scaleout', 'cancelScaleout', 'End a running scaleout', 'Exits', true, 80),
  ('tasks', 'listTasks', 'What runs in the background, with progress and time left', 'Background', true, 90),
  ('history', 'showHistory', 'What ran before and how it ended', 'Background', true, 100),
  ('watch', 'watchSymbol', 'Follow a symbol''s events in this thread', 'Background', true, 110),
  ('unwatch', 'unwatchSymbol', 'Stop following a symbol here', 'Background', true, 120),
  ('quote', 'showQuote', 'Bid, ask, last, age and source', 'Market', true, 130),
  ('role', 'setRole', 'Say who may do what (owners only)', 'Desk', true, 140),
  ('help', 'showHelp', 'All commands, or one in detail', 'Desk', true, 150);

insert into trade_command_aliases (alias, command) values
  ('buy', 'long'), ('bought', 'long'),
  ('shorted', 'short'),
  ('pos', 'positions'), ('position', 'positions'),
  ('pnl', 'pl'), ('p&l', 'pl'), ('profit', 'pl'),
  ('flatten', 'close'),
  ('sell', 'trim'), ('cover', 'trim'),
  ('scale out', 'scaleout'), ('so', 'scaleout'),
  ('stop scaleout', 'cancel scaleout'), ('cancel', 'cancel scaleout'), ('cancel scale out', 'cancel scaleout'),
  ('task', 'tasks'), ('status', 'tasks'),
  ('follow', 'watch'), ('unfollow', 'unwatch'),
  ('price', 'quote'), ('q', 'quote'),
  ('commands', 'help'), ('?', 'help');
