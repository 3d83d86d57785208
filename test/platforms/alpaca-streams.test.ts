import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Account } from './alpaca/account.ts'
import { type Ask, asking, followOrders, type Listener, listenTo } from './alpaca/client.ts'
import { type AlpacaServer, startAlpacaServer } from './alpaca/server.ts'

let alpaca: AlpacaServer
let member: Account
let ask: Ask
const open: Listener[] = []

beforeEach(async () => {
  alpaca = await startAlpacaServer({ mostSymbols: 3, seed: 11 })
  alpaca.addAsset('BYND')
  alpaca.setPrice('BYND', '0.62', '0.63')
  member = alpaca.addAccount()
  ask = asking(alpaca.paperUrl, member)
})

afterEach(async () => {
  for (const one of open.splice(0)) one.close()
  await alpaca.close()
})

const market = { symbol: 'BYND', qty: '100', side: 'buy', type: 'market', time_in_force: 'day' }
const place = (terms: object = {}) => ask('POST', '/v2/orders', { ...market, ...terms })

async function kept(listener: Promise<Listener>): Promise<Listener> {
  const one = await listener
  open.push(one)
  return one
}

async function follow(): Promise<Listener> {
  const stream = await kept(followOrders(alpaca.paperUrl, member))
  await expect.poll(() => stream.heard.length).toBe(2)
  return stream
}

const eventsOf = ({ heard }: Listener) =>
  heard.flatMap(({ stream, data }) => (stream === 'trade_updates' ? [data as Record<string, unknown>] : []))

test('an order stream tells each step once, in binary frames, to the account alone', async () => {
  const stream = await follow()
  expect(stream.heard).toEqual([
    { stream: 'authorization', data: { status: 'authorized', action: 'authenticate' } },
    { stream: 'listening', data: { streams: ['trade_updates'] } },
  ])
  const other = alpaca.addAccount()
  await asking(alpaca.paperUrl, other)('POST', '/v2/orders', market)
  const { body } = await place({ client_order_id: 'mine' })
  await expect.poll(() => eventsOf(stream).length).toBe(2)
  const [, filled] = eventsOf(stream)
  expect(eventsOf(stream).map(({ event }) => event)).toEqual(['new', 'fill'])
  expect(filled).toMatchObject({
    price: '0.63',
    qty: '100',
    position_qty: '100',
    order: { id: body.id, status: 'filled' },
  })
  expect(filled!.execution_id).toBe(alpaca.executions(member)[0]!.id)
  expect(new Set(stream.binary)).toEqual(new Set([true]))
})

test('a stream without the right keys is told so, and closed', async () => {
  const stream = await kept(followOrders(alpaca.paperUrl, { ...member, secret: 'wrong' }))
  await expect.poll(() => stream.isClosed()).toBe(true)
  expect(stream.heard[0]).toEqual({ stream: 'authorization', data: { status: 'unauthorized', action: 'authenticate' } })
})

test('nothing is told again to a stream that was away', async () => {
  const stream = await follow()
  alpaca.cutStreams()
  await expect.poll(() => stream.isClosed()).toBe(true)
  await place()
  const next = await follow()
  await place({ client_order_id: 'later' })
  await expect.poll(() => eventsOf(next).length).toBe(2)
  expect(eventsOf(next).every(({ order }) => (order as { client_order_id: string }).client_order_id === 'later')).toBe(
    true,
  )
})

test('a frozen stream stays open, says nothing and answers no ping', async () => {
  const stream = await follow()
  alpaca.freezeStreams()
  stream.ping()
  await place()
  const next = await follow()
  next.ping()
  await place()
  await expect.poll(() => [eventsOf(next).length, next.pongs()]).toEqual([2, 1])
  expect([eventsOf(stream).length, stream.pongs(), stream.isClosed()]).toEqual([0, 0, false])
})

test('frames are dropped, doubled and out of order as the seed says', async () => {
  const stream = await follow()
  Object.assign(alpaca.faults, { droppedFrames: 0.3, doubledFrames: 0.3, reorderedFrames: 0.3 })
  for (let count = 0; count < 30; count++) await place()
  Object.assign(alpaca.faults, { droppedFrames: 0, doubledFrames: 0, reorderedFrames: 0 })
  await place({ client_order_id: 'last' })
  const named = () =>
    eventsOf(stream).filter(({ order }) => (order as { client_order_id: string }).client_order_id === 'last')
  await expect.poll(() => named().length).toBe(2)
  const fills = eventsOf(stream).filter(({ event }) => event === 'fill')
  const ids = fills.map(({ execution_id }) => execution_id)
  expect(new Set(ids).size).toBeLessThan(ids.length)
  expect(new Set(ids).size).toBeLessThan(31)
  const times = eventsOf(stream).map(({ order }) => String((order as { updated_at: string }).updated_at))
  expect(times).not.toEqual(times.toSorted())
})

test('placements are lost before and after they arrive, or fail after they were done', async () => {
  const sent = async (id: string) =>
    place({ client_order_id: id }).then(
      ({ status }) => status,
      () => 'broken',
    )
  alpaca.failNext({ method: 'POST', as: 'lost' })
  alpaca.failNext({ method: 'POST', as: 'unanswered' })
  alpaca.failNext({ method: 'POST', as: { afterwards: 502 } })
  alpaca.failNext({ method: 'POST', as: 429 })
  const names = ['before', 'after', 'done', 'busy', 'good']
  const outcomes: unknown[] = []
  for (const name of names) outcomes.push([await sent(name), alpaca.ordersNamed(name).length])
  expect(outcomes).toEqual([
    ['broken', 0],
    ['broken', 1],
    [502, 1],
    [429, 0],
    [200, 1],
  ])
})

test('the event stream of activities replays executions and busts', async () => {
  await place()
  await place()
  const [first] = alpaca.executions(member)
  alpaca.bust(first!.id)
  const headers = { 'APCA-API-KEY-ID': member.keyId, 'APCA-API-SECRET-KEY': member.secret }
  const query = 'since=2026-11-01&until=2026-12-01'
  const response = await fetch(`${alpaca.paperUrl}/v2beta1/events/activities?${query}`, { headers })
  const events = (await response.text())
    .split('\n')
    .flatMap((line) => (line.startsWith('data:') ? [JSON.parse(line.slice(5))] : []))
  expect(events.map(({ details }) => details.execution_type)).toEqual(['fill', 'fill', 'trade_bust'])
  expect(events[2]).toMatchObject({ previous_id: first!.id, qty: '100', price: '0.63' })
})

test('data comes by one socket a key, for so many symbols, and says what is wrong', async () => {
  const url = `${alpaca.dataStreamUrl}/v2/iex`
  const said = ({ heard }: Listener) => heard.map(({ T, code, msg }) => code ?? msg ?? T)
  const { keyId: key, secret } = alpaca.dataKey
  const stream = await kept(listenTo(url))
  stream.say({ action: 'subscribe', quotes: ['BYND'] })
  stream.say({ action: 'auth', key, secret })
  stream.say({ action: 'subscribe', quotes: ['BYND'], trades: ['BYND'], statuses: ['*'] })
  stream.say({ action: 'subscribe', quotes: ['A', 'B'] })
  await expect.poll(() => said(stream)).toEqual(['connected', 401, 'authenticated', 'subscription', 405])
  const second = await kept(listenTo(url))
  second.say({ action: 'auth', key, secret })
  const wrong = await kept(listenTo(url))
  wrong.say({ action: 'auth', key, secret: 'wrong' })
  await expect
    .poll(() => [said(second), said(wrong), second.isClosed()])
    .toEqual([['connected', 406], ['connected', 402], true])

  alpaca.setPrice('BYND', '0.5', '0.51', { last: '0.505', size: '700' })
  alpaca.halt('BYND')
  await expect.poll(() => stream.heard.length).toBe(8)
  expect(stream.heard.slice(5)).toMatchObject([
    { T: 'q', S: 'BYND', bp: 0.5, ap: 0.51, bs: 700 },
    { T: 't', S: 'BYND', p: 0.505 },
    { T: 's', S: 'BYND', sc: 'H' },
  ])
  expect(stream.binary).not.toContain(true)
})

test('bars come in pages, longer ones from shorter ones, on the scale that is asked for', async () => {
  const data = asking(alpaca.dataUrl, alpaca.dataKey)
  const minutes = Array.from({ length: 40 }, (_, minute) => ({
    t: new Date(Date.parse('2026-11-20T14:30:00Z') + minute * 60_000).toISOString(),
    ...{ o: 2, h: 3, l: 1, c: 2, v: 10 },
  }))
  alpaca.giveBars('BYND', '1Min', minutes)
  const start = 'start=2026-11-20T14:30:00Z'
  const first = (await data('GET', `/v2/stocks/bars?symbols=BYND&timeframe=1Min&${start}&limit=20`)).body
  const token = encodeURIComponent(String(first.next_page_token))
  const second = (
    await data('GET', `/v2/stocks/bars?symbols=BYND&timeframe=1Min&${start}&limit=20&page_token=${token}`)
  ).body
  const count = ({ bars }: typeof first) => (bars as { BYND: unknown[] }).BYND.length
  // The minute that begins at 10:00, and those after it, are not over.
  expect([count(first), count(second), second.next_page_token]).toEqual([20, 10, null])
  const { body: quarter } = await data('GET', `/v2/stocks/BYND/bars?timeframe=15Min&${start}`)
  expect(quarter.bars).toMatchObject([
    { t: '2026-11-20T14:30:00Z', v: 150, h: 3 },
    { t: '2026-11-20T14:45:00Z', v: 150 },
  ])

  await alpaca.letPass(4 * 86_400_000)
  alpaca.split('BYND', '2')
  const day = async (adjustment: string) =>
    (await data('GET', `/v2/stocks/BYND/bars?timeframe=1Day&start=2026-11-20&adjustment=${adjustment}`)).body.bars
  expect(await day('raw')).toMatchObject([{ c: 2, v: 400 }])
  expect(await day('split')).toMatchObject([{ c: 1, v: 800 }])
  expect((await data('GET', '/v1/corporate-actions?symbols=BYND&start=2026-11-01&end=2026-12-01')).body).toMatchObject({
    corporate_actions: { forward_splits: [{ symbol: 'BYND', new_rate: 2, old_rate: 1 }] },
  })
})

test('a small feed has prices of its own, and the whole market is not in the basic plan', async () => {
  const data = asking(alpaca.dataUrl, alpaca.dataKey)
  alpaca.setFeedPrice('BYND', 'iex', '0.1', '0.9')
  const bid = async (feed: string) => {
    const { status, body } = await data('GET', `/v2/stocks/quotes/latest?symbols=BYND,NONE&feed=${feed}`)
    return status === 200 ? (body.quotes as { BYND?: { bp: number } }).BYND?.bp : status
  }
  expect([await bid('iex'), await bid('sip'), await bid('delayed_sip')]).toEqual([0.1, 403, undefined])
  await alpaca.letPass(16 * 60_000)
  expect(await bid('delayed_sip')).toBe(0.62)
  alpaca.plan = 'plus'
  expect(await bid('sip')).toBe(0.62)
})

test('a member authorizes the app once, and its tokens end and rotate', async () => {
  const { oauth } = alpaca
  oauth.signIn(member)
  oauth.expiresInSeconds = 600
  const back = 'http://desk.local/callback'
  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id: oauth.clientId, redirect_uri: back, state: 'abc', scope: 'trading' },
    ...{ code_challenge: challenge, code_challenge_method: 'S256' },
  })
  const sent = await fetch(`${oauth.authorizeUrl}?${query}`, { redirect: 'manual' })
  const location = new URL(sent.headers.get('location')!)
  expect([sent.status, location.searchParams.get('state')]).toEqual([302, 'abc'])
  const client = { client_id: oauth.clientId, client_secret: oauth.clientSecret }
  const tokens = async (form: Record<string, string>) => {
    const response = await fetch(oauth.tokenUrl, { method: 'POST', body: new URLSearchParams({ ...client, ...form }) })
    const body = (await response.json()) as { access_token?: string; refresh_token?: string; error?: string }
    return { status: response.status, ...body }
  }
  const code = { grant_type: 'authorization_code', code: location.searchParams.get('code')!, redirect_uri: back }
  const first = await tokens({ ...code, code_verifier: verifier })
  expect(first).toMatchObject({ status: 200, token_type: 'bearer', expires_in: 600 })
  expect(await tokens({ ...code, code_verifier: verifier })).toMatchObject({ status: 400, error: 'invalid_grant' })

  const bearer = (token: string) => asking(alpaca.paperUrl, { token })('GET', '/v2/account')
  expect((await bearer(first.access_token!)).body.id).toBe(member.id)
  await alpaca.letPass(601_000)
  expect((await bearer(first.access_token!)).status).toBe(401)
  const again = { grant_type: 'refresh_token', refresh_token: first.refresh_token! }
  const second = await tokens(again)
  expect([(await bearer(second.access_token!)).status, (await tokens(again)).status]).toEqual([200, 400])
})

test('requests are counted a minute, and the headers tell what is left', async () => {
  const strict = await startAlpacaServer({ perMinute: 2 })
  const keys = strict.addAccount()
  const get = () => asking(strict.paperUrl, keys)('GET', '/v2/clock')
  const [, second, third] = [await get(), await get(), await get()]
  expect([second.status, second.headers.get('x-ratelimit-remaining'), third.status]).toEqual([200, '0', 429])
  expect(Number(third.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(strict.now().getTime())
  await strict.letPass(60_000)
  expect((await get()).status).toBe(200)
  await strict.close()
})
