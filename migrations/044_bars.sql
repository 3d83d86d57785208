-- Finished bars of providers, so that history is fetched once. A series comes from one source at one adjustment. Bars stay as they
-- were kept, until a split changes the scale of the whole series: then it is fetched anew.

create table bar_series (
  source text not null,
  symbol text not null,
  -- The length of a bar.
  minutes integer not null check (minutes > 0),
  -- 'split': prices and volumes in today's shares.
  adjustment text not null,
  -- All finished bars from here on are there, up to those that end at `covered_through`.
  covered_from timestamptz not null,
  covered_through timestamptz not null,
  -- The source has nothing before `covered_from`.
  is_whole boolean not null,
  begun_at timestamptz not null,
  generation integer not null default 1,
  primary key (source, symbol, minutes, adjustment)
);

create table bars (
  source text not null,
  symbol text not null,
  minutes integer not null,
  adjustment text not null,
  at timestamptz not null,
  open numeric not null,
  high numeric not null,
  low numeric not null,
  close numeric not null,
  volume numeric not null,
  fetched_at timestamptz not null,
  primary key (source, symbol, minutes, adjustment, at),
  foreign key (source, symbol, minutes, adjustment) references bar_series on delete cascade
);

-- The instruments that a provider lists, as it described them, so that a start needs no answer of it.
create table listed_instruments (
  source text primary key,
  instruments jsonb not null,
  fetched_at timestamptz not null
);
