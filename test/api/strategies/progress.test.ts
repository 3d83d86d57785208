import { expect, onTestFinished } from 'vitest'
import { gateBars, listScreened } from '../../support/screened.ts'
import { apiTest, type Client, serveApi, signIn } from '../serve.ts'
import { openRaw, type RawStream } from '../stream/raw-stream.ts'

const { test, market } = apiTest()
let rising: string[] = []
let falling: string[] = []
test.beforeEach(() => {
  ;({ rising, falling } = listScreened(market, { rising: 4, falling: 2 }))
})

const patience = { timeout: 40_000 }

async function start(page: Client, more: object = {}): Promise<{ run_id: string; number: number }> {
  const parameters = { min_score: 20, tickers: [...rising, ...falling, 'BYND'], ...more }
  const answer = await page.post('/api/strategies/execute', { strategy_code: 'breakout', parameters })
  expect(answer).toMatchObject({ status: 200 })
  return answer.body
}

async function ended(page: Client, id: string): Promise<Record<string, unknown>> {
  const status = async () => (await page.get(`/api/strategies/runs/${id}/status`)).body
  await expect.poll(async () => (await status()).status, patience).toMatch(/completed|error|cancelled/)
  return status()
}

async function opened(port: number, path: string, page: Client, after?: string): Promise<RawStream> {
  const stream = await openRaw(port, { path, headers: page.headers, after })
  onTestFinished(() => stream.close())
  return stream
}

interface Progress {
  event_type: string
  run_id: string
  progress_percent: number
}
const said = ({ messages }: RawStream) =>
  messages.map(({ data }) => data as unknown as Progress).filter((data) => 'event_type' in data)

test('a stream brings the state at once, the progress that never goes back, and the end, and ends', async ({
  api,
  alice,
}) => {
  const page = await signIn(api, alice)
  const gate = gateBars(market)
  onTestFinished(gate.open)
  const run = await start(page)
  const stream = await opened(api.server.port, `/api/strategies/sse/${run.run_id}`, page)
  expect(stream.headers['content-type']).toContain('text/event-stream')
  await expect.poll(() => said(stream).length, patience).toBeGreaterThan(0)
  expect(stream.isEnded()).toBe(false)
  gate.open()
  await expect.poll(stream.isEnded, patience).toBe(true)
  const events = said(stream)
  expect(events.every(({ run_id }) => run_id === run.run_id)).toBe(true)
  expect(events.at(-1)).toMatchObject({ event_type: 'completed', progress_percent: 100 })
  expect(events.slice(0, -1).map(({ event_type }) => event_type)).not.toContain('completed')
  const percents = events.map(({ progress_percent }) => progress_percent)
  expect(percents).toEqual(percents.toSorted((a, b) => a - b))
  // Messages have no name, as their type is in them.
  expect(stream.messages.every(({ event }) => event === 'message')).toBe(true)
  const kinds = new Set(events.map(({ event_type }) => event_type))
  expect([...kinds]).toEqual(expect.arrayContaining(['stage_completed', 'completed']))
  expect(events.find(({ event_type }) => event_type === 'stage_completed')).toMatchObject({
    ...{ timestamp: expect.any(String), stage: expect.any(String), completed_items: expect.any(Number) },
    ...{ message: expect.any(String), metrics: { passed_count: expect.any(Number) } },
  })

  // A reader that comes late gets the end at once; a browser that comes back after it is sent away for good.
  const late = await opened(api.server.port, `/api/strategies/sse/${run.run_id}`, page)
  await expect.poll(late.isEnded, patience).toBe(true)
  expect(said(late)).toEqual([events.at(-1)])
  const back = await opened(api.server.port, `/api/strategies/sse/${run.run_id}`, page, late.messages.at(-1)!.id)
  expect(back.status).toBe(204)
})

test('the stream of a page brings the runs of its member, and a topic one of them', async ({ api, alice, bob }) => {
  const [hers, his] = [await signIn(api, alice), await signIn(api, bob)]
  const gate = gateBars(market)
  onTestFinished(gate.open)
  const [first, second] = [await start(hers), await start(hers)]
  const all = await opened(api.server.port, '/api/stream', hers)
  const one = await opened(api.server.port, `/api/stream?topics=run:${second.run_id}`, hers)
  const none = await opened(api.server.port, '/api/stream', his)
  await expect.poll(() => said(one).length, patience).toBeGreaterThan(0)
  gate.open()
  const ends = (stream: RawStream) =>
    said(stream)
      .filter(({ event_type }) => event_type === 'completed')
      .map(({ run_id }) => run_id)
  await expect.poll(() => ends(all).length, patience).toBe(2)
  expect(new Set(ends(all))).toEqual(new Set([first.run_id, second.run_id]))
  await expect.poll(() => ends(one), patience).toEqual([second.run_id])
  expect(new Set(said(one).map(({ run_id }) => run_id))).toEqual(new Set([second.run_id]))
  expect(said(none)).toEqual([])
  const names = all.messages.filter(({ data }) => 'event_type' in data).map(({ event }) => event)
  expect(new Set(names)).toEqual(new Set(['run']))
  expect((await hers.get('/api/stream?topics=run:12')).status).toBe(400)
})

test('a run that is cancelled while it runs says so on its stream', async ({ api, alice }) => {
  const page = await signIn(api, alice)
  const gate = gateBars(market)
  onTestFinished(gate.open)
  const run = await start(page)
  const status = async () => (await page.get(`/api/strategies/runs/${run.run_id}/status`)).body.status
  await expect.poll(status, patience).toBe('running')
  const stream = await opened(api.server.port, `/api/strategies/sse/${run.run_id}`, page)
  const { body } = await page.post(`/api/strategies/runs/${run.run_id}/cancel`)
  expect(body).toMatchObject({ cancelled: true })
  gate.open()
  await expect.poll(stream.isEnded, patience).toBe(true)
  expect(said(stream).at(-1)).toMatchObject({ event_type: 'cancelled' })
  expect(await page.post(`/api/strategies/runs/${run.run_id}/cancel`)).toMatchObject({
    status: 409,
    body: { code: 'RUN_ENDED' },
  })
})

test('results come in pages by rank, with the parts of each score, and as files', async ({ api, alice }) => {
  const page = await signIn(api, alice)
  const { run_id: id, number } = await start(page)
  expect(await ended(page, id)).toMatchObject({
    ...{ status: 'completed', progress_percent: 100, can_cancel: false },
    metrics: { processed_tickers: 7, total_tickers: 7, passed_count: 4, skipped_count: 1 },
  })
  const { body: all } = await page.get(`/api/strategies/runs/${id}/results`)
  expect(all.items).toHaveLength(7)
  expect(all).toMatchObject({ status: 'completed', progress_percent: 100 })
  expect(all.items.map(({ rank }: { rank: number }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7])
  const [best] = all.items
  expect(best).toMatchObject({ outcome: 'passed', lacking: expect.any(Array), gates: expect.any(Array) })
  expect(best.price).toMatch(/^\d+(\.\d+)?$/)
  const points = best.items.reduce((sum: number, { points }: { points: number }) => sum + points, 0)
  const most = best.items.reduce((sum: number, { of }: { of: number }) => sum + of, 0)
  expect((100 * points) / most).toBeCloseTo(best.score, 1)
  expect(all.items.at(-1)).toMatchObject({ symbol: 'BYND', outcome: 'skipped', reason: '0 of 260 bars', score: null })

  const first = (await page.get(`/api/strategies/runs/${id}/results?outcome=passed&limit=3`)).body
  const second = (await page.get(`/api/strategies/runs/${id}/results?outcome=passed&limit=3&cursor=${first.next}`)).body
  expect([...first.items, ...second.items]).toEqual(all.items.slice(0, 4))
  expect(second.next).toBeNull()

  const lines = await page.get(`/api/strategies/runs/${id}/results.jsonl`)
  expect(lines.headers.get('content-disposition')).toContain(`run-${number}.jsonl`)
  expect(
    String(lines.body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(all.items)
  const table = String((await page.get(`/api/strategies/runs/${id}/results.csv?outcome=passed`)).body).split('\r\n')
  expect(table[0]).toMatch(/^rank,symbol,outcome,score,price,/)
  expect(table).toHaveLength(6)
  expect(table[1]).toMatch(new RegExp(`^1,${best.symbol},passed,${best.score},${best.price},`))
})

test('a second run is compared with the first, and a run can be run again', async ({ api, alice }) => {
  const page = await signIn(api, alice)
  const first = await start(page)
  await ended(page, first.run_id)
  const second = await start(page, { tickers: [rising[1], rising[2], falling[0]] })
  await ended(page, second.run_id)
  const { body } = await page.get(`/api/strategies/runs/${first.run_id}/compare/${second.run_id}`)
  const symbols = (some: { symbol: string }[]) => some.map(({ symbol }) => symbol).toSorted()
  expect([body.new, body.gone, body.moved.length + body.same]).toEqual([[], [], 2])
  // The second run did not go over them, which tells nothing about them.
  expect(symbols(body.unscored)).toEqual([rising[0], rising[3]])
  expect(body.unscored[0]).toMatchObject({ before: expect.any(Number), after: null })
  expect(body).toMatchObject({ before: { number: first.number }, after: { number: second.number } })

  const again = (await page.post(`/api/strategies/runs/${first.run_id}/rerun`)).body
  expect(again.number).toBe(second.number + 1)
  await ended(page, again.run_id)
  const results = async (id: string) => (await page.get(`/api/strategies/runs/${id}/results`)).body.items
  expect(await results(again.run_id)).toEqual(await results(first.run_id))
  const same = (await page.get(`/api/strategies/runs/${first.run_id}/compare/${again.run_id}`)).body
  expect(same).toMatchObject({ new: [], gone: [], moved: [], same: 4, unscored: [] })
})

test('the streams of runs count as streams, and end with the session', async ({ api, desk, alice }) => {
  const page = await signIn(api, alice)
  const gate = gateBars(market)
  onTestFinished(gate.open)
  const run = await start(page)
  const path = `/api/strategies/sse/${run.run_id}`
  const own = await serveApi(desk, { streams: { times: { checkEveryMs: 200 } } })
  onTestFinished(() => own.close())
  const { cookie: _, ...headers } = page.headers
  const there = { ...page, headers: { ...headers, cookie: '' } }
  expect((await opened(own.server.port, path, there)).status).toBe(401)
  const mine = await signIn(own, alice)
  const streams = await Promise.all(Array.from({ length: 6 }, () => opened(own.server.port, path, mine)))
  expect(streams.map(({ status }) => status)).toEqual(Array(6).fill(200))
  const more = await opened(own.server.port, path, mine)
  expect([more.status, more.body().code]).toEqual([429, 'TOO_MANY_STREAMS'])
  expect((await mine.post('/api/logout')).status).toBe(200)
  await expect.poll(() => streams.every((stream) => stream.isEnded()), patience).toBe(true)
  expect(streams[0]!.messages.at(-1)).toMatchObject({ event: 'end', data: { because: 'signed out' } })
  gate.open()
  await ended(page, run.run_id)
})
