-- Indicators of the market, and advice on a position. handler_function names an entry of src/commands/index.ts.

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('vwap', 'showVwap', 'Volume-weighted average price of the session', 'Indicators', true, 131),
  ('rvol', 'showRelativeVolume', 'Volume against what is usual by this time of day', 'Indicators', true, 132),
  ('vp', 'showVolumeProfile', 'Volume profile: point of control and value area', 'Indicators', true, 133),
  ('rsi', 'showRsi', 'Relative strength index (14)', 'Indicators', true, 134),
  ('macd', 'showMacd', 'Moving average convergence divergence (12, 26, 9)', 'Indicators', true, 135),
  ('atr', 'showAtr', 'Average true range (14)', 'Indicators', true, 136),
  ('levels', 'showLevels', 'Support, resistance and pivots', 'Indicators', true, 137),
  ('advise', 'advise', 'Should I exit? What speaks for and against it', 'Exits', true, 86);

insert into trade_command_aliases (alias, command) values
  ('volume weighted average price', 'vwap'),
  ('relative volume', 'rvol'), ('rel vol', 'rvol'), ('relvol', 'rvol'),
  ('volume profile', 'vp'), ('vpvr', 'vp'), ('poc', 'vp'), ('point of control', 'vp'), ('value area', 'vp'),
  ('relative strength index', 'rsi'), ('relative strength', 'rsi'),
  ('average true range', 'atr'),
  ('support', 'levels'), ('resistance', 'levels'), ('s/r', 'levels'), ('support and resistance', 'levels'),
  ('support/resistance', 'levels'), ('pivots', 'levels'), ('key levels', 'levels'),
  ('advice', 'advise'), ('should i exit', 'advise'), ('should i sell', 'advise'), ('should i close', 'advise'),
  ('should i get out', 'advise'), ('should i hold', 'advise'), ('exit analysis', 'advise'), ('what should i do', 'advise'),
  ('what should i do with', 'advise'), ('what would you do', 'advise'), ('what would you do with', 'advise'),
  ('hold or fold', 'advise');
