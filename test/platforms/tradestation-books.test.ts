import { expect, test } from 'vitest'
import { Big, sum, zero } from '../../src/base/amounts.ts'
import fc from '../support/fast-check.ts'
import type { Account } from './tradestation/account.ts'
import { type Ask, asking } from './tradestation/client.ts'
import { type Faults, noFaults } from './tradestation/faults.ts'
import { isEnded, type Order, sideOf } from './tradestation/order.ts'
import { startTradeStationServer, type TradeStationServer } from './tradestation/server.ts'

const cents = fc.integer({ min: 40, max: 80 })
const quantity = fc.integer({ min: 1, max: 300 })
const action = fc.constantFrom('BUY', 'SELL', 'SELLSHORT', 'BUYTOCOVER')
const duration = fc.constantFrom('DAY', 'DYP', 'GTC', 'GCP', 'IOC', 'FOK', '3')
const type = fc.constantFrom('Market', 'Limit', 'StopMarket', 'StopLimit')
const group = fc.constantFrom('BRK', 'OCO', 'OSO')

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('place' as const), type, action, quantity, at: cents, duration }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('group' as const),
      group,
      action,
      quantity: fc.integer({ min: 1, max: 60 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('price' as const), at: cents, size: fc.option(quantity) }) },
  // Through both exits of a group, before it can follow.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('whip' as const), size: fc.option(quantity) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(40) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      which: fc.nat(40),
      at: cents,
      quantity: fc.option(quantity),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.constantFrom(0, 1, 30, 600) }) },
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

const story = fc.array(step, { minLength: 5, maxLength: 40 })

const faults: Partial<Faults> = {
  parts: 0.3,
  lateRejects: 0.1,
  slowCancels: 0.3,
  racingCancels: 0.2,
  slowReplaces: 0.5,
  slowGroups: 0.8,
  fillsInAck: 0.3,
  outsAfterPartial: 0.3,
  unknownStatuses: 0.1,
  lostAnswers: 0.1,
  falseFailures: 0.1,
}

const dollars = (hundredths: number) => (hundredths / 100).toFixed(2)

function bodyOf(member: Account, one: Step & { kind: 'place' }): Record<string, unknown> {
  const { type: orderType, action: TradeAction, quantity: units, at, duration: Duration } = one
  return {
    AccountID: member.id,
    Symbol: 'BYND',
    Quantity: String(units),
    OrderType: orderType,
    TradeAction,
    TimeInForce: { Duration },
    ...(orderType.endsWith('Limit') && { LimitPrice: dollars(at) }),
    ...(orderType.startsWith('Stop') && { StopPrice: dollars(at) }),
  }
}

async function placeGroup(member: Account, ask: Ask, one: Step & { kind: 'group' }): Promise<void> {
  const order = (orderType: 'Limit' | 'StopMarket' | 'Market', way: string, at: number) =>
    bodyOf(member, {
      kind: 'place',
      type: orderType,
      action: way as 'BUY',
      quantity: one.quantity,
      at,
      duration: 'GTC',
    })
  const isShort = one.action === 'SELLSHORT' || one.action === 'BUYTOCOVER'
  const exit = isShort ? 'BUYTOCOVER' : 'SELL'
  const [target, guard] = isShort ? [45, 75] : [75, 45]
  const pair = [order('Limit', exit, target), order('StopMarket', exit, guard)]
  if (one.group === 'OSO') {
    const entry = { ...order('Market', isShort ? 'SELLSHORT' : 'BUY', 0), OSOs: [{ Type: 'BRK', Orders: pair }] }
    await ask('POST', '/orderexecution/orders', entry)
  } else await ask('POST', '/orderexecution/ordergroups', { Type: one.group, Orders: pair })
}

async function take(ts: TradeStationServer, member: Account, ask: Ask, one: Step): Promise<void> {
  const pick = (which: number): Order | undefined => ts.orders(member)[which % Math.max(1, ts.orders(member).length)]
  if (one.kind === 'place') await ask('POST', '/orderexecution/orders', bodyOf(member, one)).catch(() => undefined)
  if (one.kind === 'group') await placeGroup(member, ask, one).catch(() => undefined)
  if (one.kind === 'price')
    ts.setPrice('BYND', dollars(one.at), dollars(one.at + 1), { size: one.size ? String(one.size) : undefined })
  if (one.kind === 'whip') {
    ts.setPrice('BYND', '0.76', '0.77', { size: one.size ? String(one.size) : undefined })
    ts.setPrice('BYND', '0.43', '0.44')
  }
  if (one.kind === 'cancel') await ask('DELETE', `/orderexecution/orders/${pick(one.which)?.id ?? 1}`)
  if (one.kind === 'replace') {
    const terms = { LimitPrice: dollars(one.at), ...(one.quantity && { Quantity: String(one.quantity) }) }
    await ask('PUT', `/orderexecution/orders/${pick(one.which)?.id ?? 1}`, terms)
  }
  if (one.kind === 'pass') await ts.letPass(one.minutes * 60_000)
}

/** Holding, cash and orders tell one story. */
function checkBooks(ts: TradeStationServer, member: Account): void {
  const done = ts.executions(member)
  const signed = done.map(({ order, quantity: units }) => (sideOf(order) === 'buy' ? units : units.times(-1)))
  const spent = sum(done.map(({ price, fee }, index) => signed[index]!.times(price).plus(fee)))
  expect(String(ts.held(member, 'BYND'))).toBe(String(sum(signed)))
  expect(String(member.cash)).toBe(String(new Big('100000').minus(spent)))
  for (const order of ts.orders(member)) {
    const own = done.filter((one) => one.order === order)
    expect(String(order.filled)).toBe(String(sum(own.map(({ quantity: units }) => units))))
    expect(order.filled.lte(order.quantity)).toBe(true)
    if (order.status !== 'BRO') expect(order.status === 'FLL').toBe(order.filled.eq(order.quantity))
  }
}

/** An exit takes what is held, and no more. */
function checkExits(ts: TradeStationServer, member: Account): void {
  let position = zero
  for (const { order, quantity: units } of ts.executions(member)) {
    if (order.action === 'SELL') expect(units.lte(position)).toBe(true)
    if (order.action === 'BUYTOCOVER') expect(units.lte(position.times(-1))).toBe(true)
    position = sideOf(order) === 'buy' ? position.plus(units) : position.minus(units)
  }
}

async function checkList(ts: TradeStationServer, member: Account, ask: Ask): Promise<void> {
  const { body } = await ask('GET', `/brokerage/accounts/${member.id}/orders?pageSize=600`)
  const open = ts.orders(member).filter((order) => !isEnded(order))
  const listed = new Set((body.Orders as { OrderID: string }[]).map(({ OrderID }) => OrderID))
  expect(open.filter(({ id }) => !listed.has(id))).toEqual([])
}

const { RUNS = '12' } = process.env

test(
  'books, orders and lists agree after any story',
  async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.array(fc.nat(10), { maxLength: 3 }), fc.nat(1_000_000), async (steps, busts, seed) => {
        const ts = await startTradeStationServer({ seed, faults })
        ts.oauth.expiresInSeconds = 100_000_000
        ts.addSymbol('BYND')
        ts.setPrice('BYND', '0.60', '0.61')
        const member = ts.addAccount({ feePerShare: '0.001' })
        const ask = asking(ts.simUrl, ts.oauth.grant(member.user).access_token)
        try {
          for (const one of steps) await take(ts, member, ask, one)
          await ts.settle()
          Object.assign(ts.faults, noFaults)
          checkBooks(ts, member)
          checkExits(ts, member)
          await checkList(ts, member, ask)
          const stuck = ts
            .orders(member)
            .filter(({ status }) => status === 'UCN' || status === 'RSN' || status === 'OPN')
          expect(stuck.map(({ status }) => status)).toEqual([])
          for (const which of busts) {
            const done = ts.executions(member)
            if (done.length > 0) ts.bust(done[which % done.length]!.id)
          }
          checkBooks(ts, member)
        } finally {
          await ts.close()
        }
      }),
      { numRuns: Number(RUNS) },
    )
  },
  30_000 + Number(RUNS) * 500,
)
