import { afterAll, beforeAll, expect, test } from 'vitest'
import { figureHandlers } from '../../../src/api/routes/reads/figures.ts'
import { Big } from '../../../src/base/amounts.ts'
import { accountsOf } from '../../../src/trading/accounts/rows/accounts.ts'
import { type LinkedDesk, openLinkedDesk } from '../../trading/reconcile/linked-desk.ts'

let linked: LinkedDesk
beforeAll(async () => {
  linked = await openLinkedDesk()
  linked.price('BYND', '1.00')
})
afterAll(() => linked.close())

/** The broker counts a deposit, and positions that are not the desk's. */
const told = { cash: new Big('12345.67'), equity: new Big('23456.78'), buyingPower: new Big('34567.89') }

test('equity, cash and buying power of a linked account are the broker’s, with their age; P&L is the desk’s', async () => {
  const { parts } = linked.desk.desk
  const alice = await linked.member()
  await alice.say('buy BYND 100')
  linked.venue.balances.set(alice.account, told)
  await linked.until(async () => (await alice.say('balance')).includes('Cash: $12,345.67'))
  linked.price('BYND', '1.50')
  const balance = await alice.say('balance')
  expect(balance).toContain('Equity: $23,456.78\n')
  expect(balance).toContain('Buying power: $34,567.89')
  expect(balance).toMatch(/🏦 As broker told it \d+ s ago/)
  expect(balance).toContain('Today, with what is open: $+50.00')
  expect(balance).toContain('In all: $+50.00 in positions of the desk')
  expect(balance).not.toContain('since $')

  const [paper, , line] = (await alice.say('accounts')).split('\n').slice(1)
  expect(paper).toContain('· equity $100,000.00 · cash $100,000.00')
  expect(line).toMatch(/equity \$23,456\.78 · cash \$12,345\.67 \(as broker told it \d+ s ago\)/)
  const pl = await alice.say('pl')
  expect(pl).toMatch(/Account: equity \$23,456\.78 · cash \$12,345\.67 \(as broker told it \d+ s ago\)/)
  expect(pl).toContain('Master P&L: $+50.00')

  const { figures, accounts } = figureHandlers as unknown as Record<string, (asked: object) => Promise<object>>
  expect(await figures!({ parts, accountId: alice.accountId })).toMatchObject({
    equity: '23456.78',
    cash: '12345.67',
    broker: { cash: '12345.67', equity: '23456.78', buyingPower: '34567.89' },
    dayPnl: '50',
    openPnl: '50',
  })
  const { memberId } = await parts.db
    .selectFrom('accounts')
    .select('member_id as memberId')
    .where('id', '=', alice.accountId)
    .executeTakeFirstOrThrow()
  const all = await accountsOf(parts.db, memberId)
  expect(await accounts!({ parts, accounts: all, caller: { role: 'owner' } })).toMatchObject({
    items: [
      { equity: '100000', broker: null },
      { equity: '100000', broker: null },
      { equity: '23456.78', broker: { cash: '12345.67' } },
    ],
  })
})

test('of a broker that tells no equity, none is invented; while it is silent the age says so', async () => {
  const { db } = linked.desk.desk.parts
  const bob = await linked.member()
  linked.venue.balances.set(bob.account, { cash: new Big(500) })
  await linked.until(async () => (await bob.say('balance')).includes('Cash: $500.00'))
  expect(await bob.say('balance')).toContain('Equity: not told by the broker')
  linked.venue.balance = () => Promise.reject(new Error('silent'))
  await db
    .updateTable('venue_balances')
    .set({ at: new Date(Date.now() - 86_400_000) })
    .where('account_id', '=', bob.accountId)
    .execute()
  const silent = await bob.say('balance')
  expect(silent).toContain('Cash: $500.00')
  expect(silent).toMatch(/told it \d+ h/)
  expect(silent).toContain('the broker does not answer now, and orders that open are refused until it does')
})
