-- Forecasts that were told, so that their ranges can be counted against what came. The figures are estimates and no money.
create table forecasts (
  id bigint generated always as identity primary key,
  -- The hash of the model.
  model text not null,
  market text not null,
  symbol text not null,
  -- The day of the last bar that it knew: 2026-11-30.
  day text not null,
  made_at timestamptz not null,
  -- Inputs that lay beyond five deviations.
  far smallint not null,
  unique (model, market, symbol, day)
);

create table forecast_ranges (
  forecast_id bigint not null references forecasts (id) on delete cascade,
  -- Trading days.
  horizon smallint not null,
  -- Returns as shares of the close.
  lower68 double precision not null,
  upper68 double precision not null,
  lower90 double precision not null,
  upper90 double precision not null,
  -- The return that came, and the day on which it was known. A settled range without an outcome has lost its bars.
  outcome double precision,
  due_day text,
  settled_at timestamptz,
  primary key (forecast_id, horizon)
);
create index unsettled_forecast_ranges on forecast_ranges (forecast_id) where settled_at is null;

-- Models that are switched off, or were.
create table model_states (
  model text primary key,
  hash text not null,
  is_off boolean not null,
  -- MODEL_EXPIRED, OFF_DISTRIBUTION, COVERAGE_LOST, or BY_OWNER.
  code text,
  because text,
  changes integer not null,
  changed_at timestamptz not null
);
