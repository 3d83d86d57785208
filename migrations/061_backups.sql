-- Backups of this database: when each was made and checked, and why one failed.

create table backups (
  id bigint generated always as identity primary key,
  begun_at timestamptz not null default now(),
  -- Absent while it is under way, and for good when its process died.
  ended_at timestamptz,
  -- The file, as the process that wrote it names it.
  path text,
  bytes bigint,
  is_encrypted boolean,
  -- It was restored into a database beside, and every table was as it should be.
  is_checked boolean not null default false,
  -- The reason of a failure, in words.
  fault text
);
create index backups_by_time on backups (begun_at);
