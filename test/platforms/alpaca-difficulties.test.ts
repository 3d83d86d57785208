import { afterEach, expect, test } from 'vitest'
import type { Account } from './alpaca/account.ts'
import { type Ask, asking, followOrders } from './alpaca/client.ts'
import { type AlpacaOptions, type AlpacaServer, startAlpacaServer } from './alpaca/server.ts'

const opened: AlpacaServer[] = []

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function start(options: AlpacaOptions = {}): Promise<{ alpaca: AlpacaServer; member: Account; ask: Ask }> {
  const alpaca = await startAlpacaServer(options)
  opened.push(alpaca)
  alpaca.addAsset('BYND')
  alpaca.setPrice('BYND', '0.62', '0.63')
  const member = alpaca.addAccount()
  return { alpaca, member, ask: asking(alpaca.paperUrl, member) }
}

const buy = { symbol: 'BYND', qty: '100', side: 'buy', type: 'market', time_in_force: 'day' }
const resting = { ...buy, type: 'limit', limit_price: '0.5', time_in_force: 'gtc' }

test('decimals are bare numbers, with more digits than a float holds', async () => {
  const { alpaca, member } = await start({ faults: { bareNumbers: 1 } })
  const headers = { 'APCA-API-KEY-ID': member.keyId, 'APCA-API-SECRET-KEY': member.secret }
  const text = async (path: string, body?: object) => {
    const response = await fetch(`${alpaca.paperUrl}${path}`, {
      headers,
      method: body ? 'POST' : 'GET',
      body: JSON.stringify(body),
    })
    return response.text()
  }
  alpaca.setPrice('BYND', '0.62', '0.63', { size: '1' })
  await text('/v2/orders', { ...buy, qty: '7', client_order_id: '123' })
  alpaca.setPrice('BYND', '0.62', '0.64')
  const order = await text('/v2/orders:by_client_order_id?client_order_id=123')
  expect(order).toContain('"filled_avg_price":0.638571428571428571')
  expect(order).toContain('"qty":7,')
  expect(order).toContain('"client_order_id":"123"')
})

test('an order is shown with a status that nobody knows, and then with its own', async () => {
  const { alpaca, ask } = await start({ faults: { unknownStatuses: 1 } })
  const { body } = await ask('POST', '/v2/orders', resting)
  const status = async () => (await ask('GET', `/v2/orders/${body.id}`)).body.status
  expect(await status()).toBe('pending_review')
  await alpaca.settle()
  expect(await status()).toBe('new')
})

test('a new order is missing for a while, but fills', async () => {
  const { alpaca, member, ask } = await start({ faults: { missing: 1 } })
  await ask('POST', '/v2/orders', { ...buy, client_order_id: 'gone' })
  const look = async () => (await ask('GET', '/v2/orders:by_client_order_id?client_order_id=gone')).status
  expect([await look(), String(alpaca.held(member, 'BYND'))]).toEqual([404, '100'])
  await alpaca.settle()
  expect(await look()).toBe(200)
})

test('an order is done for the day, and goes on the next', async () => {
  const { alpaca, ask } = await start({ faults: { doneForDay: 1 } })
  const { body } = await ask('POST', '/v2/orders', resting)
  const status = async () => (await ask('GET', `/v2/orders/${body.id}`)).body.status
  await alpaca.letPass(7 * 3_600_000)
  expect(await status()).toBe('done_for_day')
  await alpaca.letPass(66 * 3_600_000)
  expect(await status()).toBe('new')
})

test('an order is rejected after it was accepted', async () => {
  const { alpaca, ask } = await start({ faults: { lateRejects: 1 } })
  const { body } = await ask('POST', '/v2/orders', buy)
  expect(body.status).toBe('pending_new')
  await alpaca.settle()
  expect((await ask('GET', `/v2/orders/${body.id}`)).body).toMatchObject({ status: 'rejected', filled_qty: '0' })
})

test('an execution counts before it is listed, and the list may know it by another id', async () => {
  const { alpaca, member, ask } = await start({ faults: { lateActivities: 1 }, hasUnlikeIds: true })
  await ask('POST', '/v2/orders', buy)
  const list = async () => (await ask('GET', '/v2/account/activities/FILL')).body as unknown as { id: string }[]
  expect([String(alpaca.held(member, 'BYND')), await list()]).toEqual(['100', []])
  await alpaca.settle()
  const [listed] = await list()
  expect(listed!.id).not.toContain(alpaca.executions(member)[0]!.id)
})

test('a replacing order may carry what the old one has filled', async () => {
  const { alpaca, ask } = await start({ carriesFills: true })
  alpaca.setPrice('BYND', '0.62', '0.63', { size: '40' })
  const { body: first } = await ask('POST', '/v2/orders', { ...buy, type: 'limit', limit_price: '0.63' })
  const { body: second } = await ask('PATCH', `/v2/orders/${first.id}`, { limit_price: '0.6' })
  expect((await ask('GET', `/v2/orders/${second.id}`)).body).toMatchObject({
    qty: '100',
    filled_qty: '40',
    status: 'partially_filled',
  })
})

test('a halted symbol fills nothing until it is resumed', async () => {
  const { alpaca, ask } = await start()
  alpaca.halt('BYND')
  const { body } = await ask('POST', '/v2/orders', buy)
  const status = async () => (await ask('GET', `/v2/orders/${body.id}`)).body.status
  expect(await status()).toBe('new')
  alpaca.resume('BYND')
  expect(await status()).toBe('filled')
})

test('orders of the opening and the closing auction fill there, or end', async () => {
  const { alpaca, ask } = await start({ startsAt: '2026-11-20T13:00:00Z' })
  const place = async (terms: object) => (await ask('POST', '/v2/orders', { ...buy, ...terms })).body.id
  const status = async (id: unknown) => (await ask('GET', `/v2/orders/${id}`)).body.status
  const opening = await place({ time_in_force: 'opg' })
  const missed = await place({ time_in_force: 'opg', type: 'limit', limit_price: '0.5' })
  const closing = await place({ time_in_force: 'cls' })
  await alpaca.letPass(2 * 3_600_000)
  expect([await status(opening), await status(missed), await status(closing)]).toEqual(['filled', 'canceled', 'new'])
  expect((await ask('POST', '/v2/orders', { ...buy, time_in_force: 'opg' })).status).toBe(422)
  await alpaca.letPass(7 * 3_600_000)
  expect(await status(closing)).toBe('filled')
})

test('a clock that is wrong shows in every time that the broker tells', async () => {
  const { alpaca, ask } = await start()
  alpaca.skew(90_000)
  const { body, headers } = await ask('GET', '/v2/clock')
  expect([body.timestamp, headers.get('date')]).toEqual(['2026-11-20T10:01:30-05:00', 'Fri, 20 Nov 2026 15:01:30 GMT'])
})

test('a half-open stream is open and silent', async () => {
  const { alpaca, member } = await start({ faults: { halfOpenStreams: 1 } })
  const silent = await followOrders(alpaca.paperUrl, member)
  silent.ping()
  alpaca.faults.halfOpenStreams = 0
  const good = await followOrders(alpaca.paperUrl, member)
  good.ping()
  await expect.poll(() => [good.heard.length, good.pongs()]).toEqual([2, 1])
  expect([silent.heard.length, silent.pongs(), silent.isClosed()]).toEqual([0, 0, false])
  for (const one of [silent, good]) one.close()
})

test('on the time of the machine parts come by themselves, at any hour', async () => {
  const { alpaca, member, ask } = await start({ isByHand: false, faults: { parts: 1 }, seed: 219 })
  const { body } = await ask('POST', '/v2/orders', buy)
  const now = async () => (await ask('GET', `/v2/orders/${body.id}`)).body
  await expect.poll(async () => (await now()).status).toBe('filled')
  expect(alpaca.executions(member).length).toBe(2)
})
