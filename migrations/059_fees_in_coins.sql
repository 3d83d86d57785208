-- A fee that was taken in another currency than that of the price: it is in no commission.
alter table broker_executions add column fee_currency text, add column fee_quantity numeric check (fee_quantity > 0);
