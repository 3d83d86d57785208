import { describe, expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { createDesk } from '../../../src/desk.ts'
import { passGate } from '../../../src/trading/accounts/gate.ts'
import { buyingPowerOf } from '../../../src/trading/accounts/rows/gate-facts.ts'
import { venueTold } from '../../../src/trading/orders/take-up.ts'
import { handClock } from '../../market/hand-clock.ts'
import { openTestDesk } from '../../support/desk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { heldBy, lookAt } from '../../talk/commands/planned.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'

const { test, desk, market } = deskTest({ environment: { DESKHAND_OWNERS: 'slack:T1:CHIEF' } })
test.beforeEach(() => {
  market.set('AAPL', '190')
  market.set('BYND', '1.00', '1.01')
})

/** Says yes where it is asked about. */
async function sure(who: Someone, text: string): Promise<string> {
  const said = await who.say(text)
  return said.includes('1️⃣  YES') ? who.say('1') : said
}

const accountOf = async (who: Someone) =>
  (
    await desk.desk.parts.db
      .selectFrom('accounts as a')
      .innerJoin('members as m', 'm.id', 'a.member_id')
      .select('a.id')
      .where('m.name', '=', who.name)
      .executeTakeFirstOrThrow()
  ).id
const left = async (who: Someone) => (await buyingPowerOf(desk.desk.parts.db, await accountOf(who))).left.toFixed()
const orders = async (who: Someone) =>
  desk.desk.parts.db
    .selectFrom('orders as o')
    .innerJoin('members as m', 'm.id', 'o.member_id')
    .selectAll('o')
    .where('m.name', '=', who.name)
    .where('o.purpose', '=', 'open')
    .execute()

describe('more than there is to buy with', () => {
  test('is refused before anybody is asked, with the largest size, which passes', async ({ alice }) => {
    expect(await alice.say('buy 1000 AAPL')).toBe(
      '⚠️ BUY 1,000 AAPL at about $190.00 takes $190,000.00, and the account has $100,000.00 of buying power. Nothing was done.\n💡 `buy 526 AAPL` passes',
    )
    expect(await sure(alice, 'buy 526 AAPL')).toContain('✓ BOUGHT 526 AAPL')
    expect(await left(alice)).toBe('60')
    expect(await alice.say('buy 1 AAPL')).toBe(
      '⚠️ BUY 1 AAPL at about $190.00 takes $190.00, and the account has $60.00 of buying power. Nothing was done.\n💡 What you `close` or `trim`, and orders that you `cancel`, make room',
    )
    expect(await sure(alice, 'sell 26 AAPL')).toContain('✓ SOLD 26 AAPL')
    expect(await sure(alice, 'add 26 AAPL')).toContain('✓ BOUGHT 26 AAPL')
  })

  test('counts what working orders may still take, at their limits', async ({ alice }) => {
    expect(await sure(alice, 'buy 500 AAPL @ 180')).toContain('(working)')
    expect(await left(alice)).toBe('10000')
    expect(await alice.say('buy 100 AAPL @ 185')).toBe(
      '⚠️ BUY 100 AAPL at $185.00 takes $18,500.00, and the account has $10,000.00 of buying power ($90,000.00 is kept for working orders). Nothing was done.\n💡 `buy 54 AAPL @ 185` passes',
    )
    expect(await sure(alice, 'buy 54 AAPL @ 185')).toContain('(working)')
    expect(await alice.say('buy 1 AAPL')).toContain('has $10.00 of buying power ($99,990.00 is kept')
    await alice.say('cancel all')
    expect(await left(alice)).toBe('100000')
  })

  test('counts nothing of an order that another takes the place of', async ({ alice }) => {
    await sure(alice, 'buy 500 AAPL @ 180')
    const { parts } = desk.desk
    const [order] = await orders(alice)
    const moved = (price: string) => ({
      ...{ accountId: order!.account_id, memberId: order!.member_id, insteadOf: order!.id },
      ...{ symbol: 'AAPL', side: 'buy' as const, quantity: new Big(500) },
      ...{ price: new Big(price), limitPrice: new Big(price) },
    })
    expect(await passGate(parts.db, parts, moved('200'))).toBeUndefined()
    const refused = await passGate(parts.db, parts, moved('201'))
    expect(refused).toMatchObject({
      code: 'NOT_ENOUGH_BUYING_POWER',
      text: expect.stringContaining('`buy 497 AAPL @ 201` passes'),
    })
    await alice.say('cancel all')
  })

  test('of an order that is filled in parts counts what is left of it', async ({ alice }) => {
    await sure(alice, 'buy 500 AAPL @ 180')
    const { parts } = desk.desk
    const accountId = await accountOf(alice)
    const order = await parts.db
      .selectFrom('orders')
      .select('sent_as')
      .where('account_id', '=', accountId)
      .executeTakeFirstOrThrow()
    const [quantity, price] = [new Big(400), new Big(180)]
    const what = { symbol: 'AAPL', side: 'buy' as const, quantity, price, commission: new Big(0), filledAt: new Date() }
    const fill = { account: String(accountId), venueFillId: 'a-part', clientOrderId: order.sent_as, ...what }
    await venueTold(parts, { kind: 'fill', fill })
    // 400 are paid, and 100 are set aside.
    expect(await left(alice)).toBe('10000')
    await alice.say('cancel all')
  })

  test('a short sale takes 150% of its value, working or open, and gives it back when it is covered', async ({
    alice,
  }) => {
    expect(await alice.say('sell 351 AAPL')).toBe(
      '⚠️ SELL 351 AAPL short at about $190.00 takes $100,035.00, 150% of its value, and the account has $100,000.00 of buying power. Nothing was done.\n💡 `sell 350 AAPL` passes',
    )
    expect(await sure(alice, 'sell 100 AAPL @ 200')).toContain('(working)')
    expect(await left(alice)).toBe('70000')
    await alice.say('cancel all')
    expect(await sure(alice, 'sell 350 AAPL')).toContain('Position: SHORT 350 AAPL')
    expect(await left(alice)).toBe('250')
    expect(await alice.say('buy 1000 BYND')).toContain('($99,750.00 for short positions)')
    expect(await sure(alice, 'cover 350 AAPL')).toContain('Position: FLAT')
    expect(await left(alice)).toBe('100000')
  })

  test('a short sale with a limit under the market counts at the market', async ({ alice }) => {
    expect(await alice.say('sell 600 AAPL @ 100')).toContain('takes $171,000.00, 150% of its value')
    expect(await alice.say('sell 600 AAPL @ 100')).toContain('`sell 350 AAPL @ 100` passes')
  })

  test('short positions take what they are worth at the price that `pl` shows in the same moment', async () => {
    const idle = await openTestDesk({ worker: false })
    const bob = someone(idle)
    await sure(bob, 'sell 100 AAPL')
    // Nobody sweeps here: the mark that is stored stays what it was.
    for (const price of ['250', '150']) {
      idle.market.set('AAPL', price)
      expect(await bob.say('pl')).toContain(`Current: $${price}.00`)
      const forShorts = Number(price) * 150
      const said = await bob.say('limits')
      expect(said).toContain(`$${forShorts.toLocaleString('en')}.00 for short positions`)
      expect(await bob.say('buy 100000 BYND')).toContain(/\$[\d,.]+ of buying power.*(?=\n)/.exec(said)![0])
    }
    await idle.close()
  })

  test('short positions count at the marks of now where they are given', async ({ alice }) => {
    await sure(alice, 'sell 100 AAPL')
    const { forShorts } = await buyingPowerOf(
      desk.desk.parts.db,
      await accountOf(alice),
      new Map([['AAPL', new Big(250)]]),
    )
    expect(forShorts.toFixed()).toBe('37500')
  })

  test('what was recorded counts as bought, and is never refused itself', async ({ alice }) => {
    expect(await alice.say('long AAPL 1000 @ 190')).toContain('✓ LONG 1,000 AAPL')
    expect(await alice.say('buy 1 BYND')).toBe(
      '⚠️ BUY 1 BYND at about $1.01 takes $1.01, and the account has $0.00 of buying power (what is held cost $90,000.00 more than the account has). Nothing was done.\n💡 What you `close` or `trim`, and orders that you `cancel`, make room',
    )
    expect(await alice.say('long BYND 5000 @ 1')).toContain('✓ LONG 5,000 BYND')
    expect(await sure(alice, 'sell 600 AAPL')).toContain('✓ SOLD 600 AAPL')
    expect(await left(alice)).toBe('19000')
  })
})

describe('what exits', () => {
  test('passes while the account is halted, broke and over its limits', async ({ alice }) => {
    await alice.say('long AAPL 1000 @ 190')
    await alice.say('short BYND 5000 @ 1')
    for (const limit of ['orders 1', 'working 1', 'scheduled 1', 'size $1', 'units 1'])
      await alice.say(`limits ${limit}`)
    await desk.desk.parts.db
      .insertInto('account_risk')
      .values({ account_id: await accountOf(alice), halted_at: new Date(), halted_because: 'a test' })
      .execute()
    expect(await alice.say('buy 1 BTC-USD')).toContain('The account is HALTED')
    expect(await sure(alice, 'sell 600 AAPL')).toContain('✓ SOLD 600 AAPL')
    expect(await sure(alice, 'trim 100 AAPL @ 200')).toContain('(working)')
    expect(await sure(alice, 'trim 100 AAPL @ 201')).toContain('(working)')
    expect(await alice.say('close AAPL if it drops below 180')).toContain('1️⃣')
    expect(await alice.say('1')).toContain('⏰ CLOSE AAPL')
    expect(await alice.say('close BYND if it breaks 2')).toContain('⏰ CLOSE BYND')
    expect(await sure(alice, 'buy 5000 BYND')).toContain('Position: FLAT')
    expect(await alice.say('flat AAPL')).toContain('Position: FLAT')
  })

  test('passes where what would turn the position round does not', async ({ alice }) => {
    await alice.say('long AAPL 100 @ 190')
    const [asked] = await alice.hear('sell 200 AAPL')
    expect(asked!.text).toContain('Sell the 100 only')
    await alice.say('limits size $100')
    expect((await alice.press(asked!, 'only')).map(({ text }) => text).join()).toContain('✓ SOLD 100 AAPL')
  })
})

test('a message that is heard twice does not find that its own order has taken the money', async ({ alice }) => {
  await alice.say('long BYND 1 @ 1')
  await alice.say('limits orders 1')
  await alice.hear('buy 5000 BYND', { id: 'heard-again' })
  await desk.desk.parts.db
    .updateTable('audit')
    .set({ finished_at: null, heard_at: new Date(Date.now() - 60_000) })
    .where('inbound_id', '=', 'heard-again')
    .execute()
  expect(await alice.hear('buy 5000 BYND', { id: 'heard-again' })).toEqual([])
  expect(await orders(alice)).toHaveLength(1)
})

test('orders at once, by two processes, never take more than there is', async ({ alice }) => {
  const { config, parts } = desk.desk
  const other = await createDesk({ config, log: parts.log, market })
  await alice.say('positions')
  const author = { id: `slack:T1:${alice.name.toUpperCase()}`, name: alice.name }
  const place = { door: 'slack' as const, workspace: 'T1', channel: 'C1', thread: alice.thread }
  const said = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const text = index % 3 === 0 ? 'buy 120 AAPL @ 189' : 'buy 120 AAPL'
      const on = index % 2 === 0 ? desk.desk : other
      const [reply] = await on.hear({ kind: 'message', id: `at-once-${index}`, author, place, text, addressed: true })
      return reply!.text
    }),
  )
  expect(said.filter((text) => text.startsWith('✓'))).toHaveLength(4)
  expect(said.filter((text) => text.includes('of buying power'))).toHaveLength(8)
  expect(await orders(alice)).toHaveLength(4)
  expect(Number(await left(alice))).toBeLessThan(120 * 189)
  await other.parts.queues.close()
  other.parts.redis.disconnect()
  await Promise.all([other.parts.db.destroy(), other.critical.db.destroy()])
})

test('an order for later passes the gate again when its time comes, and the thread is told what passes', async () => {
  const clock = handClock()
  const later = await openTestDesk({ clock, worker: false, timeScale: 1 })
  try {
    const bob = someone(later)
    expect(await sure(bob, 'buy 400 AAPL at 11am')).toContain('⏰ BUY 400 AAPL at the market at 11:00 AM')
    await bob.say('long BYND 50000 @ 1')
    const told = await lookAt(later, clock, bob, '2026-11-20T16:00:01Z')
    expect(told).toEqual([
      expect.stringContaining('⏰ NOW: BUY 400 AAPL at the market'),
      '🛑 NOT DONE: BUY 400 AAPL at the market\n⚠️ BUY 400 AAPL at about $190.00 takes $76,000.00, and the account has $50,000.00 of buying power. Nothing was done.\n💡 `buy 263 AAPL` passes',
    ])
    expect(await heldBy(later, bob)).toEqual([50000])
  } finally {
    await later.close()
  }
})
