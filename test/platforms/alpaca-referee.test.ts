import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ask, asking, followOrders } from './alpaca/client.ts'
import { hasSpecifications, type Referee, refereed } from './alpaca/referee.ts'
import { type AlpacaServer, startAlpacaServer } from './alpaca/server.ts'

if (!hasSpecifications)
  console.warn('skipped: the published specification is not beside the repository (../shared/venues)')

describe.skipIf(!hasSpecifications)('the local Alpaca keeps to the published specification', () => {
  let alpaca: AlpacaServer
  const referees: Referee[] = []
  let trading: Referee
  let data: Referee

  beforeAll(async () => {
    alpaca = await startAlpacaServer()
    alpaca.addAsset('BYND')
    alpaca.setPrice('BYND', '0.62', '0.63', { last: '0.625' })
    ;[trading, data] = await Promise.all([refereed(alpaca.paperUrl), refereed(alpaca.dataUrl, 'data')])
    referees.push(trading, data)
  })

  afterAll(async () => {
    for (const referee of referees) await referee.close()
    await alpaca.close()
  })

  const buy = { symbol: 'BYND', qty: '100', side: 'buy', type: 'market', time_in_force: 'day' }

  test('in every answer of the trading API', async () => {
    const member = alpaca.addAccount()
    const ask = asking(trading.url, member)
    const statuses: Record<string, number[]> = {}
    const go: Ask = async (method, path, body) => {
      const answer = await ask(method, path, body)
      const about = `${method} ${path.split('?')[0]!.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '{id}')}`
      statuses[about] = [...(statuses[about] ?? []), answer.status]
      return answer
    }
    const { body: bought } = await go('POST', '/v2/orders', { ...buy, client_order_id: 'one' })
    await go('POST', '/v2/orders', { ...buy, client_order_id: 'one' })
    await go('POST', '/v2/orders', { ...buy, qty: '10000000' })
    const { body: resting } = await go('POST', '/v2/orders', {
      ...buy,
      type: 'limit',
      limit_price: '0.5',
      time_in_force: 'gtc',
    })
    const { body: replaced } = await go('PATCH', `/v2/orders/${resting.id}`, { limit_price: '0.51' })
    await go('PATCH', `/v2/orders/${bought.id}`, { limit_price: '0.51' })
    await go('DELETE', `/v2/orders/${replaced.id}`)
    await go('DELETE', `/v2/orders/${replaced.id}`)
    const guarded = { ...buy, side: 'sell', qty: '60', type: 'limit', order_class: 'oco' }
    await go('POST', '/v2/orders', {
      ...guarded,
      take_profit: { limit_price: '0.7' },
      stop_loss: { stop_price: '0.5' },
    })
    await go('POST', '/v2/orders', {
      ...buy,
      side: 'sell',
      qty: '40',
      type: 'limit',
      limit_price: '0.8',
      extended_hours: true,
    })
    for (const query of [
      '',
      '?status=all&nested=true&limit=500&direction=asc',
      '?status=closed&symbols=BYND',
      '?after=2026-11-20T00:00:00Z',
    ]) {
      await go('GET', `/v2/orders${query}`)
    }
    await go('GET', `/v2/orders/${bought.id}?nested=true`)
    await go('GET', '/v2/orders:by_client_order_id?client_order_id=one')
    await go('GET', '/v2/orders:by_client_order_id?client_order_id=none')
    for (const path of [
      '/v2/positions',
      '/v2/positions/BYND',
      '/v2/positions/NONE',
      '/v2/account',
      '/v2/account/configurations',
    ]) {
      await go('GET', path)
    }
    await go('PATCH', '/v2/account/configurations', { no_shorting: true })
    await go('DELETE', '/v2/orders')
    await go('DELETE', '/v2/positions/BYND?qty=10')
    alpaca.payDividend('BYND', '0.01')
    alpaca.charge(member, '0.02')
    alpaca.addAsset('OLD')
    alpaca.hold(member, 'OLD', '7', '3')
    alpaca.split('OLD', '0.5')
    alpaca.rename('OLD', 'NEW')
    for (const query of [
      '',
      '?activity_types=FILL,DIV&page_size=2&direction=asc',
      '/FILL?page_size=1',
      '/SPLIT',
      '/NC',
    ]) {
      await go('GET', `/v2/account/activities${query}`)
    }
    for (const path of [
      '/v2/assets?status=active&asset_class=us_equity',
      '/v2/assets/BYND',
      '/v2/clock',
      '/v2/calendar?start=2026-11-01T00:00:00Z&end=2026-12-31T00:00:00Z',
    ]) {
      await go('GET', path)
    }
    expect(trading.violations()).toEqual([])
    expect(statuses).toMatchObject({
      'POST /v2/orders': [200, 422, 403, 200, 200, 200],
      'PATCH /v2/orders/{id}': [200, 422],
      'DELETE /v2/orders/{id}': [204, 422],
      'DELETE /v2/orders': [207],
      'GET /v2/orders:by_client_order_id': [200, 404],
      'GET /v2/account/activities': [200, 200],
      'GET /v2/calendar': [200],
    })
  })

  test('in every answer of the data API', async () => {
    const ask = asking(data.url, alpaca.dataKey)
    const bar = { o: 1, h: 2, l: 0.5, c: 1.5, v: 100 }
    alpaca.giveBars('BYND', '1Min', [
      { t: '2026-11-20T14:58:00Z', ...bar },
      { t: '2026-11-20T14:59:00Z', ...bar },
    ])
    alpaca.giveBars('BYND', '1Day', [
      { t: '2026-11-19T05:00:00Z', ...bar },
      { t: '2026-11-20T05:00:00Z', ...bar },
    ])
    const bars = 'timeframe=1Min&start=2026-11-20T00:00:00Z&limit=1&adjustment=split&feed=iex'
    const paths = [
      `/v2/stocks/bars?symbols=BYND,NONE&${bars}`,
      `/v2/stocks/BYND/bars?${bars}`,
      ...['quotes', 'trades', 'bars'].flatMap((kind) => [
        `/v2/stocks/${kind}/latest?symbols=BYND,NONE&feed=iex`,
        `/v2/stocks/BYND/${kind}/latest?feed=iex`,
      ]),
      '/v2/stocks/snapshots?symbols=BYND,NONE&feed=iex',
      '/v2/stocks/BYND/snapshot?feed=iex',
      '/v1/corporate-actions?symbols=BYND,OLD&start=2026-11-01&end=2026-11-30',
    ]
    const statuses = []
    for (const path of paths) statuses.push((await ask('GET', path)).status)
    expect(data.violations()).toEqual([])
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect((await ask('GET', '/v2/stocks/BYND/quotes/latest?feed=sip')).status).toBe(403)
    expect((await asking(data.url, { keyId: 'no', secret: 'no' })('GET', paths[0]!)).status).toBe(401)
  })

  test('and the referee sees what breaks it, and lets broken connections break', async () => {
    const member = alpaca.addAccount()
    const ask = asking(trading.url, member)
    const before = trading.violations().length
    const { body } = await ask('POST', '/v2/orders', {
      ...buy,
      type: 'limit',
      limit_price: '0.5',
      client_order_id: 'x'.repeat(129),
    })
    expect(body.code).toBe(40010001)
    const placed = await ask('POST', '/v2/orders', { ...buy, type: 'limit', limit_price: '0.5' })
    const [order] = alpaca.orders(member)
    expect(placed.status).toBe(200)
    alpaca.showStatus(order!, 'pending_review')
    await ask('GET', `/v2/orders/${placed.body.id}`)
    expect(trading.violations().slice(before)).toMatchObject([
      { method: 'POST', place: 'request.body.client_order_id' },
      { method: 'GET', place: 'response.body.status' },
    ])
    alpaca.failNext({ as: 'lost' })
    await expect(ask('GET', '/v2/clock')).rejects.toThrow('fetch failed')
    const stream = await followOrders(trading.url, member)
    await expect.poll(() => stream.heard.length).toBe(2)
    stream.close()
  })
})
