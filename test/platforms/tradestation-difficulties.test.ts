import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { Account } from './tradestation/account.ts'
import { type Ask, asking, readStream } from './tradestation/client.ts'
import { startTradeStationServer, type TradeStationOptions, type TradeStationServer } from './tradestation/server.ts'

const opened: TradeStationServer[] = []

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function start(options: TradeStationOptions = {}) {
  const ts = await startTradeStationServer(options)
  opened.push(ts)
  ts.addSymbol('BYND')
  ts.setPrice('BYND', '0.62', '0.63')
  const member = ts.addAccount()
  const token = ts.oauth.grant(member.user).access_token
  const ask = asking(ts.simUrl, token)
  return { ts, member, token, ask, place: placing(ask, member), look: looking(ask, member) }
}

const placing =
  (ask: Ask, { id }: Account) =>
  async (terms: object) =>
    (await ask('POST', '/orderexecution/orders', { AccountID: id, ...terms })).body as Record<
      string,
      Record<string, string>[]
    >

const looking =
  (ask: Ask, { id }: Account) =>
  async (orderId: string): Promise<string> => {
    const { body } = await ask('GET', `/brokerage/accounts/${id}/orders/${orderId}`)
    const [order] = body.Orders as { Status: string; Legs: { ExecQuantity: string }[] }[]
    return order ? `${order.Status} ${order.Legs[0]!.ExecQuantity}` : 'nothing'
  }

const buy = {
  Symbol: 'BYND',
  Quantity: '100',
  OrderType: 'Market',
  TradeAction: 'BUY',
  TimeInForce: { Duration: 'DAY' },
}
const resting = { ...buy, OrderType: 'Limit', LimitPrice: '0.5' }

test('a placement is lost before it arrives, or its answer after, and each is done once', async () => {
  const { ts, member, place } = await start()
  for (const [as, count] of [
    ['lost', 0],
    ['unanswered', 1],
    [{ afterwards: 502 }, 2],
    [500, 2],
  ] as const) {
    ts.failNext({ method: 'POST', path: /orders$/, as })
    await place(buy).catch(() => undefined)
    expect(ts.orders(member).length).toBe(count)
  }
  Object.assign(ts.faults, { lostAnswers: 1 })
  await expect(place(buy)).rejects.toThrow('fetch failed')
  expect(ts.orders(member).length).toBe(3)
})

test('an order is told as received when it is filled, and as filled later', async () => {
  const { ts, member, token, place, look } = await start({ faults: { fillsInAck: 1 } })
  const reader = await readStream(ts.simUrl, `/brokerage/stream/accounts/${member.id}/orders`, token)
  const { Orders: [placed] = [] } = await place(buy)
  expect(await look(placed!.OrderID!)).toBe('ACK 100')
  await ts.settle()
  expect(await look(placed!.OrderID!)).toBe('FLL 100')
  const statuses = () => reader.heard.flatMap(({ Status }) => (Status ? [Status] : []))
  await eventually(statuses).toEqual(['OPN', 'ACK', 'ACK', 'FLL'])
  reader.close()
})

test('an order that was partly filled is over, and then told as out', async () => {
  const { ts, ask, place, look } = await start({ faults: { outsAfterPartial: 1 } })
  ts.setPrice('BYND', '0.62', '0.63', { size: '30' })
  const { Orders: [placed] = [] } = await place({ ...buy, OrderType: 'Limit', LimitPrice: '0.63' })
  await ask('DELETE', `/orderexecution/orders/${placed!.OrderID}`)
  expect(await look(placed!.OrderID!)).toBe('FLP 30')
  await ts.settle()
  expect(await look(placed!.OrderID!)).toBe('OUT 30')
})

test('a refusal is told in the list of orders, or after the order was taken', async () => {
  const { ts, member, place } = await start({ faults: { errorsInOrders: 1 } })
  const sell = { ...buy, TradeAction: 'SELL' }
  const words = 'EC602: You are long 0.00 shares!'
  expect(await place(sell)).toMatchObject({ Orders: [{ Error: 'FAILED', Message: `Order failed. Reason: ${words}` }] })
  Object.assign(ts.faults, { lateRejects: 1 })
  expect(await place(sell)).toMatchObject({ Orders: [{ Message: 'Sent order: Sell 100 BYND @ Market' }] })
  await ts.settle()
  expect(ts.orders(member)).toMatchObject([{ status: 'REJ', rejectReason: words }])
})

test('a list that failed is an answer of 200 with errors, and says nothing of the account', async () => {
  const { ts, member, ask } = await start({ faults: { softErrors: 1 } })
  ts.hold(member, 'BYND', '100', '0.5')
  const { status, body } = await ask('GET', `/brokerage/accounts/${member.id}/positions`)
  expect([status, body]).toEqual([
    200,
    { Positions: [], Errors: [{ AccountID: member.id, Error: 'GatewayTimeout', Message: 'Request timed out.' }] },
  ])
})

test('a cancel and a replace may be too late', async () => {
  const { ts, member, ask, place } = await start({ faults: { racingCancels: 1, slowReplaces: 1 } })
  const { Orders: [first] = [] } = await place(resting)
  await ask('DELETE', `/orderexecution/orders/${first!.OrderID}`)
  const { Orders: [second] = [] } = await place(resting)
  await ask('PUT', `/orderexecution/orders/${second!.OrderID}`, { Quantity: '50' })
  expect(ts.orders(member).map(({ status }) => status)).toEqual(['UCN', 'RSN'])
  ts.setPrice('BYND', '0.49', '0.50', { size: '180' })
  await ts.settle()
  expect(ts.orders(member).map(({ status, filled }) => `${status} ${filled}`)).toEqual(['FLL 100', 'FPR 80'])
  expect(String(ts.orders(member)[1]!.quantity)).toBe('100')
})

test('both orders of a slow bracket are filled, but no more than is held', async () => {
  const { ts, member, ask } = await start({ faults: { slowGroups: 1 } })
  ts.hold(member, 'BYND', '100', '0.5')
  const exit = { ...buy, AccountID: member.id, TradeAction: 'SELL' }
  await ask('POST', '/orderexecution/ordergroups', {
    Type: 'BRK',
    Orders: [
      { ...exit, OrderType: 'Limit', LimitPrice: '0.7' },
      { ...exit, OrderType: 'StopMarket', StopPrice: '0.6' },
    ],
  })
  ts.setPrice('BYND', '0.70', '0.71', { bidSize: '40' })
  ts.setPrice('BYND', '0.60', '0.61')
  await ts.settle()
  expect(ts.orders(member).map(({ status, filled }) => `${status} ${filled}`)).toEqual(['FLP 40', 'FLP 60'])
  expect(String(ts.held(member, 'BYND'))).toBe('0')
})

test('orders come in parts, are missing for a while, or have a status that nobody knows', async () => {
  const { ts, member, place, look } = await start({ faults: { parts: 1 } })
  await place(buy)
  await ts.settle()
  expect(ts.executions(member).length).toBeGreaterThan(1)
  ts.faults.parts = 0
  Object.assign(ts.faults, { missing: 1 })
  const { Orders: [hidden] = [] } = await place(resting)
  expect(await look(hidden!.OrderID!)).toBe('nothing')
  await ts.settle()
  expect(await look(hidden!.OrderID!)).toBe('ACK 0')
  Object.assign(ts.faults, { missing: 0, unknownStatuses: 1 })
  const { Orders: [odd] = [] } = await place(resting)
  expect(await look(odd!.OrderID!)).toBe('ZZZ 0')
})

test('what is done by hand at the broker shows', async () => {
  const { ts, member } = await start()
  ts.placeElsewhere(member, buy)
  const [execution] = ts.executions(member)
  ts.correct(execution!.id, '0.60')
  expect([String(member.cash), String(member.holdings.get('BYND')!.cost)]).toEqual(['99940', '60'])
  ts.split('BYND', '0.3')
  expect(String(ts.held(member, 'BYND'))).toBe('30')
  ts.hold(member, 'BYND', '70', '1')
  ts.bust(execution!.id)
  expect(ts.orders(member)).toMatchObject([{ status: 'BRO' }])
  expect([String(member.cash), ts.executions(member)]).toEqual(['100000', []])
  expect(() => ts.placeElsewhere(member, { ...buy, TradeAction: 'SELL' })).toThrow('EC602')
})

test('requests above the limit of their kind are refused until its window is over', async () => {
  const { ts, member, ask } = await start({ limits: { orders: 2 } })
  const list = async () => {
    const { status, headers } = await ask('GET', `/brokerage/accounts/${member.id}/orders`)
    return [status, headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-reset')]
  }
  const reset = String(Date.parse('2026-11-20T15:05:00Z') / 1000)
  expect([await list(), await list(), await list()]).toEqual([
    [200, '1', reset],
    [200, '0', reset],
    [429, '0', reset],
  ])
  expect((await ask('GET', `/brokerage/accounts/${member.id}/balances`)).status).toBe(200)
  await ts.letPass(300_000)
  expect((await list())[0]).toBe(200)
})

test('a user agrees on the page, and the tokens end, rotate and are refused', async () => {
  const { ts, member } = await start()
  const { oauth } = ts
  const back = 'http://localhost/back'
  const verifier = 'v'.repeat(43)
  const page = new URLSearchParams({
    response_type: 'code',
    client_id: oauth.clientId,
    redirect_uri: back,
    audience: 'https://api.tradestation.com',
    scope: 'openid offline_access MarketData ReadAccount Trade',
    state: 'here',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const visit = async () => {
    const { headers } = await fetch(`${oauth.authorizeUrl}?${page}`, { redirect: 'manual' })
    return new URL(headers.get('location') ?? 'about:blank').searchParams
  }
  const post = async (form: Record<string, string>) => {
    const { clientId: client_id, clientSecret: client_secret } = oauth
    const body = new URLSearchParams({ client_id, client_secret, ...form })
    const response = await fetch(oauth.tokenUrl, { method: 'POST', body })
    return [response.status, await response.json()] as [number, Record<string, string>]
  }
  const refresh = (refresh_token: string) => post({ grant_type: 'refresh_token', refresh_token })
  const accounts = async (token: string) => (await asking(ts.simUrl, token)('GET', '/brokerage/accounts')).status

  oauth.signIn(member.user)
  oauth.rotates = true
  const said = await visit()
  expect(said.get('state')).toBe('here')
  const code = { grant_type: 'authorization_code', redirect_uri: back, code: said.get('code')! }
  const [, first] = await post({ ...code, code_verifier: verifier })
  expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 1200, id_token: expect.any(String) })
  expect((await post({ ...code, code_verifier: verifier }))[0]).toBe(403)
  expect(await accounts(first.access_token!)).toBe(200)
  await ts.letPass(1_200_000)
  expect(await accounts(first.access_token!)).toBe(401)
  const [, second] = await refresh(first.refresh_token!)
  expect(await refresh(first.refresh_token!)).toMatchObject([403, { error: 'invalid_grant' }])
  expect(await accounts(second.access_token!)).toBe(200)
  ts.faults.expiredTokens = 1
  expect(await accounts(second.access_token!)).toBe(401)
  ts.faults.expiredTokens = 0
  oauth.rotates = false
  const [, third] = await refresh(second.refresh_token!)
  expect(third.refresh_token).toBeUndefined()
  oauth.refusesRefresh = true
  expect((await refresh(second.refresh_token!))[0]).toBe(403)
  oauth.refusesRefresh = false
  const { clientId: client_id, clientSecret: client_secret } = oauth
  const revoking = new URLSearchParams({ client_id, client_secret, token: 'any' })
  await fetch(oauth.revokeUrl, { method: 'POST', body: revoking })
  expect([oauth.revocations(), (await refresh(second.refresh_token!))[0]]).toEqual([1, 403])
  oauth.declines = true
  expect((await visit()).get('error')).toBe('access_denied')
})
