import { expect } from 'vitest'
import { apiTest, newKey, program, signIn } from '../serve.ts'

// Nobody works in this file, so what is queued waits.
const { test } = apiTest({
  worker: false,
  environment: { MAX_QUEUE_SIZE: '3', MAX_CONCURRENT_EXECUTIONS: '1' },
})
const execute = '/api/strategies/execute'
const breakout = { strategy_code: 'bullish_breakout', parameters: { min_score: 60, tickers: ['BYND', 'aapl'] } }

test('the screeners are listed with a schema from which a form can be made', async ({ api, alice }) => {
  const page = await signIn(api, alice)
  const { items } = (await page.get('/api/strategies')).body
  const one = items.find(({ strategy_code }: { strategy_code: string }) => strategy_code === 'bullish_breakout')
  expect(one).toMatchObject({ aliases: expect.arrayContaining(['breakout']), bars_needed: 260 })
  expect(one.past).toMatch(/standard deviation of .*filter/)
  const { properties } = one.parameters
  expect(properties.min_score).toMatchObject({ type: 'number', minimum: 0, maximum: 100, default: 70 })
  expect(properties.universe_source.enum).toContain('sp500')
  for (const property of Object.values<{ description: string }>(properties)) {
    expect(property.description).toMatch(/\w+/)
  }
})

test('a run waits with its position, its expected start and its stream, once for its key', async ({ api, alice }) => {
  const page = await signIn(api, alice)
  const key = newKey()
  const first = await page.post(execute, breakout, { 'idempotency-key': key })
  expect(first).toMatchObject({
    status: 200,
    body: { status: 'queued', number: 1, sse_endpoint: `/api/strategies/sse/${first.body.run_id}` },
  })
  expect(Date.parse(first.body.estimated_start_time)).not.toBeNaN()
  const again = await page.post(execute, breakout, { 'idempotency-key': key })
  expect(again.body).toEqual(first.body)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  const { body: run } = await page.get(`/api/strategies/runs/${first.body.run_id}/status`)
  expect(run).toMatchObject({
    ...{ run_id: first.body.run_id, status: 'queued', can_cancel: true, progress_percent: 0, ended_at: null },
    parameters: { min_score: 60, tickers: ['BYND', 'AAPL'], universe_source: 'market', min_volume_multiple: 1 },
  })
  // Its number names it, too.
  expect((await page.get('/api/strategies/runs/1/status')).body.run_id).toBe(run.run_id)
  const { body: queue } = await page.get('/api/strategies/queue')
  expect(queue).toMatchObject({ total_queued: 1, max_concurrent: 1, queue: [{ run_id: run.run_id, status: 'queued' }] })
  expect((await page.get('/api/strategies/runs')).body.items.map((one: { number: number }) => one.number)).toEqual([1])

  const cancelled = await page.post(`/api/strategies/runs/${run.run_id}/cancel`)
  expect(cancelled).toMatchObject({ status: 200, body: { cancelled: true, status: 'cancelled' } })
  const late = await page.post(`/api/strategies/runs/${run.run_id}/cancel`)
  expect(late).toMatchObject({ status: 409, body: { code: 'RUN_ENDED' } })
  expect((await page.get('/api/strategies/queue')).body.queue).toEqual([])
})

test.for([
  [{ strategy_code: 'brakout' }, 'UNKNOWN_STRATEGY', 'body.strategy_code'],
  [{ strategy_code: 'breakout', parameters: { min_score: 300 } }, 'WRONG_PARAMETER', 'body.parameters.min_score'],
  [{ strategy_code: 'breakout', parameters: { min_scor: 3 } }, 'WRONG_PARAMETER', 'body.parameters.min_scor'],
  [{ strategy_code: 'breakout', options: { priority: 'urgent' } }, 'BAD_REQUEST', 'body.options.priority'],
  [
    { strategy_code: 'breakout', parameters: { file: 'mine', universe_source: 'sp500' } },
    'WRONG_PARAMETER',
    'body.parameters.file',
  ],
  [{ parameters: {} }, 'BAD_REQUEST', 'body.strategy_code'],
] as const)('%j is answered with 400 and the wrong field', async ([body, code, field], { api, alice }) => {
  const page = await signIn(api, alice)
  const answer = await page.post(execute, body)
  expect(answer).toMatchObject({ status: 400, body: { code, field } })
  if (field.endsWith('min_score')) expect(answer.body.message).toContain('from 0 to 100')
  expect((await page.get('/api/strategies/runs')).body.items).toEqual([])
})

test('all that is wrong is told at once, the universe of what is right, too', async ({ api, alice }) => {
  const page = await signIn(api, alice)
  const wrong = async (parameters: object) => {
    const { status, body } = await page.post(execute, { strategy_code: 'breakout', parameters })
    expect(status).toBe(400)
    return body
  }
  const body = await wrong({ min_score: 300, max_workers: 'x', tickers: 'BYND, NOPE' })
  expect(body).toMatchObject({ code: 'WRONG_PARAMETER', field: 'body.parameters.min_score' })
  expect(body.also).toEqual([
    { field: 'body.parameters.max_workers', message: expect.stringContaining('from 1 to 8') },
    { field: 'body.parameters.tickers', message: expect.stringContaining('NOPE') },
  ])
  expect((await wrong({ min_score: 300, tickers: 'BYND' })).also).toBeUndefined()
  // A parameter that there is not is one, whatever its name.
  expect((await wrong({ days: 3 })).field).toBe('body.parameters.days')
  expect((await page.get('/api/strategies/runs')).body.items).toEqual([])
})

test('a webhook that this desk does not call is refused', async ({ api, alice }) => {
  const page = await signIn(api, alice)
  const options = { notify_on_completion: { webhook: 'https://example.com/runs' } }
  const answer = await page.post(execute, { ...breakout, options })
  expect(answer).toMatchObject({
    status: 422,
    body: { code: 'WRONG_TARGET', message: expect.stringContaining('calls no webhooks') },
  })
  expect((await page.get('/api/strategies/runs')).body.items).toEqual([])
})

test('symbols that the market does not know are refused by name', async ({ api, alice }) => {
  const page = await signIn(api, alice)
  const answer = await page.post(execute, { strategy_code: 'breakout', parameters: { tickers: ['BYND', 'NOPE'] } })
  expect(answer).toMatchObject({ status: 400, body: { code: 'UNKNOWN_SYMBOLS' } })
  expect(answer.body.message).toContain('NOPE')
})

test('a full queue is answered with 429, and those who wait keep their places', async ({ api, alice, bob }) => {
  const [hers, his] = [await signIn(api, alice), await signIn(api, bob)]
  const made: { page: typeof hers; id: string }[] = []
  // One has a place, and three may wait.
  for (const page of [hers, hers, his, hers]) {
    const { body } = await page.post(execute, breakout)
    made.push({ page, id: body.run_id })
  }
  const full = await his.post(execute, breakout)
  expect(full).toMatchObject({ status: 429, body: { code: 'QUEUE_FULL' } })
  expect(full.headers.get('retry-after')).toBe('30')
  // The member and the parameters of a run are nobody else's business.
  const { queue } = (await his.get('/api/strategies/queue')).body
  expect(queue).toHaveLength(4)
  expect(queue.filter((one: { run_id: string | null }) => one.run_id !== null)).toMatchObject([{ run_id: made[2]!.id }])
  expect(JSON.stringify(queue)).not.toContain(made[0]!.id)
  // Fair: his only one comes before her second one.
  expect(queue.map((one: { run_id: string | null }) => one.run_id === made[2]!.id)).toEqual([false, true, false, false])
  for (const { page, id } of made) expect((await page.post(`/api/strategies/runs/${id}/cancel`)).status).toBe(200)
})

test('a run of another member does not exist, whatever is asked of it', async ({ api, desk, alice, bob }) => {
  await alice.say('long BYND 10 @ 1')
  await bob.say('long BYND 10 @ 1')
  const [hers, his] = [await signIn(api, alice), await signIn(api, bob)]
  const robot = await program(api, desk, bob)
  const { run_id: id } = (await hers.post(execute, breakout)).body
  for (const caller of [his, robot]) {
    for (const path of ['status', 'results', 'results.csv', 'results.jsonl', `compare/${id}`]) {
      const answer = await caller.get(`/api/strategies/runs/${id}/${path}`)
      expect([path, answer.status, answer.body.code]).toEqual([path, 404, 'NOT_FOUND'])
    }
    for (const act of ['cancel', 'rerun']) {
      const answer = await caller.post(`/api/strategies/runs/${id}/${act}`)
      expect([act, answer.status, answer.body.code]).toEqual([act, 404, 'NOT_FOUND'])
    }
    expect((await caller.get(`/api/strategies/sse/${id}`)).status).toBe(404)
    expect((await caller.get(`/api/stream?topics=run:${id}`)).status).toBe(404)
    expect((await caller.get('/api/strategies/runs')).body.items).toEqual([])
  }
  expect((await hers.post(`/api/strategies/runs/${id}/cancel`)).status).toBe(200)
})

test('a token sees the runs of its account, and one that only reads starts and ends none', async ({
  api,
  desk,
  alice,
}) => {
  await alice.say('long BYND 10 @ 1')
  const page = await signIn(api, alice)
  const robot = await program(api, desk, alice)
  const reader = await program(api, desk, alice, 'read')
  const { body: run } = await robot.post(execute, breakout)
  expect((await reader.get(`/api/strategies/runs/${run.run_id}/status`)).body.number).toBe(run.number)
  const refused = { status: 403, body: { code: 'TOKEN_ONLY_READS' } }
  expect(await reader.post(execute, breakout)).toMatchObject(refused)
  expect(await reader.post(`/api/strategies/runs/${run.run_id}/cancel`)).toMatchObject(refused)
  expect(await reader.post(`/api/strategies/runs/${run.run_id}/rerun`)).toMatchObject(refused)
  // Another account of hers is not the token's.
  await alice.say('account new paper swing $50,000')
  const accounts = (await page.get('/api/me')).body.accounts
  expect(accounts).toHaveLength(2)
  const other = (await page.post(`${execute}?account=${accounts[1].id}`, breakout)).body
  expect((await reader.get(`/api/strategies/runs/${other.run_id}/status`)).status).toBe(404)
  expect((await page.get(`/api/strategies/runs/${other.run_id}/status`)).body.account).toBe(accounts[1].id)
  const heard = async (text: string) => (await robot.post('/api/say', { text })).body.replies[0].text
  for (const text of ['run', 'results', 'rerun', 'cancel run', 'compare run'])
    expect(await heard(`${text} ${other.number}`)).toContain(`You have no run ${other.number}.`)
  expect(await heard('runs')).not.toContain(`\n${other.number}. `)
  expect(await heard('runs stats')).toContain(': 1 run, ')
  expect(await heard('screen queue')).not.toContain(`(run ${other.number})`)
  const numbers = async ({ get }: typeof page) =>
    (await get('/api/strategies/queue')).body.queue.map((one: { number: number | null }) => one.number)
  expect(await numbers(page)).toContain(other.number)
  expect(await numbers(reader)).not.toContain(other.number)
  expect(await heard(`run ${run.number}`)).toContain(`RUN ${run.number} `)
  for (const { run_id } of [run, other]) await page.post(`/api/strategies/runs/${run_id}/cancel`)
})

test('a run that was asked for before there was an account is seen by the page and by a token', async ({
  api,
  desk,
  alice,
}) => {
  await alice.say('screen breakout tickers BYND')
  const [page, robot] = [await signIn(api, alice), await program(api, desk, alice)]
  const [account] = (await page.get('/api/me')).body.accounts
  for (const caller of [page, robot]) {
    for (const list of ['', `?account=${account.id}`]) {
      expect((await caller.get(`/api/strategies/runs${list}`)).body.items).toMatchObject([{ number: 1, account: null }])
    }
    for (const path of ['status', 'results', 'results.csv', 'results.jsonl', 'compare/1']) {
      expect([path, (await caller.get(`/api/strategies/runs/1/${path}`)).status]).toEqual([path, 200])
    }
  }
  const { body: again } = await robot.post('/api/strategies/runs/1/rerun')
  expect((await page.get(`/api/strategies/runs/${again.number}/status`)).body.account).toBe(account.id)
  for (const number of [1, again.number]) {
    expect((await robot.post(`/api/strategies/runs/${number}/cancel`)).body.status).toBe('cancelled')
  }
})

test('the history has pages, and is filtered by screener and by state', async ({ api, alice }) => {
  const page = await signIn(api, alice)
  const made = []
  for (let at = 0; at < 3; at++) {
    const { body } = await page.post(execute, breakout)
    made.push(body.number)
    if (at < 2) await page.post(`/api/strategies/runs/${body.run_id}/cancel`)
  }
  const numbers = ({ body }: { body: { items: { number: number }[] } }) => body.items.map(({ number }) => number)
  const first = await page.get('/api/strategies/runs?limit=2')
  expect(numbers(first)).toEqual([made[2], made[1]])
  const second = await page.get(`/api/strategies/runs?limit=2&cursor=${first.body.next}`)
  expect(numbers(second)).toEqual([made[0]])
  expect(second.body.next).toBeNull()
  expect(numbers(await page.get('/api/strategies/runs?state=active'))).toEqual([made[2]])
  expect(numbers(await page.get('/api/strategies/runs?state=ended'))).toEqual([made[1], made[0]])
  expect(numbers(await page.get('/api/strategies/runs?strategy_code=nothing'))).toEqual([])
  await page.post(`/api/strategies/runs/${made[2]}/cancel`)
})

test('a viewer may screen, but not before others', async ({ api, desk, alice }) => {
  const page = await signIn(api, alice)
  const { id } = (await page.get('/api/me')).body.member
  await desk.desk.parts.db.updateTable('members').set({ role: 'viewer' }).where('id', '=', id).execute()
  const first = await page.post(execute, { ...breakout, options: { priority: 'high' } })
  expect(first).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } })
  const { status, body } = await page.post(execute, breakout)
  expect(status).toBe(200)
  expect((await page.post(`/api/strategies/runs/${body.run_id}/cancel`)).body.status).toBe('cancelled')
})

test('a run on the page is one in chat, which cancels it', async ({ api, alice }) => {
  const page = await signIn(api, alice)
  const { body: run } = await page.post(execute, breakout)
  expect(await alice.say('runs')).toContain(String(run.number))
  await alice.say(`cancel run ${run.number}`)
  expect((await page.get(`/api/strategies/runs/${run.run_id}/status`)).body.status).toBe('cancelled')
})
