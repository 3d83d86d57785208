import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contractionsIn } from './contracting.ts'

/** Older migrations do not follow the rule; all of them have been run everywhere. */
const first = '024'

test.each([
  'drop table watches',
  'drop view alert_places',
  'drop function new_client_id()',
  'alter table orders drop column symbol',
  'alter table orders drop symbol',
  'alter table orders add column more text, drop column symbol',
  'alter table orders rename column symbol to ticker',
  'ALTER TABLE orders\n  RENAME TO instructions',
  'alter table orders alter column quantity type bigint using 1',
  'alter table orders alter quantity set data type bigint',
  'alter table orders alter column symbol set not null',
  'alter table orders alter column state drop default',
  'alter table orders add column more text not null',
  'alter table orders add column one int default 0, add column more text not null',
  'alter table orders add constraint small check (quantity < 10)',
  'create unique index one_each on orders (symbol)',
  'truncate watches',
  "-- a comment; with 'quotes'\ndrop table watches",
  '-- contract: since 030\ndrop table watches',
  '-- contract: since 041\ndrop table watches',
  'create table mine (id int); drop table watches',
])('a migration may not say: %s', (text) => {
  expect(contractionsIn('030_wrong.sql', text)).toHaveLength(1)
})

test.each([
  'create table mine (id int not null); alter table mine add constraint small check (id < 10)',
  'create table mine (id int); create unique index mine_once on mine (id)',
  'alter table orders add column more text',
  "alter table orders add column more text not null default ''",
  'alter table orders add column more bigint references orders, add column flag boolean not null default false',
  'alter table orders add column twice numeric generated always as (quantity * 2) stored not null',
  'alter table orders alter column symbol drop not null',
  "alter table orders alter column state set default 'new'",
  "alter table orders drop constraint orders_state_check, add constraint orders_state_check check (state in ('a', 'b'))",
  'alter table orders add column other bigint; create unique index once on orders (other) where other is not null',
  'create index orders_by_time on orders (created_at)',
  'drop index orders_by_time',
  'create or replace view alert_places as select 1 as event_id',
  'create or replace function f() returns text language sql as $$ select 1; drop table watches; $$',
  "update orders set symbol = 'A' where symbol is null",
  '-- drop table watches',
  '-- No release since 029 reads it.\n-- contract: since 029\ndrop table watches',
])('a migration may say: %s', (text) => {
  expect(contractionsIn('030_right.sql', text)).toEqual([])
})

test('an older worker continues to work beside every schema that a newer release makes', () => {
  const folder = join(import.meta.dirname, '../../../migrations')
  const files = readdirSync(folder).filter((file) => file >= first)
  const found = files.flatMap((file) =>
    contractionsIn(file, readFileSync(join(folder, file), 'utf8')).map((what) => `${file} ${what}`),
  )
  expect(found, 'expand first, contract later: docs/operations.md').toEqual([])
})
