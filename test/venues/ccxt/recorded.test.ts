import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Kysely } from 'kysely'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { Database } from '../../../src/infra/db/schema.ts'
import { createCcxtVenue } from '../../../src/venues/ccxt/ccxt.ts'
import { exchangeIdOf } from '../../../src/venues/ccxt/order-map.ts'
import { linkCcxt } from '../../../src/venues/links/ccxt/link-ccxt.ts'
import type { Venue } from '../../../src/venues/venue.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import * as binance from './recorded/binance.ts'
import * as coinbase from './recorded/coinbase.ts'
import { plenty } from './under-test.ts'

/** The answers of an exchange by method and path, with what was asked. */
type Answers = Record<string, (asked: URLSearchParams) => unknown>

let database: FreshDatabase
let db: Kysely<Database>
beforeAll(async () => {
  database = await freshDatabase()
  db = connectDatabase(database.url, pino({ level: 'silent' }))
})
afterAll(async () => {
  await db?.destroy()
  await database?.drop()
})

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Serves recorded answers; a request without one is answered by 404. */
async function serve(
  answers: Answers,
): Promise<{ url: string; asked: { what: string; given: URLSearchParams; body: string }[] }> {
  const asked: { what: string; given: URLSearchParams; body: string }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
    const body = Buffer.concat(chunks).toString()
    const what = `${request.method} ${pathname}`
    const given = body.startsWith('{')
      ? searchParams
      : new URLSearchParams([...searchParams, ...new URLSearchParams(body)])
    asked.push({ what, given, body })
    const found = answers[what]?.(given)
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(found ?? { code: -1, msg: `nothing was recorded for ${what}` }))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  servers.push(server)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const now = () => new Date('2026-11-20T15:00:00Z')

function venueAt(exchange: string, urls: string, secret: string): Venue {
  return createCcxtVenue({
    ...{ exchange, db, urls, now, budgets: plenty() },
    access: {
      of: async () => ({ mode: 'live', credentials: { kind: 'keys', keyId: 'a-key', secret } }),
      refused: async () => false,
      accounts: async () => [],
    },
  })
}

describe('Binance, by answers in its published formats', () => {
  const secret = 'a-secret'

  test('links a key that may trade, and refuses one that may withdraw', async () => {
    const good = await serve(binance.answers())
    expect(await linkCcxt('binance', good.url).check('live', { kind: 'keys', keyId: 'a-key', secret })).toMatchObject({
      outcome: 'found',
      found: { account: '354937868', cash: new Big('4723846.89208129') },
    })
    const rich = await serve(binance.answers({ mayWithdraw: true }))
    expect(await linkCcxt('binance', rich.url).check('live', { kind: 'keys', keyId: 'a-key', secret })).toMatchObject({
      outcome: 'unfit',
      words: 'This key may withdraw money. Make one that may not, and give that.',
    })
  })

  test('takes an order with an id of the desk’s, and books its fee in coins apart', async () => {
    const id = exchangeIdOf('binance-order', 0)
    const { url, asked } = await serve(binance.answers({ clientOrderId: id }))
    const venue = venueAt('binance', url, secret)
    const order = { account: 'b', clientOrderId: 'binance-order', symbol: 'BTC-USDT', side: 'buy' as const }
    const terms = { quantity: new Big('0.5'), limitPrice: new Big('60000.01') }
    expect(await venue.submit({ ...order, ...terms })).toMatchObject({
      outcome: 'accepted',
      report: { venueOrderId: '28', symbol: 'BTC-USDT' },
    })
    const sent = asked.find(({ what }) => what === 'POST /api/v3/order')!.given
    expect(sent.get('newClientOrderId')).toBe(id)
    expect([sent.get('quantity'), sent.get('price'), sent.get('type')]).toEqual(['0.5', '60000.01', 'LIMIT'])
    const found = (await venue.find({ account: 'b', clientOrderId: 'binance-order' }))!
    expect(found.state).toBe('filled')
    expect(found.fills.map(({ quantity, price, commission }) => [quantity, price, commission].map(String))).toEqual([
      ['0.5', '60000.01', '0'],
    ])
    const { actions } = await venue.corporateActions!('b')
    expect(actions).toMatchObject([{ symbol: 'BTC-USDT', quantity: new Big('-0.0005'), words: 'a fee of 0.0005 BTC' }])
    expect((await venue.corporateActions!('b', '0')).actions).toHaveLength(1)
  })

  test('tells its steps and minimums before anything is sent', async () => {
    const { url, asked } = await serve(binance.answers())
    const venue = venueAt('binance', url, secret)
    const order = { account: 'b', clientOrderId: 'small', symbol: 'BTC-USDT', side: 'buy' as const }
    const submit = (quantity: string, limit: string, symbol = 'BTC-USDT') =>
      venue.submit({ ...order, symbol, quantity: new Big(quantity), limitPrice: new Big(limit) })
    expect(await submit('0.000001', '60000')).toMatchObject({
      code: 'BAD_QUANTITY',
      words: 'Binance takes BTC in steps of 0.00001',
    })
    expect(await submit('0.00001', '60000')).toMatchObject({
      code: 'BAD_QUANTITY',
      words: 'Binance takes no order for less than 5 USDT',
    })
    expect(await submit('1', '60000.001')).toMatchObject({ code: 'BAD_PRICE' })
    expect(await submit('1', '0.03', 'ETH-BTC')).toMatchObject({ code: 'NOT_TRADED' })
    expect(asked.filter(({ what }) => what.startsWith('POST'))).toEqual([])
  })
})

describe('Coinbase, by answers in its published formats', () => {
  // Keys of Coinbase are files with an elliptic key; the page takes them in one line.
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const secret = privateKey.export({ type: 'sec1', format: 'pem' }).toString().replaceAll('\n', '\\n')

  test('links a key that may trade, and refuses one that may transfer', async () => {
    const good = await serve(coinbase.answers())
    expect(await linkCcxt('coinbase', good.url).check('live', { kind: 'keys', keyId: 'a-key', secret })).toMatchObject({
      outcome: 'found',
      found: { cash: new Big('1045.36') },
    })
    const rich = await serve(coinbase.answers({ mayTransfer: true }))
    expect(await linkCcxt('coinbase', rich.url).check('live', { kind: 'keys', keyId: 'a-key', secret })).toMatchObject({
      outcome: 'unfit',
    })
  })

  test('takes an order with an id of the desk’s, refuses in its words, and takes no purchase by quantity at the market', async () => {
    const id = exchangeIdOf('coinbase-order', 0)
    const { url, asked } = await serve(coinbase.answers({ clientOrderId: id }))
    const venue = venueAt('coinbase', url, secret)
    const order = { account: 'c', symbol: 'BTC-USD', side: 'buy' as const, quantity: new Big('0.001') }
    const limitPrice = new Big('60000.01')
    expect(await venue.submit({ ...order, clientOrderId: 'coinbase-order', limitPrice })).toMatchObject({
      outcome: 'accepted',
    })
    const sent = JSON.parse(asked.find(({ what }) => what === 'POST /api/v3/brokerage/orders')!.body)
    expect(sent).toMatchObject({
      client_order_id: id,
      product_id: 'BTC-USD',
      order_configuration: { limit_limit_gtc: { base_size: '0.001', limit_price: '60000.01' } },
    })
    const found = (await venue.find({ account: 'c', clientOrderId: 'coinbase-order' }))!
    expect(found).toMatchObject({ state: 'filled', filledQuantity: new Big('0.001') })
    expect(found.fills.map(({ commission }) => commission.toFixed())).toEqual(['0.36'])
    expect(await venue.submit({ ...order, clientOrderId: 'at-market' })).toMatchObject({
      outcome: 'refused',
      words: expect.stringContaining('by their cost alone'),
    })
    const poor = venueAt('coinbase', (await serve(coinbase.answers({ isPoor: true }))).url, secret)
    expect(await poor.submit({ ...order, clientOrderId: 'poor', limitPrice })).toMatchObject({
      outcome: 'refused',
      code: 'NOT_ENOUGH_MONEY',
    })
  })
})
