-- Commands of watching: protection, guardian, alerts, risk. handler_function names an entry of src/commands/index.ts.

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('alerts', 'setAlerts', 'What this channel or thread hears of your positions', 'Alerts', true, 310),
  ('mute', 'muteAlerts', 'Tell nothing here for a while, or nothing of one type', 'Alerts', true, 320),
  ('unmute', 'unmuteAlerts', 'End muting here', 'Alerts', true, 330),
  ('quiet', 'setQuietHours', 'Hours of the day in which only what is critical is told', 'Alerts', true, 340),
  ('digest', 'showDigest', 'What happened that was not worth an alert', 'Alerts', true, 350);

insert into trade_command_aliases (alias, command) values
  ('alert', 'alerts'), ('quiet hours', 'quiet');
