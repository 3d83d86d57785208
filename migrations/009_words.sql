-- The words of the desk, which its owners change in the chat. An alias that a person made says who and when.

alter table trade_command_aliases
  add column member_id bigint references members,
  add column made_at timestamptz;

-- Goes up with every change of the words, so that each process knows when to read them again.
create table words_version (
  is_only boolean primary key default true check (is_only),
  version bigint not null
);
insert into words_version (version) values (1);

insert into trade_commands (command, handler_function, description, category, is_implemented, position) values
  ('alias', 'setAlias', 'Your own words for commands (owners change them)', 'Desk', true, 141),
  ('unalias', 'removeAlias', 'Take such a word away (owners only)', 'Desk', true, 142);

insert into trade_command_aliases (alias, command) values
  ('aliases', 'alias'), ('words', 'alias'),
  ('cancel-scaleout', 'cancel scaleout'), ('stop-scaleout', 'cancel scaleout'), ('stop scaling out', 'cancel scaleout'),
  ('scale-out', 'scaleout'), ('close-all', 'close all'), ('exit', 'close'), ('liquidate', 'close');
