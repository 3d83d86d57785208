-- When the member was last told that the venue refuses the credentials of an account.
alter table venue_credentials add column told_refused_at timestamptz;
