-- What an old share cost when its split was asked for: prices near it are still of old shares. Null where that is not known, or
-- the market showed prices of new shares already.
alter table corporate_actions add column old_price numeric check (old_price > 0);
