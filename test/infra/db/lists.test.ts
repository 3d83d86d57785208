import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setOwners } from '../../../src/trading/accounts/rows/members.ts'
import { exitPositions } from '../../../src/trading/orders/exit.ts'
import { ordersSentAs } from '../../../src/trading/orders/rows/orders.ts'
import { cursorsOf } from '../../../src/trading/orders/rows/venue-cursors.ts'
import { voidRecorded } from '../../../src/trading/positions/rows/undoables.ts'
import { groupsOfPositions, lockGroups } from '../../../src/trading/scaleouts/rows/scaleout-groups.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'

let desk: TestDesk
beforeAll(async () => {
  desk = await openTestDesk({ worker: false })
})
afterAll(() => desk.close())

test.each<[string, () => Promise<unknown>, unknown]>([
  ['exits', () => exitPositions(desk.desk.parts, []), []],
  ['orders', () => ordersSentAs(desk.desk.parts.db, []), new Map()],
  ['cursors', () => cursorsOf(desk.desk.parts.db, []), new Map()],
  ['groups of positions', () => inTransaction((trx) => groupsOfPositions(trx, [])), []],
  ['locked groups', () => inTransaction((trx) => lockGroups(trx, [])), []],
  ['recordings to take back', () => inTransaction((trx) => voidRecorded(trx, [])), undefined],
  ['owners', () => setOwners(desk.desk.parts.db, []), { appointed: [], dismissed: [] }],
])('no %s are asked for, and none come back', async (_, ask, nothing) => {
  expect(await ask()).toEqual(nothing)
})

type Work = Parameters<ReturnType<TestDesk['desk']['parts']['db']['transaction']>['execute']>[0]

const inTransaction = (work: Work) => desk.desk.parts.db.transaction().execute(work)

/** The expressions that may follow `in`: literal names, the states of a live order, or a query. */
const neverEmpty = /^(\[\s*'|liveStates\b|\(|named\b)/

test('a list that may be empty is one value, `= any(…)`: Postgres takes no empty `in ()`', () => {
  const src = join(import.meta.dirname, '../../../src')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const lists = files.flatMap((name) =>
    [...readFileSync(join(src, name), 'utf8').matchAll(/\(\s*'[\w.]+',\s*'(?:not )?in',\s*([^\n]*)/g)].map(
      ([, list = '']) => ({ name, list }),
    ),
  )
  expect(lists.length).toBeGreaterThan(10)
  expect(lists.filter(({ list }) => !neverEmpty.test(list))).toEqual([])
})
