-- The hash of a model that an owner keeps on although its time is over.
alter table model_states add column kept_past_expiry text;
-- A policy has a 90% range of one day, and no other.
alter table forecast_ranges alter column lower68 drop not null, alter column upper68 drop not null;
