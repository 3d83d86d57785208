-- When a resting order ends. Whoever owns it cancels it then; until somebody does, it is not filled.
alter table paper_orders add column expires_at timestamptz;
