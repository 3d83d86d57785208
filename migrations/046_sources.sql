-- Sources of prices: their budgets, the symbols that they were asked for, and their outages.

-- Requests to a source with a budget by the day. All processes count together, and a restart forgets none.
create table source_requests (
  id bigint generated always as identity primary key,
  source text not null,
  at timestamptz not null,
  -- The source said that its requests are used up: nobody asks before then.
  refused_until timestamptz
);
create index source_requests_of_source on source_requests (source, at);

-- Symbols that a source without a list of its own knew when it was asked. A newer description has a newer id.
create table learned_symbols (
  id bigint generated always as identity primary key,
  symbol text not null unique,
  name text not null,
  source text not null,
  lot numeric not null,
  tick numeric not null,
  is_around_the_clock boolean not null,
  learned_at timestamptz not null
);

-- Outages of sources and brokers that people were told of. One is open for a source at a time.
create table source_outages (
  id bigint generated always as identity primary key,
  source text not null,
  began_at timestamptz not null,
  because text not null,
  ended_at timestamptz
);
create unique index one_open_outage on source_outages (source) where ended_at is null;
