import { describe, expect } from 'vitest'
import { contract, type RouteName } from '../../src/api/contract/index.ts'
import type { Row } from '../../src/api/contract/row.ts'
import { idleMs } from '../../src/trading/access/rows/web-sessions.ts'
import { someone } from '../talk/commands/someone.ts'
import { sampleOf } from './samples.ts'
import { type Answered, apiTest, type Client, client, memberOf, program, signIn } from './serve.ts'

const made = apiTest({ worker: false })

/** Somebody with one of everything, whom nobody else may see, and the callers who try. */
const test = made.test.extend('scene', { scope: 'file' }, async ({ desk, api }) => {
  const victim = someone(desk, 'victim')
  await victim.say('long BYND 7778 @ .50')
  await victim.say('scaleout BYND slow half')
  await victim.say('buy 10 AAPL @ 100')
  await victim.say('alert BYND above 40')
  const page = await signIn(api, victim)
  const { db } = desk.desk.parts
  const account = (await page.get('/api/me')).body.account as number
  const scaleout = (await page.get('/api/scaleouts')).body.items[0].id as number
  const session = (await page.get('/api/sessions')).body.items[0].id as number
  const asked = { strategy_code: 'breakout', parameters: { tickers: ['BYND'], min_score: 77.78 } }
  const run = (await page.post('/api/strategies/execute', asked)).body.run_id as string
  const event = await db
    .selectFrom('desk_events')
    .select('id')
    .where('account_id', '=', account)
    .executeTakeFirstOrThrow()
  const position = await db
    .selectFrom('positions')
    .selectAll()
    .where('account_id', '=', account)
    .executeTakeFirstOrThrow()
  const now = new Date()
  const question = await db
    .insertInto('guardian_decisions')
    .values({
      ...{ event_id: event.id, position_id: position.id, account_id: account, symbol: 'BYND', position_version: 0 },
      ...{ member_id: await memberOf(desk.desk, victim), conversation_id: position.conversation_id!, latency_ms: 1 },
      ...{ action: 'HOLD', reasoning: 'a secret reason', source: 'rules', state: 'proposed' },
      ...{ decided_at: now, expires_at: new Date(now.getTime() + 3_600_000) },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const stranger = someone(desk, 'stranger')
  await stranger.say('long AAPL 10 @ 100')
  const viewer = someone(desk, 'looker')
  await viewer.say('long BYND 10 @ 1')
  const expired = someone(desk, 'sleeper')
  const callers = {
    stranger: await signIn(api, stranger),
    program: await program(api, desk, stranger),
    viewer: await signIn(api, viewer),
    expired: await signIn(api, expired),
    revoked: await program(api, desk, stranger, 'trade', 'gone'),
    reader: await program(api, desk, stranger, 'read'),
    page,
  }
  await stranger.say('token end gone')
  await db.updateTable('members').set({ role: 'viewer' }).where('name', '=', 'looker').execute()
  await db
    .updateTable('web_sessions')
    .set({ used_at: new Date(Date.now() - idleMs - 1000) })
    .where('member_id', '=', await memberOf(desk.desk, expired))
    .execute()
  return { callers, account, things: { scaleout, session, question: question.id, run } }
})

const rows = Object.entries(contract) as [RouteName, Row][]
const guarded = rows.filter(([, row]) => row.needs !== 'nobody')

const send = (caller: Client, row: Row, { path, body }: { path: string; body?: object }): Promise<Answered> =>
  row.method === 'GET' ? caller.get(path) : row.method === 'DELETE' ? caller.del(path) : caller.post(path, body)

describe.for(guarded)('%s', ([name, row]) => {
  test('is for nobody without a session or a token, or with one that has ended', async ({ api, scene }) => {
    const sample = sampleOf(name, row.path, scene.things)
    const { expired, revoked } = scene.callers
    const wrong = client(api, { origin: api.url, cookie: `deskhand-${api.server.port}=${'x'.repeat(43)}` })
    const strange = client(api, { authorization: `Bearer dh_${'x'.repeat(43)}` })
    for (const caller of [client(api), client(api, { origin: api.url }), wrong, strange, expired, revoked]) {
      const { status, body } = await send(caller, row, sample)
      expect([status, body.code]).toEqual([401, 'NOT_SIGNED_IN'])
    }
  })

  test('takes no cookie from a page of another site', async ({ api, scene }) => {
    const sample = sampleOf(name, row.path, scene.things)
    const cookie = scene.callers.page.headers.cookie!
    const reads = row.method === 'GET'
    const foreign = [
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      ...(reads ? [{ 'sec-fetch-site': 'same-site' }] : [{}, { origin: 'https://evil.example' }, { origin: 'null' }]),
    ]
    for (const headers of foreign) {
      const { status, body } = await send(client(api, { cookie, ...headers } as Record<string, string>), row, sample)
      expect([status, body.code]).toEqual([403, 'WRONG_ORIGIN'])
    }
  })

  // A stranger who signs out has nothing more to try.
  if (name !== 'logout')
    test('shows and gives a stranger nothing of another member', async ({ scene }) => {
      const sample = sampleOf(name, row.path, scene.things)
      for (const caller of [scene.callers.stranger, scene.callers.program, scene.callers.reader]) {
        const own = await send(caller, row, sample)
        const text = JSON.stringify(own.body)
        expect(text).not.toMatch(/victim|a secret reason/)
        expect(text).not.toMatch(/7778|3889|77\.78/)
        // A number is one of the caller's own, and not a name for what others have.
        if (/\{(run_)?id\}/.test(row.path)) expect([403, 404]).toContain(own.status)
        if (!row.query || !('account' in row.query.shape)) continue
        const path = `${sample.path}${sample.path.includes('?') ? '&' : '?'}account=${scene.account}`
        const others = await send(caller, row, { ...sample, path })
        if (caller === scene.callers.reader && row.needs === 'trades') expect(others.body.code).toBe('TOKEN_ONLY_READS')
        else expect([others.status, others.body.code]).toEqual([404, 'NOT_FOUND'])
      }
    })

  if (row.needs === 'trades')
    test('is not for a viewer', async ({ scene }) => {
      const answer = await send(scene.callers.viewer, row, sampleOf(name, row.path, scene.things))
      expect([answer.status, answer.body.code]).toEqual([403, 'NOT_ALLOWED'])
    })
})

test('the victim still has everything', async ({ scene }) => {
  const { page } = scene.callers
  expect((await page.get('/api/positions')).body.items).toMatchObject([
    { symbol: 'BYND', quantity: '7778', stop: null },
  ])
  expect((await page.get('/api/scaleouts?state=running')).body.items).toHaveLength(1)
  expect((await page.get('/api/orders')).body.items).toHaveLength(1)
  expect((await page.get('/api/alerts')).body.items).toHaveLength(1)
  expect((await page.get('/api/strategies/runs?state=active')).body.items).toHaveLength(1)
  expect((await page.get('/api/questions')).body.items).toMatchObject([{ isYours: true, symbol: 'BYND' }])
})

test('every answer has the headers that keep browsers from guessing, framing and keeping it', async ({
  api,
  scene,
}) => {
  for (const path of ['/api/me', '/api/nothing', '/api/openapi.json', '/api/docs', '/api/events.csv']) {
    const { headers } = await scene.callers.page.get(path)
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    })
    expect(headers.get('access-control-allow-origin')).toBeNull()
  }
  const preflight = await fetch(`${api.url}/api/orders`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example' },
  })
  expect(preflight.status).toBe(405)
})

test('what is not understood is answered with the reason, and does nothing', async ({ scene }) => {
  const { page } = scene.callers
  const bad = { status: 400, body: { code: 'BAD_REQUEST' } }
  expect(await page.get('/api/orders?limit=9999')).toMatchObject(bad)
  expect(await page.get('/api/orders?what=1')).toMatchObject(bad)
  expect(await page.get('/api/orders?limit=1&limit=2')).toMatchObject(bad)
  expect(await page.get('/api/orders?cursor=x')).toMatchObject(bad)
  expect(await page.get('/api/scaleouts/abc')).toMatchObject(bad)
  expect(await page.post('/api/orders', { symbol: 'AAPL', side: 'buy', quantity: 1 })).toMatchObject(bad)
  expect(await page.post('/api/orders', { symbol: 'AAPL', side: 'buy', quantity: '1', stp: '5' })).toMatchObject(bad)
  expect(await page.post('/api/orders', { symbol: 'AAPL', side: 'buy', quantity: '-1' })).toMatchObject({
    status: 400,
    body: { code: 'BAD_REQUEST', field: 'body.quantity' },
  })
  expect(
    await page.post('/api/orders', { symbol: 'AAPL', side: 'buy', quantity: '1' }, { 'content-type': 'text/plain' }),
  ).toMatchObject(bad)
  expect(await page.post('/api/positions/NOPE/close')).toMatchObject({ status: 404, body: { code: 'NO_POSITION' } })
  expect(await page.get('/api/nothing')).toMatchObject({ status: 404, body: { code: 'NO_SUCH_ROUTE' } })
  const wrong = await page.del('/api/positions')
  expect([wrong.status, wrong.headers.get('allow'), wrong.body.code]).toEqual([405, 'GET', 'WRONG_METHOD'])
  expect(await page.post('/api/say', { text: 'x'.repeat(70_000) })).toMatchObject({
    status: 413,
    body: { code: 'BODY_TOO_LONG' },
  })
})
