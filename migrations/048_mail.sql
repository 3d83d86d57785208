-- The address of a member, once a code that was sent there came back. `asked` waits for its code: the code itself is nowhere, only its
-- hash, and it is made when it is sent. `code_due_at` is when a code is to be sent, or sent again.
create table member_emails (
  member_id bigint primary key references members on delete cascade,
  address text,
  confirmed_at timestamptz,
  asked text,
  conversation_id bigint references conversations,
  code_due_at timestamptz,
  code_attempts integer not null default 0,
  code_hash text,
  code_sent_at timestamptz,
  code_tries integer not null default 0,
  codes integer not null default 0,
  codes_since timestamptz
);
create index member_emails_due on member_emails (code_due_at) where code_due_at is not null;
