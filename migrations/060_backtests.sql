-- Backtests are runs like those of screeners. One that has ended has a report with its curves and its picture, and its trades.
alter table strategy_runs
  add column kind text not null default 'screen' check (kind in ('screen', 'backtest'));

create table strategy_reports (
  run bigint primary key references strategy_runs on delete cascade,
  report jsonb not null,
  -- A value for each day: equity, buy-and-hold, drawdown.
  curves jsonb not null,
  -- PNG; null where the machine could not draw.
  picture bytea
);

create table strategy_trades (
  run bigint not null references strategy_runs on delete cascade,
  -- From 1, in the order of exits.
  number integer not null,
  trade jsonb not null,
  primary key (run, number)
);
