import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { Account } from './tradestation/account.ts'
import { asking, type Reader, readStream } from './tradestation/client.ts'
import { noFaults } from './tradestation/faults.ts'
import { startTradeStationServer, type TradeStationServer } from './tradestation/server.ts'

let ts: TradeStationServer
let member: Account
let token: string

beforeAll(async () => {
  ts = await startTradeStationServer()
})

afterAll(() => ts.close())

beforeEach(() => {
  Object.assign(ts.faults, noFaults)
  ts.heartbeatMs = 5000
  ts.addSymbol('BYND')
  ts.setPrice('BYND', '0.62', '0.63')
  member = ts.addAccount()
  token = ts.oauth.grant(member.user).access_token
})

const buy = {
  Symbol: 'BYND',
  Quantity: '100',
  OrderType: 'Market',
  TradeAction: 'BUY',
  TimeInForce: { Duration: 'DAY' },
}
const resting = { ...buy, OrderType: 'Limit', LimitPrice: '0.5' }

const open = (path: string, bearer = token) => readStream(ts.simUrl, path, bearer)
const openOrders = () => open(`/brokerage/stream/accounts/${member.id}/orders`)
const ended = async (reader: Reader) => {
  await eventually(() => reader.heard.some(({ StreamStatus }) => StreamStatus === 'EndSnapshot')).toBe(true)
}
/** Waits for so many heartbeats, and any more. */
const beaten = async (reader: Reader, times: number) => {
  await eventually(() => reader.heard.filter((frame) => 'Heartbeat' in frame).length).toBeGreaterThanOrEqual(times)
}
const steps = ({ heard }: Reader) =>
  heard.flatMap((frame) => {
    const [leg] = (frame.Legs ?? []) as { ExecQuantity: string }[]
    return leg ? [`${frame.Status} ${leg.ExecQuantity}`] : []
  })

test('an order stream begins with the orders of today, and then tells each step to the account alone', async () => {
  ts.placeElsewhere(member, resting)
  const stranger = ts.addAccount()
  const [reader, other] = await Promise.all([
    openOrders(),
    open(`/brokerage/stream/accounts/${stranger.id}/orders`, ts.oauth.grant(stranger.user).access_token),
  ])
  await Promise.all([ended(reader), ended(other)])
  ts.setPrice('BYND', '0.62', '0.63', { size: '30' })
  const order = ts.placeElsewhere(member, { ...buy, OrderType: 'Limit', LimitPrice: '0.63' })
  ts.setPrice('BYND', '0.62', '0.63')
  await eventually(() => steps(reader)).toEqual(['ACK 0', 'OPN 0', 'ACK 0', 'FPR 30', 'FLL 100'])
  expect(reader.heard.at(-1)).toMatchObject({ OrderID: order.id, FilledPrice: '0.63' })
  const again = await openOrders()
  await ended(again)
  expect(steps(again)).toEqual(['FLL 100', 'ACK 0'])
  expect(other.heard).toEqual([{ StreamStatus: 'EndSnapshot' }])
  for (const one of [reader, other, again]) one.close()
})

test('a position stream tells positions, changes alone where it is asked to, and their end', async () => {
  ts.hold(member, 'BYND', '100', '0.5')
  const path = `/brokerage/stream/accounts/${member.id}/positions`
  const [whole, changes] = await Promise.all([open(path), open(`${path}?changes=true`)])
  await Promise.all([ended(whole), ended(changes)])
  ts.placeElsewhere(member, buy)
  ts.placeElsewhere(member, { ...buy, TradeAction: 'SELL', Quantity: '200' })
  await eventually(() => [whole.heard.length, changes.heard.length]).toEqual([4, 4])
  const [first, , changed, gone] = changes.heard
  expect(first).toMatchObject({ Symbol: 'BYND', Quantity: '100', AveragePrice: '0.5' })
  expect(changed).toMatchObject({ PositionID: first!.PositionID, Quantity: '200', AveragePrice: '0.565' })
  expect(changed).not.toHaveProperty('Symbol')
  expect([gone, whole.heard[3]]).toEqual(Array(2).fill({ PositionID: first!.PositionID, Deleted: true }))
  expect(whole.heard[2]).toMatchObject({ Symbol: 'BYND', Quantity: '200' })
  for (const one of [whole, changes]) one.close()
})

test('frames are dropped, doubled, late, out of order and in pieces, as the faults say', async () => {
  const reader = await openOrders()
  await ended(reader)
  const place = () => ts.placeElsewhere(member, resting)
  ts.faults.droppedFrames = 1
  place()
  Object.assign(ts.faults, noFaults, { doubledFrames: 1, splitFrames: 1 })
  place()
  await eventually(() => steps(reader)).toEqual(['OPN 0', 'OPN 0', 'ACK 0', 'ACK 0'])
  Object.assign(ts.faults, noFaults, { lateFrames: 1 })
  const late = place()
  Object.assign(ts.faults, noFaults)
  ts.reject(late)
  await ts.settle()
  await eventually(() => steps(reader).slice(4)).toContain('REJ 0')
  expect(steps(reader)[4]).toBe('REJ 0')
  ts.loseFrames(member, 1)
  ts.placeElsewhere(member, buy)
  ts.placeElsewhere(member, { ...buy, Quantity: '7' })
  await eventually(() => steps(reader).at(-1)).toBe('FLL 7')
  expect(steps(reader)).not.toContain('FLL 100')
  reader.close()
})

test('a stream hangs with healthy heartbeats, falls silent, goes away, or is cut', async () => {
  ts.heartbeatMs = 20
  const [hung, silent, leaving, cut] = await Promise.all([openOrders(), openOrders(), openOrders(), openOrders()])
  await Promise.all([hung, silent, leaving, cut].map(ended))
  expect(ts.listening().length).toBe(4)
  ts.hangStreams(member)
  ts.placeElsewhere(member, buy)
  await beaten(hung, 3)
  expect(steps(hung)).toEqual([])
  ts.freezeStreams(member)
  const good = await openOrders()
  await beaten(good, 3)
  const before = silent.heard.length
  await beaten(good, 6)
  expect([silent.heard.length - before, silent.isClosed(), steps(good)]).toEqual([0, false, ['FLL 100']])
  ts.goAway(member)
  await eventually(() => good.isClosed()).toBe(true)
  expect(good.heard.at(-1)).toEqual({ StreamStatus: 'GoAway' })
  Object.assign(ts.faults, { cutStreams: 1 })
  const broken = await openOrders()
  await ended(broken)
  ts.placeElsewhere(member, buy)
  await eventually(() => [broken.isClosed(), ts.listening()]).toEqual([true, []])
})

test('no more order streams are open at once than is published', async () => {
  const readers = await Promise.all(Array.from({ length: 40 }, openOrders))
  expect(readers.map(({ status }) => status)).toEqual(Array(40).fill(200))
  expect((await openOrders()).status).toBe(429)
  for (const reader of readers) reader.close()
})

test('a quote stream is whole at first, and then tells what changed', async () => {
  const reader = await open('/marketdata/stream/quotes/BYND,NONE')
  await eventually(() => reader.heard.length).toBe(2)
  ts.setPrice('BYND', '0.63', '0.64', { last: '0.635', bidSize: '200' })
  ts.halt('BYND')
  await eventually(() => reader.heard.length).toBe(4)
  expect(reader.heard).toMatchObject([
    { Symbol: 'BYND', Bid: '0.62', Ask: '0.63', Last: '0.62' },
    { Symbol: 'NONE', Error: 'FAILED, INVALID SYMBOL' },
    { Symbol: 'BYND', Bid: '0.63', BidSize: '200', Ask: '0.64', Last: '0.635' },
    { Symbol: 'BYND', MarketFlags: { IsHalted: true } },
  ])
  expect(reader.heard[2]).not.toHaveProperty('PreviousVolume')
  reader.close()
  ts.resume('BYND')
})

test('the book is told by market maker, and added up by price', async () => {
  ts.setBook('BYND', {
    bids: [
      ['0.62', '100', 'NSDQ'],
      ['0.62', '50'],
      ['0.61', '500'],
    ],
    asks: [['0.63', '30']],
  })
  const [quotes, sums] = await Promise.all([
    open('/marketdata/stream/marketdepth/quotes/BYND?maxlevels=2'),
    open('/marketdata/stream/marketdepth/aggregates/BYND'),
  ])
  await eventually(() => [quotes.heard.length, sums.heard.length]).toEqual([1, 1])
  expect(quotes.heard[0]!.Bids).toMatchObject([
    { Price: '0.62', Size: '100', Name: 'NSDQ' },
    { Price: '0.62', Size: '50', Name: 'ARCX' },
  ])
  expect(sums.heard[0]).toMatchObject({
    Bids: [{ Price: '0.62', TotalSize: '150', BiggestSize: '100', NumParticipants: 2 }, { Price: '0.61' }],
    Asks: [{ Price: '0.63', TotalSize: '30' }],
  })
  ts.setBook('BYND', { asks: [['0.64', '10']] })
  await eventually(() => sums.heard[1]).toMatchObject({ Asks: [{ Price: '0.64', TotalSize: '10' }] })
  for (const one of [quotes, sums]) one.close()
})

test('bars are named by their end, counted from the opening, and open until it', async () => {
  const minute = (time: string, c: number) => ({ t: `2026-11-${time}Z`, o: c, h: c, l: c, c, v: 10 })
  ts.giveBars('BYND', '1Min', [
    minute('19T20:59:00', 1),
    minute('20T13:00:00', 9),
    minute('20T14:30:00', 2),
    minute('20T14:59:00', 3),
    minute('20T15:00:00', 4),
  ])
  const shown = async (query: string) => {
    const { body } = await asking(ts.simUrl, token)('GET', `/marketdata/barcharts/BYND?${query}`)
    return (body.Bars as Record<string, string>[]).map(
      (bar) => `${bar.TimeStamp} ${bar.Close} ${bar.TotalVolume} ${bar.BarStatus}`,
    )
  }
  expect(await shown('unit=Minute&interval=60&barsback=10')).toEqual([
    '2026-11-19T21:00:00Z 1 10 Closed',
    '2026-11-20T15:30:00Z 4 30 Open',
  ])
  expect(await shown('unit=Minute&interval=30&barsback=2')).toEqual([
    '2026-11-20T15:00:00Z 3 20 Closed',
    '2026-11-20T15:30:00Z 4 10 Open',
  ])
  expect(await shown('unit=Minute&interval=30&barsback=10&sessiontemplate=USEQPre')).toContain(
    '2026-11-20T13:30:00Z 9 10 Closed',
  )
  expect(await shown('unit=Daily&firstdate=2026-11-20')).toEqual(['2026-11-20T21:00:00Z 4 30 Open'])
  expect(await shown('unit=Weekly&barsback=5')).toEqual(['2026-11-20T21:00:00Z 4 40 Open'])
  expect(await shown('unit=Monthly&barsback=5')).toEqual(['2026-11-30T21:00:00Z 4 40 Open'])
  const reader = await open('/marketdata/stream/barcharts/BYND?unit=Minute&barsback=2')
  await eventually(() => reader.heard.map((bar) => bar.IsEndOfHistory)).toEqual([false, true])
  ts.giveBars('BYND', '1Min', [minute('20T15:00:00', 5)])
  await eventually(() => reader.heard[2]).toMatchObject({ Close: '5', BarStatus: 'Open', IsRealtime: true })
  reader.close()
})

test('an option chain has both sides of the strikes around the price, with greeks', async () => {
  ts.setPrice('BYND', '100', '100.02', { last: '100' })
  ts.setChain('BYND', { expirations: ['2027-01-15', '2027-11-19'], strikes: ['80', '100', '120'], volatility: 0.4 })
  ts.setContract('BYND 271119C80', { bid: '27', ask: '28', openInterest: 4000 })
  const ask = asking(ts.simUrl, token)
  expect((await ask('GET', '/marketdata/options/expirations/BYND')).body.Expirations).toEqual([
    { Date: '2027-01-15T00:00:00Z', Type: 'Monthly' },
    { Date: '2027-11-19T00:00:00Z', Type: 'Monthly' },
  ])
  const reader = await open('/marketdata/stream/options/chains/BYND?expiration=2027-11-19T00:00:00Z&optionType=Call')
  await eventually(() => reader.heard.length).toBe(3)
  expect(reader.heard.map(({ Strikes }) => Strikes)).toEqual([['80'], ['100'], ['120']])
  expect(reader.heard[0]).toMatchObject({ Side: 'Call', Bid: '27', Ask: '28', Mid: '27.5', DailyOpenInterest: 4000 })
  const deltas = reader.heard.map(({ Delta }) => Number(Delta))
  expect(deltas.every((delta) => delta > 0 && delta < 1)).toBe(true)
  expect(deltas).toEqual(deltas.toSorted((one, other) => other - one))
  reader.close()
})
