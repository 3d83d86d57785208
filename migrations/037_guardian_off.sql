-- The guardian of an account may be off: it proposes nothing and asks nothing there.
alter table account_risk add column guardian_off boolean not null default false;
