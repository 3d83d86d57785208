-- How the parts of the desk are, as the last looks found them.

create table health (
  -- The name of a check; of one of a machine, with an @ and the machine's name.
  name text primary key,
  state text not null check (state in ('ok', 'warn', 'down')),
  words text not null,
  since timestamptz not null,
  looks integer not null,
  is_told boolean not null default false,
  down_since timestamptz,
  looked_at timestamptz not null
);
