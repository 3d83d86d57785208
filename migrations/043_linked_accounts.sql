-- Accounts at brokers, linked by their members.

alter table accounts drop constraint accounts_venue_check;
alter table accounts
  add constraint accounts_venue_check check (venue ~ '^[a-z][a-z0-9_]*$'),
  -- The member took the link away: the account stays for its history, and nothing is sent.
  add column unlinked_at timestamptz,
  -- Stops and targets rest at the venue as orders, so that they hold while the desk is down.
  add column protects_at_venue boolean not null default false,
  -- The account's number at the broker as people may see it: ••••1234.
  add column masked_number text;
create unique index accounts_at_venue on accounts (venue, venue_account) where venue <> 'paper' and unlinked_at is null;

-- Keys and tokens of linked accounts. `sealed` is encrypted with a key of its own, which is wrapped with the key that `key_id` names
-- in the environment. Account, venue and mode are authenticated with it.
create table venue_credentials (
  account_id bigint primary key references accounts,
  kind text not null check (kind in ('keys', 'oauth')),
  key_id text not null,
  wrapped_key bytea not null,
  sealed bytea not null,
  expires_at timestamptz,
  refreshed_at timestamptz,
  -- The venue took the credentials no more, since then and in these words.
  refused_at timestamptz,
  refused_because text
);

-- A one-time page on which a member gives the credentials. The same member then confirms in chat.
create table link_requests (
  id bigint generated always as identity primary key,
  token_hash bytea not null unique,
  member_id bigint not null references members,
  conversation_id bigint not null references conversations,
  venue text not null,
  mode text not null check (mode in ('paper', 'live')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- The page was opened, and bound to this browser.
  opened_at timestamptz,
  browser_hash bytea,
  -- Of OAuth: the state of the page, and its verifier (PKCE).
  oauth_state_hash bytea,
  oauth_verifier text,
  -- The credentials, until the member confirms; then they move to the account.
  kind text check (kind in ('keys', 'oauth')),
  key_id text,
  wrapped_key bytea,
  sealed bytea,
  credentials_expire_at timestamptz,
  venue_account text,
  masked_number text,
  given_at timestamptz,
  ended_at timestamptz,
  outcome text check (outcome in ('linked', 'refused', 'expired'))
);
create index link_requests_of_member on link_requests (member_id, created_at);

-- Members who may trade real money, by an owner's word, and up to which cap in dollars.
create table live_allowances (
  member_id bigint primary key references members,
  cap_dollars numeric not null check (cap_dollars > 0),
  allowed_by bigint not null references members,
  allowed_at timestamptz not null
);

-- The newest balance of a linked account, as its venue told it.
create table venue_balances (
  account_id bigint primary key references accounts,
  cash numeric not null,
  buying_power numeric,
  equity numeric,
  blocked_because text,
  at timestamptz not null
);
