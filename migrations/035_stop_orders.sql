-- Stop and stop-limit orders: they wait at the venue until the price gets to their stop.

-- Dollars a unit: buy when the price is here or above, sell when it is here or below. Null: the order has no stop.
alter table orders add column stop_price numeric check (stop_price > 0);
create trigger orders_number_stops before insert on orders for each row
  when (new.limit_price is null and new.stop_price is not null) execute function number_task();

-- The price got to the stop at this moment. Nothing of the order is filled before that.
alter table paper_orders add column stop_price numeric check (stop_price > 0), add column triggered_at timestamptz;
create index paper_orders_stops on paper_orders (symbol) where state = 'working' and stop_price is not null and triggered_at is null;
