import { afterEach, expect, test } from 'vitest'
import type { Account, AccountOptions } from './tradestation/account.ts'
import { type Ask, asking } from './tradestation/client.ts'
import { startTradeStationServer, type TradeStationOptions, type TradeStationServer } from './tradestation/server.ts'

const opened: TradeStationServer[] = []

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

interface Started {
  ts: TradeStationServer
  member: Account
  ask: Ask
  /** Places an order of the account: its id, or the words of the refusal. */
  place(terms: object): Promise<string>
  /** The status, filled quantity and average price of an order. */
  look(id: string): Promise<unknown[]>
}

interface Shown {
  OrderID: string
  Status: string
  FilledPrice: string
  Legs: { ExecQuantity: string; QuantityOrdered: string; QuantityRemaining: string }[]
}

async function start(options: TradeStationOptions = {}, of: AccountOptions = {}): Promise<Started> {
  const ts = await startTradeStationServer(options)
  opened.push(ts)
  ts.addSymbol('BYND')
  ts.setPrice('BYND', '0.62', '0.63')
  const member = ts.addAccount(of)
  ts.oauth.expiresInSeconds = 1_000_000
  const ask = asking(ts.simUrl, ts.oauth.grant(member.user).access_token)
  return {
    ts,
    member,
    ask,
    async place(terms) {
      const { body } = await ask('POST', '/orderexecution/orders', { AccountID: member.id, ...terms })
      const { Orders: orders = [], Errors: errors = [] } = body as Record<string, Record<string, string>[]>
      return errors[0]?.Message ?? orders[0]?.OrderID ?? String(body.Message)
    },
    async look(id) {
      const { body } = await ask('GET', `/brokerage/accounts/${member.id}/orders/${id}`)
      const [order] = body.Orders as Shown[]
      return order ? [order.Status, order.Legs[0]!.ExecQuantity, order.FilledPrice] : []
    },
  }
}

const buy = {
  Symbol: 'BYND',
  Quantity: '100',
  OrderType: 'Market',
  TradeAction: 'BUY',
  TimeInForce: { Duration: 'DAY' },
}
const sell = { ...buy, TradeAction: 'SELL' }
const limit = (price: string) => ({ OrderType: 'Limit', LimitPrice: price })
const stop = (price: string) => ({ OrderType: 'StopMarket', StopPrice: price })
const lasting = (duration: string) => ({ TimeInForce: { Duration: duration } })

test('an order takes the levels of the book one after the other, and shows their sum and average', async () => {
  const { ts, member, place, look } = await start({}, { feePerShare: '0.01' })
  ts.setBook('BYND', {
    asks: [
      ['0.63', '40'],
      ['0.64', '30', 'NSDQ'],
    ],
  })
  const id = await place({ ...buy, ...limit('0.64') })
  expect(await look(id)).toEqual(['FPR', '70', '0.63428571'])
  ts.setBook('BYND', { asks: [['0.635', '500']] })
  expect(await look(id)).toEqual(['FLL', '100', '0.6345'])
  expect(ts.executions(member).map(({ quantity, price }) => `${quantity} @ ${price}`)).toEqual([
    '40 @ 0.63',
    '30 @ 0.64',
    '30 @ 0.635',
  ])
  expect(String(member.cash)).toBe('99935.55')
})

test('a repeated OrderConfirmID makes no second order', async () => {
  const { ts, place } = await start()
  const named = { ...buy, OrderConfirmID: '7CMygnFJXkihrJJfOPmVQa' }
  const first = await place(named)
  expect(await place(named)).toBe('Order failed. Reason: OrderConfirmID 7CMygnFJXkihrJJfOPmVQa has already been used')
  expect(ts.ordersNamed('7CMygnFJXkihrJJfOPmVQa').map(({ id }) => id)).toEqual([first])
  expect(await place({ ...named, OrderConfirmID: 'x'.repeat(23) })).toContain('22 characters')
  const { place: elsewhere } = await start({ answersRepeats: true })
  expect(await elsewhere(named)).toBe(await elsewhere(named))
})

test('nobody sells more than they hold, counts a share twice, or is long and short at once', async () => {
  const { ts, member, place } = await start()
  expect(await place(sell)).toBe('Order failed. Reason: EC602: You are long 0.00 shares!')
  expect(await place({ ...buy, TradeAction: 'BUYTOCOVER' })).toBe(
    'Order failed. Reason: EC602: You are short 0.00 shares!',
  )
  ts.hold(member, 'BYND', '100', '0.5')
  await place({ ...sell, Quantity: '60', ...limit('0.9') })
  expect(await place({ ...sell, Quantity: '41' })).toBe('Order failed. Reason: EC602: You are long 100.00 shares!')
  expect(await place({ ...sell, Quantity: '40' })).toMatch(/^\d+$/)
  expect(await place({ ...buy, TradeAction: 'SELLSHORT' })).toContain('EC804')
  expect(String(ts.held(member, 'BYND'))).toBe('60')
})

test('a short is opened by SELLSHORT and closed by BUYTOCOVER, where the share can be borrowed', async () => {
  const { ts, member, place } = await start()
  await place({ ...buy, TradeAction: 'SellShort' })
  expect(String(ts.held(member, 'BYND'))).toBe('-100')
  expect(await place(buy)).toContain('EC804')
  await place({ ...buy, TradeAction: 'BUYTOCOVER', Quantity: '100' })
  expect(String(ts.held(member, 'BYND'))).toBe('0')
  ts.addSymbol('GME', { isHardToBorrow: true })
  ts.setPrice('GME', '20', '20.01')
  expect(await place({ ...buy, Symbol: 'GME', TradeAction: 'SELLSHORT' })).toContain('not available to short')
})

test('an order is refused with words in an answer of 200, or as a whole with 400, 401, 403', async () => {
  const { ts, member, ask, place } = await start()
  expect(await place({ ...buy, Quantity: '10000000' })).toBe('Order failed. Reason: You have insufficient buying power')
  expect(await place({ ...buy, ...limit('0.62345') })).toContain('invalid Price increment')
  expect(await place({ ...buy, Symbol: 'NONE' })).toBe('Order failed. Reason: Invalid symbol')
  expect(await place({ ...buy, ...lasting('DYP') })).toContain('Only limit orders')
  const order = { AccountID: member.id, ...buy }
  expect(await ask('POST', '/orderexecution/orders', { ...order, Quantity: 'many' })).toMatchObject({
    status: 400,
    body: { Error: 'BadRequest', Message: 'Invalid Quantity: many' },
  })
  const stranger = ts.addAccount()
  expect((await ask('POST', '/orderexecution/orders', { ...order, AccountID: stranger.id })).status).toBe(403)
  expect((await asking(ts.simUrl, 'no')('GET', '/brokerage/accounts')).status).toBe(401)
  expect(ts.orders(member)).toEqual([])
})

test('a cancel is sent, and ends the order; one that is over is not open, and is forgotten the next day', async () => {
  const { ts, ask, place, look } = await start()
  const cancel = async (id: string) => (await ask('DELETE', `/orderexecution/orders/${id}`)).body
  const resting = await place({ ...buy, ...limit('0.5') })
  expect(await cancel(resting)).toEqual({ OrderID: resting, Message: 'Cancel request sent' })
  expect(await look(resting)).toEqual(['OUT', '0', '0'])
  expect(await cancel(resting)).toEqual({ Error: 'BadRequest', Message: 'Not an open order.' })
  expect(await cancel('1')).toEqual({ Error: 'BadRequest', Message: 'Invalid order ID.' })
  ts.setPrice('BYND', '0.62', '0.63', { size: '30' })
  const partly = await place({ ...buy, ...limit('0.63') })
  await cancel(partly)
  expect(await look(partly)).toEqual(['FLP', '30', '0.63'])
  await ts.letPass(24 * 3_600_000)
  expect(await cancel(resting)).toEqual({ Error: 'BadRequest', Message: 'Invalid order ID.' })
  expect(await look(resting)).toEqual([])
})

test('a replace keeps the id, and is for the whole quantity', async () => {
  const { ts, ask, place, look } = await start()
  ts.setPrice('BYND', '0.62', '0.63', { size: '30' })
  const id = await place({ ...buy, ...limit('0.63') })
  const replace = async (body: object) => (await ask('PUT', `/orderexecution/orders/${id}`, body)).body
  expect(await replace({ Quantity: '30' })).toMatchObject({ Error: 'BadRequest' })
  expect(await replace({ Quantity: '80', LimitPrice: '0.61' })).toEqual({
    OrderID: id,
    Message: 'Cancel/Replace order sent.',
  })
  ts.setPrice('BYND', '0.60', '0.61')
  expect(await look(id)).toEqual(['FLL', '80', '0.6175'])
  expect(await replace({ LimitPrice: '0.6' })).toMatchObject({ Message: 'Not an open order.' })
})

test('a bracket grows smaller with a fill of one side, and ends with it; an OCO ends at the first', async () => {
  const { ts, member, ask, look } = await start()
  ts.hold(member, 'BYND', '100', '0.5')
  const order = { AccountID: member.id, ...sell, ...lasting('GTC') }
  const group = async (type: string) => {
    const orders = [
      { ...order, ...limit('0.7') },
      { ...order, ...stop('0.5') },
    ]
    const { body } = await ask('POST', '/orderexecution/ordergroups', { Type: type, Orders: orders })
    return (body.Orders as { OrderID: string }[]).map(({ OrderID }) => OrderID)
  }
  const [target, guard] = await group('BRK')
  ts.setPrice('BYND', '0.70', '0.71', { bidSize: '40' })
  expect([await look(target!), await look(guard!)]).toEqual([
    ['FPR', '40', '0.7'],
    ['ACK', '0', '0'],
  ])
  expect(ts.orders(member).map(({ quantity }) => String(quantity))).toEqual(['100', '60'])
  ts.setPrice('BYND', '0.50', '0.51')
  expect([await look(target!), await look(guard!)]).toEqual([
    ['FLP', '40', '0.7'],
    ['FLL', '60', '0.5'],
  ])
  ts.setPrice('BYND', '0.6', '0.61')
  ts.hold(member, 'BYND', '100', '0.5')
  const [first, second] = await group('OCO')
  ts.setPrice('BYND', '0.70', '0.71', { bidSize: '40' })
  expect([await look(first!), await look(second!)]).toEqual([
    ['FPR', '40', '0.7'],
    ['OUT', '0', '0'],
  ])
})

test('in a group some orders may be refused, and the others stand', async () => {
  const { member, ask } = await start()
  const order = { AccountID: member.id, ...buy }
  const { body } = await ask('POST', '/orderexecution/ordergroups', {
    Type: 'OCO',
    Orders: [
      { ...order, ...limit('0.5') },
      { ...order, ...stop('0.61234') },
    ],
  })
  expect(body).toMatchObject({
    Orders: [{ Message: 'Sent order: Buy 100 BYND @ 0.5 Limit' }],
    Errors: [{ Error: 'FAILED', Message: 'Order failed. Reason: Type = STP has invalid Price increment' }],
  })
})

test('an entry sends its exits when it is filled', async () => {
  const { ts, member, place } = await start()
  const exit = { AccountID: member.id, ...sell, ...lasting('GTC') }
  await place({
    ...buy,
    ...limit('0.6'),
    OSOs: [
      {
        Type: 'BRK',
        Orders: [
          { ...exit, ...limit('0.8') },
          { ...exit, ...stop('0.5') },
        ],
      },
    ],
  })
  const statuses = () => ts.orders(member).map(({ status }) => status)
  expect(statuses()).toEqual(['ACK', 'OSO', 'OSO'])
  ts.setPrice('BYND', '0.59', '0.60')
  expect(statuses()).toEqual(['FLL', 'ACK', 'ACK'])
  ts.setPrice('BYND', '0.5', '0.51')
  expect(statuses()).toEqual(['FLL', 'OUT', 'FLL'])
})

test('orders wait for their session, and end with it', async () => {
  const { ts, place, look } = await start({ startsAt: '2026-11-20T22:30:00Z' })
  ts.setPrice('BYND', '0.70', '0.71')
  const status = async (id: string) => (await look(id))[0]
  const [day, plus, untilCancelled] = [
    await place(buy),
    await place({ ...buy, ...limit('0.72'), ...lasting('DYP') }),
    await place({ ...buy, ...limit('0.4'), ...lasting('GTC') }),
  ]
  expect([await status(day), await status(plus), await status(untilCancelled)]).toEqual(['DON', 'FLL', 'DON'])
  expect(await status(await place({ ...buy, ...lasting('IOC') }))).toBe('OUT')
  await ts.letPass(66 * 3_600_000)
  expect([await status(day), await status(untilCancelled)]).toEqual(['FLL', 'ACK'])
  const [expiring, brief, opening] = [
    await place({ ...buy, ...limit('0.4') }),
    await place({ ...buy, ...limit('0.4'), ...lasting('3') }),
    await place({ ...buy, ...lasting('OPG') }),
  ]
  expect(opening).toBe('Order failed. Reason: No OPG Orders after 9:29AM Eastern Time')
  await ts.letPass(180_000)
  expect([await status(brief), await status(expiring)]).toEqual(['EXP', 'ACK'])
  await ts.letPass(6 * 3_600_000)
  expect([await status(expiring), await status(untilCancelled)]).toEqual(['EXP', 'DON'])
})

test('what ended before today is in the history alone, page by page', async () => {
  const { ts, member, ask, place } = await start()
  const ids = [await place(buy), await place(buy), await place(buy)]
  const list = async (path: string) => {
    const { body } = await ask('GET', `/brokerage/accounts/${member.id}/${path}`)
    return [(body.Orders as Shown[]).map(({ OrderID }) => OrderID), body.NextToken] as [string[], string | undefined]
  }
  expect(await list('orders')).toEqual([ids.toReversed(), undefined])
  expect((await list('historicalorders?since=2026-11-01'))[0]).toEqual([])
  const [first, token] = await list('orders?pageSize=2')
  const [rest, last] = await list(`orders?pageSize=2&nextToken=${token}`)
  expect([first, rest, last]).toEqual([[ids[2], ids[1]], [ids[0]], undefined])
  await ts.letPass(24 * 3_600_000)
  expect(await list('orders')).toEqual([[], undefined])
  expect((await list('historicalorders?since=11/01/2026'))[0]).toEqual(ids.toReversed())
  const byId = await ask('GET', `/brokerage/accounts/${member.id}/historicalorders/${ids[0]},7?since=2026-11-01`)
  expect(byId.body).toMatchObject({ Orders: [{ OrderID: ids[0] }], Errors: [{ OrderID: '7', Error: 'NotFound' }] })
  expect((await ask('GET', `/brokerage/accounts/${member.id}/historicalorders?since=2026-01-01`)).status).toBe(400)
})

test('a list names the accounts that are not there, and has the others', async () => {
  const { ts, member, ask } = await start()
  ts.hold(member, 'BYND', '-100', '0.5')
  const live = ts.addAccount({ mode: 'live', user: member.user })
  const { body } = await ask('GET', `/brokerage/accounts/${member.id},${live.id}/positions`)
  expect(body).toMatchObject({
    Positions: [{ AccountID: member.id, LongShort: 'Short', Quantity: '-100', AveragePrice: '0.5', TotalCost: '-50' }],
    Errors: [{ AccountID: live.id, Error: 'Forbidden' }],
  })
  expect((await ask('GET', '/brokerage/accounts')).body.Accounts).toMatchObject([{ AccountID: member.id }])
  expect((await ask('GET', `/brokerage/accounts/${member.id}/balances`)).body.Balances).toMatchObject([
    { CashBalance: '100000', Equity: '99938', MarketValue: '-62', BuyingPower: '199814' },
  ])
})
