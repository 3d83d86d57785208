/**
 * SQL that lets a migrated database be cleaned: the rows of the migrations, the values of its sequences, and
 * `pristine.restore()`, which restores both. It refuses a database in which a test has created or dropped a table, a column,
 * a function or the like, and one that has grown large.
 */
export const pristine = `
create schema pristine;
create table pristine.seeds (name text, columns text, seeded boolean);
create table pristine.counters as
  select sequencename as name, coalesce(last_value, start_value) as value, last_value is not null as used
  from pg_sequences where schemaname = 'public';

do $$
declare
  t record;
  seeded boolean;
begin
  for t in
    select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by c.relname
  loop
    execute format('create table pristine.%1$I as select * from public.%1$I', t.name);
    execute format('select exists (select from pristine.%I)', t.name) into seeded;
    insert into pristine.seeds values (t.name, t.columns, seeded);
  end loop;
end $$;

create function pristine.shape() returns text language sql as $$
  select concat_ws(' ',
    (select concat(count(*), ' ', max(oid)) from pg_class),
    (select concat(count(*), ' ', max(attnum)) from pg_attribute),
    (select concat(count(*), ' ', max(oid)) from pg_proc),
    (select concat(count(*), ' ', max(oid)) from pg_trigger),
    (select concat(count(*), ' ', max(oid)) from pg_constraint))
$$;

create function pristine.restore() returns void language plpgsql set session_replication_role = replica as $$
declare t record;
begin
  if pg_database_size(current_database()) > 50000000 then raise 'the database is large'; end if;
  if pristine.shape() <> (select shape from pristine.made) then raise 'more than rows was changed'; end if;
  -- A table whose file is empty has never had a row: nothing but its size is looked at.
  for t in select * from pristine.seeds where seeded or pg_relation_size(format('public.%I', name)::regclass) > 0 loop
    execute format('delete from public.%I', t.name);
    if t.seeded then
      execute format('insert into public.%1$I (%2$s) overriding system value select %2$s from pristine.%1$I', t.name, t.columns);
    end if;
  end loop;
  perform setval(format('public.%I', name)::regclass, value, used) from pristine.counters;
end $$;

create table pristine.made (shape text);
insert into pristine.made select pristine.shape();
`
