import { sql } from 'kysely'
import { expect, vi } from 'vitest'
import { apiTest, memberOf, newKey, program, signIn } from './serve.ts'

const { test, market } = apiTest()

/** What was posted in a thread, in order. */
const postedIn = (posted: { place: { thread?: string }; text: string }[], thread: string) =>
  posted.filter(({ place }) => place.thread === thread).map(({ text }) => text)

test('a position is closed on the page, and its thread hears of it', async ({ api, desk, alice }) => {
  await alice.say('long BYND 1000 @ .50')
  const page = await signIn(api, alice)
  market.set('BYND', '1.00', '1.02')
  const { status, body } = await page.post('/api/positions/BYND/close', { share: '0.5' })
  expect([status, body.said.join()]).toEqual([200, expect.stringContaining('SOLD 500 BYND @ $1.00')])
  await vi.waitFor(() => expect(postedIn(desk.posted, alice.thread).join()).toContain('SOLD 500 BYND @ $1.00'))
  const [position] = (await page.get('/api/positions')).body.items
  expect(position).toMatchObject({
    symbol: 'BYND',
    direction: 'LONG',
    quantity: '500',
    free: '500',
    unrealizedPnl: '250',
  })
  expect(await alice.say('positions')).toContain('LONG 500 BYND')
  const rest = await page.post('/api/positions/bynd/close')
  expect(rest.body.said.join()).toContain('FLAT')
  expect(await page.post('/api/positions/BYND/close')).toMatchObject({ status: 404, body: { code: 'NO_POSITION' } })
  expect((await page.get('/api/history')).body.items).toMatchObject([{ symbol: 'BYND', realizedPnl: '500' }])
})

test('the words of an event are found as they are shown', async ({ api, alice }) => {
  await alice.say('long BYND 1000 @ .50')
  await alice.say('stop BYND .40')
  const page = await signIn(api, alice)
  const found = async (text: string) =>
    (await page.get(`/api/events?text=${encodeURIComponent(text)}`)).body.items.map(
      ({ type }: { type: string }) => type,
    )
  expect(await found('STOP set at $0.40')).toEqual(['protection_set'])
  expect(await found('opened LONG 1,000')).toEqual(['position_opened'])
})

test('half of a position, twice at the same moment, leaves a quarter', async ({ api, alice }) => {
  await alice.say('long BYND 1000 @ .50')
  const page = await signIn(api, alice)
  const closed = await Promise.all([1, 2].map(() => page.post('/api/positions/BYND/close', { share: '0.5' })))
  expect(closed.map(({ status }) => status)).toEqual([200, 200])
  expect((await page.get('/api/positions')).body.items).toMatchObject([{ quantity: '250' }])
})

test('a level for a part is shown with its quantity', async ({ api, alice }) => {
  market.set('BYND', '1.00')
  await alice.say('long BYND 1000 @ .50')
  await alice.say('target BYND 1.30 for half')
  await alice.say('stop BYND .40 for 100')
  const page = await signIn(api, alice)
  expect((await page.get('/api/positions')).body.items[0].partLevels).toMatchObject([
    { kind: 'stop', price: '0.4', quantity: '100' },
    { kind: 'target', price: '1.3', quantity: '500' },
  ])
})

test('the same key does one thing, also at the same moment, and gets the same answer', async ({ api, desk, alice }) => {
  const robot = await program(api, desk, alice)
  const order = { symbol: 'AAPL', side: 'buy', quantity: '10' }
  const key = { 'idempotency-key': newKey() }
  const answers = await Promise.all([1, 2, 3, 4].map(() => robot.post('/api/orders', order, key)))
  expect(answers.map(({ status }) => status).filter((status) => status !== 409)).toContain(200)
  await vi.waitFor(async () => expect((await robot.post('/api/orders', order, key)).status).toBe(200))
  const again = await robot.post('/api/orders', order, key)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(again.body.said.join()).toContain('BOUGHT 10 AAPL')
  expect((await robot.get('/api/positions')).body.items).toMatchObject([{ symbol: 'AAPL', quantity: '10' }])
  expect((await robot.get('/api/fills')).body.items).toHaveLength(1)
  expect(await robot.post('/api/orders', { ...order, quantity: '11' }, key)).toMatchObject({
    status: 422,
    body: { code: 'KEY_REUSED' },
  })
  const noKey = { 'idempotency-key': '' }
  expect(await robot.post('/api/orders', order, noKey)).toMatchObject({ status: 400, body: { code: 'KEY_MISSING' } })
})

test('the key of one member is nothing to another', async ({ api, desk, alice, bob }) => {
  const [one, other] = [await program(api, desk, alice), await program(api, desk, bob)]
  const key = { 'idempotency-key': newKey() }
  const order = { symbol: 'BYND', side: 'buy', quantity: '10' }
  for (const robot of [one, other]) expect((await robot.post('/api/orders', order, key)).status).toBe(200)
  for (const robot of [one, other]) expect((await robot.get('/api/positions')).body.items).toHaveLength(1)
})

test('an act that was cut short is taken up under its key, and orders nothing twice', async ({ api, desk, alice }) => {
  const robot = await program(api, desk, alice)
  const key = newKey()
  const order = { symbol: 'AAPL', side: 'buy', quantity: '7' }
  const first = await robot.post('/api/orders', order, { 'idempotency-key': key })
  expect(first.status).toBe(200)
  const { db } = desk.desk.parts
  const forget = (at: Date) =>
    db
      .updateTable('api_requests')
      .set({ status: null as never, answer: null, begun_at: at })
      .where('key', '=', key)
      .execute()
  await forget(new Date())
  expect(await robot.post('/api/orders', order, { 'idempotency-key': key })).toMatchObject({
    status: 409,
    body: { code: 'STILL_UNDER_WAY' },
  })
  await forget(new Date(Date.now() - 31_000))
  const again = await robot.post('/api/orders', order, { 'idempotency-key': key })
  expect([again.status, again.body.said.join()]).toEqual([200, expect.stringContaining('done already')])
  // Its process died before it noted the outcome: the order is there, and is not made again.
  await forget(new Date(Date.now() - 31_000))
  await db
    .updateTable('audit')
    .set({ outcome: null, finished_at: null, heard_at: new Date(Date.now() - 31_000) })
    .where('inbound_id', 'like', 'token:%')
    .execute()
  expect((await robot.post('/api/orders', order, { 'idempotency-key': key })).status).toBe(200)
  expect((await robot.get('/api/positions')).body.items).toMatchObject([{ symbol: 'AAPL', quantity: '7' }])
})

test('stop, target, trail and breakeven are set and taken away as in chat', async ({ api, alice }) => {
  market.set('BYND', '1.00', '1.01')
  await alice.say('long BYND 100 @ .80')
  const page = await signIn(api, alice)
  const at = (what: string, body: object) => page.post(`/api/positions/BYND/${what}`, body)
  const levels = async () => (await page.get('/api/positions')).body.items[0]
  expect((await at('stop', { price: '.70' })).status).toBe(200)
  expect((await at('target', { return: '0.5' })).status).toBe(200)
  expect(await levels()).toMatchObject({
    stop: { price: '0.7', quantity: '100', trail: null },
    target: { price: '1.2' },
  })
  expect((await at('breakeven', {})).status).toBe(200)
  expect(await levels()).toMatchObject({ stop: { price: '0.8' } })
  expect((await at('trail', { share: '0.05' })).status).toBe(200)
  expect(await levels()).toMatchObject({ stop: { price: '0.95', trail: { share: '0.05' } } })
  expect(await at('stop', { price: '0.60' })).toMatchObject({ status: 409, body: { code: 'CONFIRM_FIRST' } })
  // The impossible is refused before anything is asked.
  expect(await at('stop', { return: '-1.05' })).toMatchObject({ status: 422, body: { code: 'LEVEL_NOT_POSITIVE' } })
  expect(await at('stop', { price: '0.0001' })).toMatchObject({ status: 422, body: { code: 'LEVEL_UNREASONABLE' } })
  expect((await at('stop', { price: '0.60', confirm: true })).status).toBe(200)
  expect(await at('stop', { price: '1.10' })).toMatchObject({ status: 422, body: { code: 'STOP_WRONG_SIDE' } })
  expect(await at('trail', { share: '0.9' })).toMatchObject({ status: 422, body: { code: 'TRAIL_OUT_OF_RANGE' } })
  expect(await at('stop', { price: '0.5', off: true })).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } })
  expect((await at('stop', { off: true })).status).toBe(200)
  expect((await at('target', { off: true })).status).toBe(200)
  expect(await levels()).toMatchObject({ stop: null, target: null })
  expect(await at('stop', { return: '-0.0' })).toMatchObject({ status: 422, body: { code: 'PERCENT_ZERO' } })
  const fine = await at('stop', { price: '0.6000001' })
  expect([fine.status, fine.body.said.join()]).toEqual([200, expect.stringContaining('Stop: $0.60')])
  expect(await levels()).toMatchObject({ stop: { price: '0.6' } })
  expect((await at('stop', { off: true })).status).toBe(200)
  expect(await at('stop', { price: '0.5', position: 999_999 })).toMatchObject({
    status: 409,
    body: { code: 'POSITION_CHANGED' },
  })
})

test('a scaleout that was started on the page is seen and cancelled in chat, and the other way', async ({
  api,
  alice,
}) => {
  market.set('BYND', '1.00', '1.01')
  await alice.say('long BYND 1000 @ .80')
  const page = await signIn(api, alice)
  const started = await page.post('/api/scaleouts', { symbol: 'BYND', speed: 'slow', share: '0.5' })
  expect(started.body).toMatchObject({ scaleout: { symbol: 'BYND', state: 'running', quantity: '500', speed: 'slow' } })
  const { id } = started.body.scaleout
  expect((await page.get(`/api/scaleouts/${id}`)).body.plan.length).toBe(started.body.scaleout.chunks)
  expect((await page.get('/api/positions')).body.items[0].scaleout.id).toBe(id)
  expect(await page.post('/api/scaleouts', { symbol: 'BYND', speed: 'fast' })).toMatchObject({
    status: 422,
    body: { code: 'SCALEOUT_IN_PROGRESS' },
  })
  expect(await alice.say('cancel scaleout')).toContain('SCALEOUT CANCELLED')
  expect(await page.del(`/api/scaleouts/${id}`)).toMatchObject({ status: 404, body: { code: 'NO_SCALEOUT' } })
  await alice.say('scaleout BYND slow')
  const [running] = (await page.get('/api/scaleouts?state=running')).body.items
  expect((await page.del(`/api/scaleouts/${running.id}`)).body.said.join()).toContain('CANCELLED')
  expect(await alice.say('tasks')).toContain('Nothing runs in the background')
  // A coin trades at any hour; of a share, 45 minutes may end after the close.
  await alice.say('long BTC-USD 1 @ 60000')
  const own = await page.post('/api/scaleouts', { symbol: 'BTC-USD', minutes: 45, chunks: 5, floor: '59000.50' })
  expect(own.body.scaleout).toMatchObject({
    chunks: 5,
    lengthSeconds: 2700,
    bound: { kind: 'floor', price: '59000.5' },
  })
  expect((await page.get('/api/tasks')).body.items[0]).toMatchObject({ kind: 'scaleout', isRunning: true })
})

test('an order opens, adds, rests, is moved and cancelled; it turns no position around', async ({ api, alice }) => {
  market.set('AAPL', '190', '190.10')
  const page = await signIn(api, alice)
  const place = (body: object) => page.post('/api/orders', { symbol: 'AAPL', side: 'buy', quantity: '10', ...body })
  expect((await place({ stopLoss: '180', takeProfit: '220' })).status).toBe(200)
  await vi.waitFor(async () => {
    const [position] = (await page.get('/api/positions')).body.items
    expect(position).toMatchObject({ quantity: '10', stop: { price: '180' }, target: { price: '220' } })
  })
  expect(await place({ side: 'sell', quantity: '11' })).toMatchObject({
    status: 422,
    body: { code: 'QUANTITY_EXCEEDS_POSITION' },
  })
  expect((await place({ side: 'sell', quantity: '4' })).body.said.join()).toContain('SOLD 4 AAPL')
  expect(await place({ quantity: '500' })).toMatchObject({ status: 409, body: { code: 'CONFIRM_FIRST' } })
  expect(await place({ limit: '900' })).toMatchObject({ status: 409, body: { code: 'CONFIRM_FIRST' } })
  expect(await place({ quantity: '1.5' })).toMatchObject({ status: 422, body: { code: 'QUANTITY_BELOW_LOT' } })
  expect((await place({ limit: '150' })).status).toBe(200)
  const [order] = (await page.get('/api/orders')).body.items
  expect(order).toMatchObject({ type: 'limit', limit: '150', left: '10', isLive: true })
  expect(await alice.say('orders')).toContain('BUY 10 AAPL @ $150.00')
  expect((await page.post(`/api/orders/${order.number}/move`, { price: '151' })).status).toBe(200)
  expect((await page.del(`/api/orders/${order.number}`)).status).toBe(200)
  expect(await page.del(`/api/orders/${order.number}`)).toMatchObject({ status: 404 })
  expect((await page.get('/api/orders?state=ended')).body.items[0]).toMatchObject({ limit: '151', isLive: false })
})

test('fills and closed trades are files: tables, and JSON lines with the same in them', async ({ api, alice }) => {
  market.set('BYND', '1.00', '1.00')
  await alice.say('long BYND 100 @ .80')
  const page = await signIn(api, alice)
  expect((await page.post('/api/positions/BYND/close', { quantity: '40' })).status).toBe(200)
  expect((await page.post('/api/positions/BYND/close', {})).status).toBe(200)
  const file = async (path: string) => {
    const { headers, body } = await page.get(path)
    return { name: headers.get('content-disposition'), text: body as string }
  }
  const table = await file('/api/fills.csv')
  expect(table.name).toMatch(/^attachment; filename="fills-\w+-\d{4}-\d\d-\d\d\.csv"$/)
  const [head, ...rows] = table.text.trimEnd().split('\r\n')
  expect(head).toBe('id,at,symbol,side,quantity,price,commission,realizedPnl,purpose,order,reverses')
  expect(rows.map((row) => row.split(',').slice(2, 9).join(','))).toEqual([
    'BYND,buy,100,0.8,0,0,record',
    'BYND,sell,40,1,0,8,trim',
    'BYND,sell,60,1,0,12,close',
  ])
  // Programs for tables know by this mark that it is UTF-8.
  const bytes = await (await fetch(`${api.url}/api/fills.csv`, { headers: page.headers })).bytes()
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  const lines = (await file('/api/fills.jsonl')).text.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual((await page.get('/api/fills')).body.items.reverse())
  const trades = await file('/api/history.csv')
  expect(trades.name).toContain('trades-')
  expect(trades.text.split('\r\n')[1]).toMatch(/,BYND,LONG,100,0\.8,1,20$/)
  expect(JSON.parse((await file('/api/history.jsonl')).text)).toMatchObject({ symbol: 'BYND', realizedPnl: '20' })
  // The rows of another account are not in it.
  await alice.say('account new paper swing $50,000')
  const swing = (await page.get('/api/me')).body.accounts[1]
  expect((await file(`/api/fills.csv?account=${swing.id}`)).text.trimEnd().split('\r\n')).toHaveLength(1)
})

test('an open question is told to whoever asks for it, and a number about another account is no answer to it', async ({
  api,
  alice,
}) => {
  market.set('BYND', '1.00', '1.01')
  await alice.say('long BYND 100 @ .80')
  await alice.say('account new paper swing $50,000')
  const page = await signIn(api, alice)
  const [first, swing] = (await page.get('/api/me')).body.accounts
  const said = (text: string, account: number) => page.post(`/api/say?account=${account}`, { text })
  expect((await page.get(`/api/say?account=${first.id}`)).body.open).toBeNull()
  const [asked] = (await said('close BYND', first.id)).body.replies
  expect((await page.get(`/api/say?account=${first.id}`)).body.open).toMatchObject({ question: asked.question })
  expect((await page.get(`/api/say?account=${swing.id}`)).body.open).toBeNull()
  expect((await said('1', swing.id)).body.replies[0].text).toContain('No question is open here')
  const pressed = await page.post(`/api/say?account=${swing.id}`, {
    answer: { question: asked.question.id, value: 'market' },
  })
  expect(pressed.body.replies[0].text).toContain('not open')
  expect((await page.get('/api/positions')).body.items).toMatchObject([{ symbol: 'BYND', quantity: '100' }])
  expect((await said('1', first.id)).body.replies[0].text).toContain('SOLD 100')
  expect((await page.get(`/api/say?account=${first.id}`)).body.open).toBeNull()
})

test('a question about a sentence is answered over the API, in a conversation of the caller alone', async ({
  api,
  alice,
}) => {
  market.set('BYND', '1.00', '1.01')
  await alice.say('long BYND 100 @ .80')
  const page = await signIn(api, alice)
  const asked = (await page.post('/api/say', { text: 'close BYND' })).body.replies[0]
  expect(asked.question.choices.map(({ value }: { value: string }) => value)).toEqual(['market', 'limit'])
  // In the thread nobody was asked anything.
  expect(await alice.say('1')).not.toContain('SOLD')
  const answered = await page.post('/api/say', { answer: { question: asked.question.id, value: 'market' } })
  expect(answered.body.replies.map(({ text }: { text: string }) => text).join()).toContain('FLAT')
  const kept = (await page.get('/api/say')).body.items
  expect(kept.map(({ text }: { text: string }) => text).join()).toContain('FLAT')
})

test('what is said, and what jobs answer later, is kept in that conversation with its edits', async ({
  api,
  alice,
}) => {
  await alice.say('long BYND 100 @ .80')
  const page = await signIn(api, alice)
  const said = await page.post('/api/say', { text: 'scaleout BYND slow' })
  expect(said.body.replies[0].text).toContain('SCALEOUT INITIATED')
  await page.post('/api/say', { text: 'cancel scaleout' })
  await vi.waitFor(async () => {
    const texts = (await page.get('/api/say')).body.items.map(({ text }: { text: string }) => text)
    expect(texts.join()).toContain('CANCELLED')
  })
})

test('the audit says by what right something was done', async ({ api, desk, alice }) => {
  await alice.say('long BYND 100 @ .80')
  const [page, robot] = [await signIn(api, alice), await program(api, desk, alice)]
  const { origin } = (await robot.get('/api/me')).body
  await robot.post('/api/positions/BYND/stop', { price: '0.5' })
  await page.post('/api/positions/BYND/stop', { price: '5' })
  const memberId = await memberOf(desk.desk, alice)
  const rows = await desk.desk.parts.db
    .selectFrom('audit')
    .selectAll()
    .where('member_id', '=', memberId)
    .where(sql<boolean>`inbound_id ~ '^(web|token):'`)
    .orderBy('heard_at')
    .execute()
  expect(rows).toMatchObject([
    { outcome: 'done', command: 'setStop', text: '[POST /api/positions/BYND/stop] {"price":"0.5"}' },
    { outcome: 'refused', command: 'setStop', code: 'STOP_WRONG_SIDE' },
  ])
  expect(rows[0]!.inbound_id).toMatch(new RegExp(`^${origin}:`))
  expect(rows[1]!.inbound_id).toMatch(/^web:\d+:/)
})

test('price alerts are set and taken back', async ({ api, alice }) => {
  market.set('BYND', '1.00', '1.01')
  const page = await signIn(api, alice)
  expect((await page.post('/api/alerts', { symbol: 'BYND', above: '1.50' })).body.said[0]).toContain('ALERT 1')
  expect(await page.post('/api/alerts', { symbol: 'BYND', below: '1.50' })).toMatchObject({
    status: 422,
    body: { code: 'CONDITION_MET' },
  })
  expect((await page.get('/api/alerts')).body.items).toMatchObject([
    { number: 1, symbol: 'BYND', above: '1.5', below: null },
  ])
  expect(await alice.say('price alerts')).toContain('BYND')
  expect((await page.del('/api/alerts/1')).status).toBe(200)
  expect(await page.del('/api/alerts/1')).toMatchObject({ status: 404, body: { code: 'NO_SUCH_ALERT' } })
})
