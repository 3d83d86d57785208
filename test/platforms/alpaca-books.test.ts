import { expect, test } from 'vitest'
import { Big, sum } from '../../src/base/amounts.ts'
import fc from '../support/fast-check.ts'
import type { Account } from './alpaca/account.ts'
import { type Ask, asking } from './alpaca/client.ts'
import type { Faults } from './alpaca/faults.ts'
import { isEnded, type Order } from './alpaca/order.ts'
import { type AlpacaServer, startAlpacaServer } from './alpaca/server.ts'

const cents = fc.integer({ min: 40, max: 80 })
const side = fc.constantFrom('buy', 'sell')
const quantity = fc.integer({ min: 1, max: 300 })

const terms = fc.oneof(
  fc.record({ type: fc.constant('market'), side, quantity, tif: fc.constantFrom('day', 'ioc', 'fok', 'gtc') }),
  fc.record({
    type: fc.constant('limit'),
    side,
    quantity,
    limit: cents,
    tif: fc.constantFrom('day', 'ioc', 'fok', 'gtc'),
  }),
  fc.record({ type: fc.constant('stop'), side, quantity, stop: cents, tif: fc.constantFrom('day', 'gtc') }),
  fc.record({ type: fc.constant('bracket'), side, quantity, tif: fc.constantFrom('day', 'gtc') }),
  fc.record({ type: fc.constant('oco'), side, quantity, tif: fc.constantFrom('day', 'gtc') }),
)
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('place' as const), terms }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('price' as const), at: cents, size: fc.option(quantity) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(40) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('replace' as const), which: fc.nat(40), limit: cents }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.constantFrom(0, 1, 30, 600) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bust' as const), which: fc.nat(10) }) },
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

const faults: Partial<Faults> = {
  parts: 0.5,
  lateRejects: 0.1,
  slowCancels: 0.3,
  racingCancels: 0.2,
  slowReplaces: 0.5,
  unknownStatuses: 0.1,
  lateActivities: 0.3,
  lostAnswers: 0.1,
  falseFailures: 0.1,
}

const dollars = (hundredths: number) => (hundredths / 100).toFixed(2)

function bodyOf({ type, side: way, quantity: qty, ...rest }: (Step & { kind: 'place' })['terms']): object {
  const { limit, stop, tif } = rest as { limit?: number; stop?: number; tif: string }
  const common = { symbol: 'BYND', side: way, qty: String(qty), time_in_force: tif }
  const [target, guard] = (way === 'buy') === (type === 'bracket') ? ['0.75', '0.45'] : ['0.45', '0.75']
  const legs = { take_profit: { limit_price: target }, stop_loss: { stop_price: guard } }
  if (type === 'bracket') return { ...common, type: 'market', order_class: 'bracket', ...legs }
  if (type === 'oco') return { ...common, type: 'limit', order_class: 'oco', ...legs }
  const prices = { ...(limit && { limit_price: dollars(limit) }), ...(stop && { stop_price: dollars(stop) }) }
  return { ...common, type, ...prices }
}

async function take(alpaca: AlpacaServer, member: Account, ask: Ask, one: Step): Promise<void> {
  const pick = (which: number): Order | undefined =>
    alpaca.orders(member)[which % Math.max(1, alpaca.orders(member).length)]
  if (one.kind === 'place') await ask('POST', '/v2/orders', bodyOf(one.terms)).catch(() => undefined)
  if (one.kind === 'price')
    alpaca.setPrice('BYND', dollars(one.at), dollars(one.at + 1), { size: one.size ? String(one.size) : undefined })
  if (one.kind === 'cancel') await ask('DELETE', `/v2/orders/${pick(one.which)?.id}`)
  if (one.kind === 'replace')
    await ask('PATCH', `/v2/orders/${pick(one.which)?.id}`, { limit_price: dollars(one.limit) })
  if (one.kind === 'pass') await alpaca.letPass(one.minutes * 60_000)
  if (one.kind === 'bust') {
    const done = alpaca.executions(member)
    if (done.length > 0) alpaca.bust(done[one.which % done.length]!.id)
  }
}

/** Holding, cash, orders and list tell one story; nothing is promised twice. */
async function check(alpaca: AlpacaServer, member: Account, ask: Ask): Promise<void> {
  const done = alpaca.executions(member)
  const signed = done.map(({ order, quantity: qty }) => (order.side === 'buy' ? qty : qty.times(-1)))
  const spent = done.map(({ price }, index) => signed[index]!.times(price))
  expect(String(alpaca.held(member, 'BYND'))).toBe(String(sum(signed)))
  expect(String(member.cash)).toBe(String(new Big('100000').minus(sum(spent))))
  for (const order of alpaca.orders(member)) {
    const own = sum(done.filter((one) => one.order === order).map(({ quantity: qty }) => qty))
    expect([String(order.filled), order.filled.lte(order.quantity) || order.status === 'replaced']).toEqual([
      String(own),
      true,
    ])
    // A pair exits once, and a bracket no more than came in.
    const exits = order.orderClass === 'oco' && !order.parent ? [order, ...order.legs] : order.legs
    expect(sum(exits.map(({ filled }) => filled)).lte(order.quantity)).toBe(true)
    expect(order.status === 'filled').toBe(order.filled.eq(order.quantity) && order.status !== 'replaced')
  }
  const { body } = await ask('GET', '/v2/account/activities/FILL?page_size=100')
  const all = body as unknown as { qty: string }[]
  if (done.length <= 100) expect(all.length).toBe(done.length)
}

const { RUNS = '25' } = process.env

test('books, orders and lists agree after any story', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), fc.nat(1_000_000), async (story, seed) => {
      const alpaca = await startAlpacaServer({ seed, faults })
      alpaca.addAsset('BYND')
      alpaca.setPrice('BYND', '0.60', '0.61')
      const member = alpaca.addAccount()
      const ask = asking(alpaca.paperUrl, member)
      try {
        for (const one of story) await take(alpaca, member, ask, one)
        await alpaca.settle()
        await check(alpaca, member, ask)
        const stuck = alpaca.orders(member).filter((order) => !isEnded(order) && order.status.startsWith('pending'))
        expect(stuck.map(({ status }) => status)).toEqual([])
      } finally {
        await alpaca.close()
      }
    }),
    { numRuns: Number(RUNS) },
  )
})
