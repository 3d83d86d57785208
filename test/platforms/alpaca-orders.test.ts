import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Account } from './alpaca/account.ts'
import { type AlpacaServer, startAlpacaServer } from './alpaca/server.ts'

let alpaca: AlpacaServer
let member: Account

beforeEach(async () => {
  alpaca = await startAlpacaServer()
  alpaca.addAsset('BYND')
  alpaca.setPrice('BYND', '0.62', '0.63')
  member = alpaca.addAccount()
})

afterEach(() => alpaca.close())

type Json = Record<string, unknown>

async function ask(
  method: string,
  path: string,
  body?: object,
  account = member,
): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${alpaca.paperUrl}${path}`, {
    method,
    headers: { 'APCA-API-KEY-ID': account.keyId, 'APCA-API-SECRET-KEY': account.secret },
    body: body && JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : { text } }
}

const place = (terms: object) =>
  ask('POST', '/v2/orders', { symbol: 'BYND', qty: '100', side: 'buy', type: 'market', time_in_force: 'day', ...terms })
const orderNow = async (id: unknown) => (await ask('GET', `/v2/orders/${id}`)).body
const list = async (path: string) => (await ask('GET', path)).body as unknown as Json[]

test('an order is answered before it goes to the market, and then fills', async () => {
  const { status, body } = await place({ client_order_id: 'one' })
  expect([status, body.status, body.filled_qty]).toEqual([200, 'pending_new', '0'])
  expect(await orderNow(body.id)).toMatchObject({ status: 'filled', filled_qty: '100', filled_avg_price: '0.63' })
  expect(await list('/v2/account/activities/FILL')).toMatchObject([
    { type: 'fill', qty: '100', price: '0.63', cum_qty: '100', leaves_qty: '0', order_id: body.id },
  ])
  expect(await list('/v2/positions')).toMatchObject([
    { symbol: 'BYND', qty: '100', side: 'long', avg_entry_price: '0.63' },
  ])
  expect((await ask('GET', '/v2/account')).body.cash).toBe('99937')
})

test('a client id is good for one order, ended or not', async () => {
  await place({ client_order_id: 'one' })
  expect(await place({ client_order_id: 'one' })).toEqual({
    status: 422,
    body: { code: 40010001, message: 'client_order_id must be unique' },
  })
})

test('fills no more than the shares that are there', async () => {
  alpaca.setPrice('BYND', '0.62', '0.63', { size: '30' })
  const { body } = await place({ type: 'limit', limit_price: '0.63' })
  expect(await orderNow(body.id)).toMatchObject({ status: 'partially_filled', filled_qty: '30' })
  alpaca.setPrice('BYND', '0.61', '0.62', { size: '500' })
  expect(await orderNow(body.id)).toMatchObject({ status: 'filled', filled_avg_price: '0.623' })
})

test('an order at a closed market waits for the open, and expires at the next close', async () => {
  alpaca.closeMarket()
  const { body } = await place({ type: 'limit', limit_price: '0.5' })
  expect(body.status).toBe('accepted')
  alpaca.openMarket()
  expect(await orderNow(body.id)).toMatchObject({ status: 'new' })
  alpaca.closeMarket()
  expect(await orderNow(body.id)).toMatchObject({ status: 'expired' })
})

test('sessions begin and end by the calendar', async () => {
  const { body: day } = await place({ type: 'limit', limit_price: '0.5' })
  const { body: late } = await place({ type: 'limit', limit_price: '0.51', extended_hours: true })
  const { body: long } = await place({ type: 'limit', limit_price: '0.52', time_in_force: 'gtc' })
  await alpaca.letPass(6 * 3_600_000)
  expect([(await orderNow(day.id)).status, (await orderNow(late.id)).status]).toEqual(['expired', 'new'])
  expect((await ask('GET', '/v2/clock')).body).toMatchObject({ is_open: false, next_open: '2026-11-23T09:30:00-05:00' })
  alpaca.setPrice('BYND', '0.4', '0.41')
  expect([(await orderNow(late.id)).status, (await orderNow(long.id)).status]).toEqual(['filled', 'new'])
  await alpaca.letPass(66 * 3_600_000)
  expect((await orderNow(long.id)).status).toBe('filled')
})

test('a bracket sleeps until the whole entry is filled, and its halves end each other', async () => {
  alpaca.setPrice('BYND', '0.62', '0.63', { size: '40' })
  const { body } = await place({
    order_class: 'bracket',
    take_profit: { limit_price: '0.7' },
    stop_loss: { stop_price: '0.55' },
  })
  const legs = async () =>
    ((await ask('GET', `/v2/orders/${body.id}?nested=true`)).body.legs as Json[]).map(({ status }) => status)
  expect(await legs()).toEqual(['held', 'held'])
  alpaca.setPrice('BYND', '0.62', '0.63')
  expect(await legs()).toEqual(['new', 'held'])
  alpaca.setPrice('BYND', '0.54', '0.56')
  expect(await legs()).toEqual(['canceled', 'filled'])
  expect(await list('/v2/positions')).toEqual([])
})

test('the stop of a pair is for what its target has left', async () => {
  alpaca.hold(member, 'BYND', '100', '0.5')
  const { body } = await place({
    side: 'sell',
    type: 'limit',
    order_class: 'oco',
    take_profit: { limit_price: '0.7' },
    stop_loss: { stop_price: '0.55' },
  })
  alpaca.setPrice('BYND', '0.7', '0.71', { size: '30' })
  const stop = async () => ((await ask('GET', `/v2/orders/${body.id}?nested=true`)).body.legs as Json[])[0]
  expect(await stop()).toMatchObject({ status: 'held', qty: '70' })
  alpaca.setPrice('BYND', '0.5', '0.51')
  expect(await stop()).toMatchObject({ status: 'filled', filled_qty: '70' })
  expect(alpaca.held(member, 'BYND').toString()).toBe('0')
})

test('a replace makes a new order for the rest, and an order that fills meanwhile refuses it', async () => {
  alpaca.setPrice('BYND', '0.62', '0.63', { size: '0' })
  const { body: first } = await place({ type: 'limit', limit_price: '0.6' })
  alpaca.setPrice('BYND', '0.59', '0.6', { size: '30' })
  const { body: second } = await ask('PATCH', `/v2/orders/${first.id}`, { limit_price: '0.58' })
  expect(second).toMatchObject({
    replaces: first.id,
    client_order_id: expect.not.stringMatching(String(first.client_order_id)),
  })
  expect(await orderNow(first.id)).toMatchObject({ status: 'replaced', replaced_by: second.id, filled_qty: '30' })
  expect(await orderNow(second.id)).toMatchObject({ status: 'new', qty: '70', filled_qty: '0' })

  alpaca.faults.slowReplaces = 1
  const { body: third } = await ask('PATCH', `/v2/orders/${second.id}`, { limit_price: '0.57' })
  expect((await orderNow(second.id)).status).toBe('pending_replace')
  alpaca.setPrice('BYND', '0.57', '0.58')
  await alpaca.settle()
  expect([(await orderNow(second.id)).status, (await orderNow(third.id)).status]).toEqual(['filled', 'rejected'])
})

test('something may be filled after a cancel was accepted', async () => {
  alpaca.faults.racingCancels = 1
  const { body } = await place({ type: 'limit', limit_price: '0.5' })
  expect((await ask('DELETE', `/v2/orders/${body.id}`)).status).toBe(204)
  expect((await orderNow(body.id)).status).toBe('pending_cancel')
  await alpaca.settle()
  const { status, filled_qty } = await orderNow(body.id)
  expect(['canceled', 'filled']).toContain(status)
  expect(Number(filled_qty)).toBeGreaterThan(0)
  expect((await ask('DELETE', `/v2/orders/${body.id}`)).status).toBe(422)
})

test('takes parts of a share as published: for the day, simple, nine decimals, a dollar at least, none short', async () => {
  const refused = async (terms: object) => {
    const { status, body } = await place({ symbol: 'PART', ...terms })
    return [status, body.message]
  }
  alpaca.addAsset('PART')
  alpaca.setPrice('PART', '600', '600.10')
  const oco = { order_class: 'oco', take_profit: { limit_price: '700' }, stop_loss: { stop_price: '500' } }
  const limit = { type: 'limit', limit_price: '610', qty: '0.5' }
  expect(await refused({ qty: '0.0000000001' })).toEqual([422, 'qty must have at most 9 decimals'])
  expect(await refused({ qty: '0.001' })).toEqual([403, 'cost basis must be >= minimal amount of order 1'])
  expect(await refused({ qty: '0.5', side: 'sell' })).toEqual([422, 'fractional orders cannot be sold short'])
  expect(await refused({ ...limit, time_in_force: 'gtc' })).toEqual([422, 'fractional orders must be DAY orders'])
  expect(await refused({ ...limit, extended_hours: true })).toEqual([
    422,
    'asset "PART" does not accept fractional orders in extended hours',
  ])
  for (const terms of [{ qty: '0.123456789' }, limit, { type: 'stop', stop_price: '601', qty: '0.5' }])
    expect((await place({ symbol: 'PART', ...terms })).status).toBe(200)
  await alpaca.settle()
  const held = await list('/v2/positions')
  expect(held.find(({ symbol }) => symbol === 'PART')).toMatchObject({ qty: '0.623456789' })
  expect(await refused({ side: 'sell', type: 'limit', qty: '0.5', ...oco })).toEqual([
    422,
    'fractional orders must be simple orders',
  ])
  alpaca.addAsset('NOPART', { fractionable: false })
  alpaca.setPrice('NOPART', '10', '10.01')
  expect(await refused({ symbol: 'NOPART', qty: '0.5' })).toEqual([403, 'asset "NOPART" is not fractionable'])
  member.configurations.fractional_trading = false
  expect(await refused({ qty: '0.5' })).toEqual([403, 'account is not allowed to trade fractional shares'])
})

test('refuses in the words that are published', async () => {
  const refused = async (terms: object) => {
    const { status, body } = await place(terms)
    return [status, body.code, body.message]
  }
  expect(await refused({ qty: '1000000' })).toEqual([403, 40310000, 'insufficient buying power'])
  alpaca.addAsset('HARD', { shortable: false })
  alpaca.setPrice('HARD', '10', '10.01')
  expect(await refused({ symbol: 'HARD', side: 'sell' })).toEqual([422, 42210000, 'asset "HARD" cannot be sold short'])
  expect(await refused({ type: 'limit', limit_price: '1.001' })).toEqual([
    422,
    42210000,
    'invalid limit_price 1.001. sub-penny increment does not fulfill minimum pricing criteria',
  ])
  expect(await refused({ symbol: 'NONE' })).toEqual([422, 42210000, 'asset "NONE" not found'])
  expect(await refused({ qty: '0.5', time_in_force: 'gtc' })).toEqual([
    422,
    42210000,
    'fractional orders must be DAY orders',
  ])
  await place({})
  await place({ side: 'sell', type: 'limit', limit_price: '0.7' })
  expect(await refused({ side: 'sell', type: 'stop', stop_price: '0.5' })).toEqual([
    403,
    40310000,
    'insufficient qty available for order (requested: 100, available: 0)',
  ])
  expect(await refused({})).toEqual([403, 40310000, 'potential wash trade detected. use complex orders'])
  expect((await ask('GET', '/v2/positions/NONE')).body).toEqual({ code: 40410000, message: 'position does not exist' })
})

test('keys open one world only', async () => {
  const live = alpaca.addAccount({ mode: 'live' })
  expect((await ask('GET', '/v2/account', undefined, live)).status).toBe(403)
  expect((await ask('GET', '/v2/account', undefined, { ...live, secret: 'wrong' })).status).toBe(401)
})

test('an execution that is taken back is out of order, position, cash and list', async () => {
  const { body } = await place({})
  const [execution] = alpaca.executions(member)
  alpaca.bust(execution!.id)
  expect(await orderNow(body.id)).toMatchObject({ filled_qty: '0' })
  expect([await list('/v2/positions'), await list('/v2/account/activities')]).toEqual([[], []])
  expect((await ask('GET', '/v2/account')).body.cash).toBe('100000')
})

test('a split moves holdings, prices and orders, and pays fractions out', async () => {
  alpaca.hold(member, 'BYND', '105', '0.6')
  await place({ side: 'sell', type: 'limit', limit_price: '0.9', time_in_force: 'gtc' })
  alpaca.split('BYND', '0.1')
  expect(await list('/v2/positions')).toMatchObject([{ qty: '10', current_price: '6.2' }])
  expect(await list('/v2/orders')).toEqual([])
  expect(await list('/v2/account/activities/SPLIT')).toMatchObject([{ qty: '-95', activity_sub_type: 'RSPLIT' }])
  expect(await list('/v2/account/activities/MISC')).toMatchObject([{ net_amount: '3.1' }])
})

test('pages of activities follow their ids, which order one millisecond at random', async () => {
  alpaca.faults.parts = 1
  for (let count = 0; count < 6; count++) await place({ time_in_force: 'ioc' })
  const all = (await list('/v2/account/activities?direction=asc')).map(({ id }) => String(id))
  expect(all).toEqual(all.toSorted())
  const paged: string[] = []
  for (let token = ''; ; token = paged.at(-1)!) {
    const page = await list(`/v2/account/activities?direction=asc&page_size=2${token && `&page_token=${token}`}`)
    if (page.length === 0) break
    paged.push(...page.map(({ id }) => String(id)))
  }
  expect(paged).toEqual(all)
  expect(all.length).toBe(alpaca.executions(member).length)
})
