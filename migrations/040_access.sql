-- Ways in for pages and programs. Every secret is kept as its SHA-256 alone: 32 random bytes need no salt.

-- A link of `dashboard`: it becomes a session once, within minutes.
create table login_links (
  token_hash bytea primary key,
  member_id bigint not null references members,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index login_links_of_member on login_links (member_id, created_at);

create table web_sessions (
  id bigint generated always as identity primary key,
  token_hash bytea not null unique,
  member_id bigint not null references members,
  -- The browser in words, as it names itself.
  device text not null,
  created_at timestamptz not null,
  used_at timestamptz not null,
  -- At the latest; an idle one ends before.
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index web_sessions_open on web_sessions (member_id) where ended_at is null;

-- Owners decide who else may make tokens and hooks.
alter table members add column makes_tokens boolean not null default false;

create table api_tokens (
  id bigint generated always as identity primary key,
  token_hash bytea not null unique,
  member_id bigint not null references members,
  account_id bigint not null,
  name text not null,
  trades boolean not null,
  created_at timestamptz not null,
  used_at timestamptz,
  ended_at timestamptz,
  foreign key (account_id, member_id) references accounts (id, member_id)
);
create unique index api_tokens_names on api_tokens (member_id, lower(name)) where ended_at is null;

-- An address to which others post commands of its member; the desk answers in the conversation.
create table hooks (
  id bigint generated always as identity primary key,
  secret_hash bytea not null unique,
  member_id bigint not null references members,
  account_id bigint not null,
  conversation_id bigint not null references conversations,
  -- Its number among the hooks of its member, counted up and never used again.
  number integer not null,
  created_at timestamptz not null,
  used_at timestamptz,
  ended_at timestamptz,
  unique (member_id, number),
  foreign key (account_id, member_id) references accounts (id, member_id)
);

-- What hooks heard lately: a repeat within the window is one.
create table hook_calls (
  id bigint generated always as identity primary key,
  hook_id bigint not null references hooks,
  fingerprint bytea not null,
  at timestamptz not null
);
create index hook_calls_lately on hook_calls (hook_id, fingerprint, at);

-- Acts that came over the API, by their idempotency keys: the same key does one thing and gets the same answer.
create table api_requests (
  member_id bigint not null references members,
  key text not null,
  -- Of the method, the path, the account and the body.
  fingerprint bytea not null,
  inbound_id text not null unique,
  begun_at timestamptz not null,
  status integer,
  answer jsonb,
  primary key (member_id, key),
  check ((status is null) = (answer is null))
);
create index api_requests_by_time on api_requests (begun_at);

-- Lists of an account's orders, newest first.
create index orders_of_account on orders (account_id, id) where purpose <> 'record';
