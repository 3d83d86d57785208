-- A stop may trail by dollars a unit instead of a share of the price: exactly these. `trail` is then the share of best_price that
-- they were when the stop was set, by which an older version goes on.
alter table protective_orders add column trail_dollars numeric check (trail_dollars > 0);
