-- A member has several accounts, and one of them in a conversation.

alter table accounts drop constraint accounts_member_id_key;
alter table accounts
  add column name text not null default 'paper',
  add column venue text not null default 'paper' check (venue = 'paper'),
  -- What the venue calls it; null: our id, as text.
  add column venue_account text,
  add column currency text not null default 'USD' check (currency = 'USD');
create unique index accounts_names on accounts (member_id, lower(name));
create index accounts_of_member on accounts (member_id, id);
alter table accounts add constraint accounts_whose unique (id, member_id);

-- The account that a member uses in a conversation: the one that they chose there, or first traded in. Without a row it is
-- the one that they use in the channel around the thread, and without that their first.
create table conversation_accounts (
  member_id bigint not null references members,
  conversation_id bigint not null references conversations,
  account_id bigint not null,
  primary key (member_id, conversation_id),
  foreign key (account_id, member_id) references accounts (id, member_id)
);

-- Accounts as replies name them: only where their member has more than one.
create view account_labels as
  select a.id as account_id,
    case when exists (select from accounts o where o.member_id = a.member_id and o.id <> a.id) then a.name end as label
  from accounts a;

-- The account that a reply is about; null: it is about none.
alter table replies add column account_id bigint references accounts;

-- Whoever has no account yet spends from account 0, which all of them share.
alter table guardian_budget drop constraint guardian_budget_account_id_fkey;

-- What was gained or lost elsewhere moves the start of a day. Kept apart as well, so that the days of a week can be added up.
alter table day_equity add column brought numeric not null default 0;
