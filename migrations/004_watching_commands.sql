-- Commands of watching: protection, guardian, alerts, risk. handler_function names an entry of src/commands/index.ts.

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('alerts', 'setAlerts', 'What this channel or thread hears of your positions', 'Alerts', true, 310),
  ('mute', 'muteAlerts', 'Tell nothing here for a while, or nothing of one type', 'Alerts', true, 320),
  ('unmute', 'unmuteAlerts', 'End muting here', 'Alerts', true, 330),
  ('quiet', 'setQuietHours', 'Hours of the day in which only what is critical is told', 'Alerts', true, 340),
  ('digest', 'showDigest', 'What happened that was not worth an alert', 'Alerts', true, 350);

insert into trade_command_aliases (alias, command) values
  ('alert', 'alerts'), ('quiet hours', 'quiet');

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('stop', 'setStop', 'Close a position when the price touches a stop', 'Protection', true, 81),
  ('target', 'setTarget', 'Close a position when the price reaches a target', 'Protection', true, 82),
  ('bracket', 'buildBracket', 'Set a stop and a target in one go', 'Protection', true, 83),
  ('trail', 'setTrail', 'A stop that follows the price', 'Protection', true, 84),
  ('breakeven', 'setBreakeven', 'Move the stop to your entry price', 'Protection', true, 85);

insert into trade_command_aliases (alias, command) values
  ('stop loss', 'stop'), ('stoploss', 'stop'), ('sl', 'stop'),
  ('take profit', 'target'), ('takeprofit', 'target'), ('tp', 'target'),
  ('oco', 'bracket'),
  ('trailing stop', 'trail'), ('trail stop', 'trail'),
  ('break even', 'breakeven');

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('guardian', 'setGuardian', 'May the guardian act by itself, and what it proposes', 'Guardian', true, 250),
  ('why', 'showWhy', 'The guardian''s last decisions about a symbol, and why', 'Guardian', true, 260);

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('breaker', 'tripBreaker', 'Close everything at once and halt the account', 'Risk', true, 210),
  ('resume', 'resume', 'Let a halted account trade again (owners only)', 'Risk', true, 220);

insert into trade_command_aliases (alias, command) values
  ('halt', 'breaker'), ('circuit breaker', 'breaker'), ('panic', 'breaker'),
  ('unhalt', 'resume');

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('thresholds', 'setThresholds', 'From where on you are told of something', 'Risk', true, 230);

insert into trade_command_aliases (alias, command) values
  ('threshold', 'thresholds'), ('limits', 'thresholds');
