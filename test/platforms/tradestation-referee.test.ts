import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { Account } from './tradestation/account.ts'
import { type Ask, asking, readStream } from './tradestation/client.ts'
import { isEnded } from './tradestation/order.ts'
import { hasSpecifications, type Referee, refereed } from './tradestation/referee.ts'
import { startTradeStationServer, type TradeStationServer } from './tradestation/server.ts'
import { frameReferee } from './tradestation/specification.ts'

if (!hasSpecifications)
  console.warn('skipped: the published specification is not beside the repository (../shared/venues)')

describe.skipIf(!hasSpecifications)('the local TradeStation keeps to the published specification', () => {
  let ts: TradeStationServer
  let referee: Referee
  let member: Account
  let token: string
  let ask: Ask

  beforeAll(async () => {
    ts = await startTradeStationServer({ heartbeatMs: 20 })
    ts.addSymbol('BYND')
    ts.setBook('BYND', {
      bids: [
        ['0.62', '100', 'NSDQ'],
        ['0.62', '50'],
        ['0.61', '500'],
      ],
      asks: [['0.63', '30'], ['0.64']],
    })
    ts.setChain('BYND', { expirations: ['2026-12-18', '2027-01-15'], strikes: ['0.5', '1'] })
    const bar = { o: 0.6, h: 0.7, l: 0.5, c: 0.62, v: 100 }
    ts.giveBars('BYND', '1Min', [{ t: '2026-11-20T14:59:00Z', ...bar }])
    referee = await refereed(ts.simUrl)
    member = ts.addAccount()
    token = ts.oauth.grant(member.user).access_token
    ask = asking(referee.url, token)
  })

  afterAll(async () => {
    await referee.close()
    await ts.close()
  })

  const buy = {
    Symbol: 'BYND',
    Quantity: '100',
    OrderType: 'Market',
    TradeAction: 'BUY',
    TimeInForce: { Duration: 'DAY' },
  }

  test('in every answer', async () => {
    const statuses: Record<string, number[]> = {}
    const go: Ask = async (method, path, body) => {
      const answer = await ask(method, path, body)
      const about = `${method} ${path
        .split('?')[0]!
        .replaceAll(member.id, '{id}')
        .replace(/\/\d{10}/, '/{order}')}`
      statuses[about] = [...(statuses[about] ?? []), answer.status]
      return answer
    }
    const account = `/brokerage/accounts/${member.id}`
    const order = { AccountID: member.id, ...buy }
    const idOf = ({ body }: Awaited<ReturnType<Ask>>) => (body.Orders as { OrderID: string }[])[0]!.OrderID
    const bought = idOf(await go('POST', '/orderexecution/orders', { ...order, OrderConfirmID: 'one' }))
    await go('POST', '/orderexecution/orders', { ...order, OrderConfirmID: 'one' })
    const limited = { ...order, OrderType: 'Limit', LimitPrice: '0.5', TimeInForce: { Duration: 'GTC' } }
    const good = { Duration: 'GTD', Expiration: '2026-12-01T00:00:00Z' }
    const resting = idOf(await go('POST', '/orderexecution/orders', { ...limited, TimeInForce: good }))
    const exit = { ...order, TradeAction: 'SELL' }
    const bracket = [
      { ...exit, OrderType: 'Limit', LimitPrice: '0.8' },
      { ...exit, OrderType: 'StopMarket', StopPrice: '0.5' },
    ]
    await go('POST', '/orderexecution/ordergroups', { Type: 'BRK', Orders: bracket })
    await go('POST', '/orderexecution/ordergroupconfirm', { Type: 'OCO', Orders: [limited, limited] })
    await go('POST', '/orderexecution/orders', { ...limited, OSOs: [{ Type: 'BRK', Orders: bracket }] })
    await go('POST', '/orderexecution/orderconfirm', limited)
    await go('PUT', `/orderexecution/orders/${resting}`, { LimitPrice: '0.51' })
    await go('PUT', `/orderexecution/orders/${bought}`, { LimitPrice: '0.51' })
    await go('DELETE', `/orderexecution/orders/${resting}`)
    await go('DELETE', `/orderexecution/orders/${resting}`)
    for (const list of ['activationtriggers', 'routes']) await go('GET', `/orderexecution/${list}`)
    for (const list of ['balances', 'bodbalances', 'positions', 'orders', 'orders?pageSize=1', `orders/${bought},1`]) {
      await go('GET', `${account}/${list}`)
    }
    await go('GET', '/brokerage/accounts')
    await go('GET', `/brokerage/accounts/${member.id},OTHER/positions`)
    ts.faults.softErrors = 1
    await go('GET', `${account}/positions`)
    ts.faults.softErrors = 0
    await ts.letPass(72 * 3_600_000)
    ts.oauth.expiresInSeconds = 1_000_000
    const later = asking(referee.url, ts.oauth.grant(member.user).access_token)
    for (const list of ['historicalorders?since=2026-11-01', `historicalorders/${bought}?since=2026-11-01`]) {
      expect(JSON.stringify((await later('GET', `${account}/${list}`)).body.Orders)).toContain(bought)
    }
    for (const path of [
      '/marketdata/quotes/BYND,NONE',
      '/marketdata/symbols/BYND,NONE',
      '/marketdata/barcharts/BYND?unit=Minute&interval=5&barsback=10',
      '/marketdata/barcharts/BYND?unit=Monthly&firstdate=2026-01-01',
      '/marketdata/options/expirations/BYND',
      '/marketdata/options/strikes/BYND?expiration=2027-01-15T00:00:00Z',
      '/marketdata/options/spreadtypes',
    ]) {
      expect((await later('GET', path)).status).toBe(200)
    }
    const headers = { Authorization: `Bearer ${ts.oauth.grant(member.user).access_token}` }
    for (const path of ['suggest/BYN', 'search/N=BYN']) {
      const found = await fetch(`${referee.url}/v2/data/symbols/${path}`, { headers })
      expect(await found.json()).toMatchObject([{ Name: 'BYND', Category: 'Stock' }])
    }
    expect((await asking(referee.url, 'no')('GET', '/brokerage/accounts')).status).toBe(401)
    expect(referee.violations()).toEqual([])
    expect(statuses).toMatchObject({
      'POST /orderexecution/orders': [200, 200, 200, 200],
      'POST /orderexecution/ordergroups': [200],
      'PUT /orderexecution/orders/{order}': [200, 400],
      'DELETE /orderexecution/orders/{order}': [200, 400],
      'GET /brokerage/accounts/{id}/orders': [200, 200],
    })
  })

  test('in every frame of its streams', async () => {
    const { access_token: fresh } = ts.oauth.grant(member.user)
    const breaches = frameReferee()
    const paths = [
      `/brokerage/stream/accounts/${member.id},OTHER/orders`,
      `/brokerage/stream/accounts/${member.id}/orders/${ts.orders(member).find((one) => !isEnded(one))!.id}`,
      `/brokerage/stream/accounts/${member.id}/positions`,
      `/brokerage/stream/accounts/${member.id}/positions?changes=true`,
      '/marketdata/stream/quotes/BYND,NONE',
      '/marketdata/stream/barcharts/BYND?unit=Minute&barsback=2',
      '/marketdata/stream/marketdepth/quotes/BYND?maxlevels=5',
      '/marketdata/stream/marketdepth/aggregates/BYND',
      '/marketdata/stream/options/chains/BYND?strikeProximity=1',
      `/marketdata/stream/options/quotes?legs[0].Symbol=${encodeURIComponent('BYND 270115C1')}`,
    ]
    const readers = await Promise.all(paths.map((path) => readStream(referee.url, path, fresh)))
    ts.openMarket()
    ts.setPrice('BYND', '0.64', '0.65')
    const order = ts.placeElsewhere(member, { ...buy, TradeAction: 'SELL' })
    ts.halt('BYND')
    ts.giveBars('BYND', '1Min', [{ t: ts.now().toISOString(), o: 1, h: 1, l: 1, c: 1, v: 7 }])
    await eventually(() => readers.every(({ heard }) => heard.some((frame) => 'Heartbeat' in frame))).toBe(true)
    const tellings = () => readers.map(({ heard }) => heard.filter((frame) => !('Heartbeat' in frame)))
    await eventually(() => tellings().map((frames) => frames.length > 1)).toEqual(paths.map(() => true))
    const told = tellings()
    const found = told.flatMap((frames, index) => frames.flatMap((frame) => breaches(`/v3${paths[index]}`, frame)))
    expect(found).toEqual([])
    expect(order.status).toBe('FLL')
    expect(told[0]!.at(-1)).toMatchObject({ OrderID: order.id, Status: 'FLL' })
    for (const reader of readers) reader.close()
  })

  test('and the referee sees what breaks it, and lets broken connections break', async () => {
    const again = asking(referee.url, ts.oauth.grant(member.user).access_token)
    const before = referee.violations().length
    const order = { AccountID: member.id, ...buy, OrderConfirmID: 'x'.repeat(23), Colour: 'red' }
    expect((await again('POST', '/orderexecution/orders', order)).status).toBe(400)
    const [first] = ts.orders(member)
    ts.showStatus(first!, 'ZZZ')
    await again('GET', `/brokerage/accounts/${member.id}/historicalorders?since=2026-11-01`)
    expect(referee.violations().slice(before)).toMatchObject([
      { method: 'POST', place: 'request.body' },
      { method: 'POST', place: 'request.body.OrderConfirmID' },
      { method: 'GET', place: 'response.body.Orders.3.Status' },
    ])
    expect(frameReferee()(`/v3/brokerage/stream/accounts/1/orders`, { Heartbeat: 'one' })).not.toEqual([])
    ts.failNext({ as: 'lost' })
    await expect(again('GET', '/brokerage/accounts')).rejects.toThrow('fetch failed')
  })
})
