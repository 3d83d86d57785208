-- Headlines about symbols, as providers had them, and when each provider was last asked about a symbol.

create table sentiment_items (
  id bigint generated always as identity primary key,
  symbol text not null,
  source text not null check (source in ('news', 'reddit', 'x')),
  provider text not null,
  title text not null,
  -- A hash of the plain words: the same headline from two providers counts once.
  title_key text not null,
  publisher text not null,
  url text,
  published_at timestamptz not null,
  -- A decision before this moment did not know it.
  heard_at timestamptz not null,
  unique (symbol, source, title_key)
);
create index sentiment_items_of_symbol on sentiment_items (symbol, published_at);

create table sentiment_questions (
  symbol text not null,
  provider text not null,
  source text not null check (source in ('news', 'reddit', 'x')),
  asked_at timestamptz not null,
  answered_at timestamptz,
  fault text,
  primary key (symbol, provider)
);
