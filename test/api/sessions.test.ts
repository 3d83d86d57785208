import { pino } from 'pino'
import { expect } from 'vitest'
import { publishPage } from '../../src/trading/access/page-address.ts'
import { idleMs } from '../../src/trading/access/rows/web-sessions.ts'
import { someone } from '../talk/commands/someone.ts'
import { apiTest, client, linkToken, program, signIn } from './serve.ts'

const logged: string[] = []
const { test } = apiTest({
  worker: false,
  environment: { DESKHAND_OWNERS: 'slack:T1:BOSS' },
  log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
})

test('a link has the address that was set, whatever other processes find', async ({ api, desk, alice }) => {
  const { redis, log } = desk.desk.parts
  publishPage(redis, { address: 'https://desk.example.com', isSet: true }, log).close()
  publishPage(redis, { address: api.url, isSet: false }, log).close()
  expect(await alice.say('dashboard')).toContain(' https://desk.example.com/login#t=')
  await redis.del('deskhand:page:set')
  expect(await alice.say('dashboard')).toContain(` ${api.url}/login#t=`)
})

test('a link of `dashboard` opens the page once, and tells nobody else', async ({ api, desk, alice }) => {
  const [reply] = await alice.hear('dashboard')
  expect(reply).toMatchObject({ private: true })
  expect(reply!.text).toContain(`${api.url}/login#t=`)
  const token = /#t=(\S+)/.exec(reply!.text)![1]!
  const browser = client(api, { origin: api.url })
  const first = await browser.post('/api/login', { token })
  expect(first.status).toBe(200)
  expect(first.body).toMatchObject({
    member: { name: alice.name, role: 'trader' },
    trades: true,
    zone: 'America/New_York',
  })
  const cookie = first.headers.get('set-cookie')!
  expect(cookie).toMatch(/^deskhand-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
  expect(await browser.post('/api/login', { token })).toMatchObject({ status: 401, body: { code: 'LINK_NOT_GOOD' } })
  // Neither the link nor the cookie is kept anywhere: not in a reply, the audit, short memory or the log.
  const { db, redis } = desk.desk.parts
  const secrets = [token, /=([\w-]{43})/.exec(cookie)![1]!]
  const kept = await Promise.all([
    db.selectFrom('replies').selectAll().execute(),
    db.selectFrom('audit').selectAll().execute(),
    db.selectFrom('login_links').selectAll().execute(),
    db.selectFrom('web_sessions').selectAll().execute(),
    Promise.all((await redis.keys('*')).map((key) => redis.dump(key))),
  ])
  for (const secret of secrets) expect(JSON.stringify([kept, logged])).not.toContain(secret)
})

test('a preview that opens the link uses nothing up', async ({ api, alice }) => {
  const token = await linkToken(alice)
  await client(api).get('/login')
  expect((await client(api).get(`/api/login?token=${token}`)).status).toBe(405)
  expect((await client(api, { origin: api.url }).post('/api/login', { token })).status).toBe(200)
})

test('a link is good for five minutes, and only the last three of a member are good', async ({ api, desk, alice }) => {
  const { db } = desk.desk.parts
  const browser = client(api, { origin: api.url })
  const late = await linkToken(alice)
  await db
    .updateTable('login_links')
    .set({ expires_at: new Date(Date.now() - 1000) })
    .execute()
  expect(await browser.post('/api/login', { token: late })).toMatchObject({
    status: 401,
    body: { code: 'LINK_NOT_GOOD' },
  })
  const links = []
  for (let index = 0; index < 4; index++) links.push(await linkToken(alice))
  const statuses = []
  for (const token of links) statuses.push((await browser.post('/api/login', { token })).status)
  expect(statuses).toEqual([401, 200, 200, 200])
})

test('only a page of the desk itself may sign in, and act', async ({ api, alice }) => {
  const token = await linkToken(alice)
  for (const headers of [
    {},
    { origin: 'https://evil.example' },
    { origin: api.url, 'sec-fetch-site': 'cross-site' },
    { origin: 'null' },
    { origin: 'http://desk.evil.example', host: 'desk.evil.example' },
  ]) {
    const answer = await client(api, headers as Record<string, string>).post('/api/login', { token })
    expect(answer).toMatchObject({ status: 403, body: { code: 'WRONG_ORIGIN' } })
  }
  const page = await signIn(api, alice)
  expect((await page.post('/api/say', { text: 'positions' }, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await page.get('/api/me', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await page.get('/api/me')).status).toBe(200)
})

test('attempts to sign in are limited by address', async ({ desk, alice }) => {
  const { serveApi } = await import('./serve.ts')
  const strict = await serveApi(desk, { loginsPerMinute: 3 })
  try {
    const browser = client(strict, { origin: strict.url })
    const statuses = []
    for (let index = 0; index < 5; index++) statuses.push((await browser.post('/api/login', { token: 'wrong' })).status)
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    const more = await browser.post('/api/login', { token: await linkToken(alice) })
    expect(more).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } })
  } finally {
    await strict.close()
  }
})

test('sessions are listed and ended in chat and on the page', async ({ api, alice, bob }) => {
  const [one, two, others] = [await signIn(api, alice), await signIn(api, alice), await signIn(api, bob)]
  const { body } = await one.get('/api/sessions')
  expect(body.items).toHaveLength(2)
  const { id, name } = body.items.find((session: { isThis: boolean }) => !session.isThis)
  expect(name).toBe('Firefox on Linux')
  expect(await alice.say('sessions')).toContain(`${id}. Firefox on Linux`)
  expect((await others.del(`/api/sessions/${id}`)).status).toBe(404)
  expect((await two.get('/api/me')).status).toBe(200)
  expect(await alice.say(`sessions end ${id}`)).toContain(`✓ Ended: ${id}`)
  expect(await two.get('/api/me')).toMatchObject({ status: 401, body: { code: 'NOT_SIGNED_IN' } })
  expect((await one.post('/api/logout')).headers.get('set-cookie')).toContain('Max-Age=0')
  expect((await one.get('/api/me')).status).toBe(401)
  expect((await others.get('/api/me')).status).toBe(200)
  expect(await alice.say('sessions end all')).toContain('no open session')
})

test('a session that is not used for twelve hours has ended', async ({ api, desk, alice }) => {
  const page = await signIn(api, alice)
  const { db } = desk.desk.parts
  await db
    .updateTable('web_sessions')
    .set({ used_at: new Date(Date.now() - idleMs - 1000) })
    .execute()
  expect((await page.get('/api/me')).status).toBe(401)
})

test('a token reads or trades for one account, is shown once, and is revoked at once', async ({ api, desk, alice }) => {
  expect(await alice.say('token new robot trade')).toContain('Owners decide who may make tokens')
  const robot = await program(api, desk, alice, 'trade', 'robot')
  const me = await robot.get('/api/me')
  expect(me.body).toMatchObject({ origin: 'token:robot', trades: true })
  expect(me.body.accounts).toHaveLength(1)
  expect(await alice.say('token new robot read')).toContain('You have a token robot already')
  const reader = await program(api, desk, alice, 'read', 'reader')
  expect((await reader.get('/api/positions')).status).toBe(200)
  for (const [path, body] of [
    ['/api/positions/BYND/close', {}],
    ['/api/say', { text: 'close' }],
    ['/api/orders', { symbol: 'BYND', side: 'buy', quantity: '1' }],
  ] as const)
    expect(await reader.post(path, body)).toMatchObject({ status: 403, body: { code: 'TOKEN_ONLY_READS' } })
  expect(await alice.say('token')).toMatch(/reader · reads · account paper · last used/)
  expect(await alice.say('token end robot')).toContain('✓ Revoked: robot')
  expect((await robot.get('/api/me')).status).toBe(401)
  const rows = await desk.desk.parts.db.selectFrom('api_tokens').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain('dh_')
})

test('a token of one account sees nothing of the member’s others', async ({ api, desk, alice }) => {
  const robot = await program(api, desk, alice)
  await alice.say('account new paper swing $50,000')
  const page = await signIn(api, alice)
  const accounts = (await page.get('/api/accounts')).body.items
  expect(accounts.map(({ name }: { name: string }) => name)).toEqual(['paper', 'swing'])
  const other = accounts[1].id
  expect((await robot.get(`/api/positions?account=${other}`)).status).toBe(404)
  expect(
    (await robot.post(`/api/orders?account=${other}`, { symbol: 'BYND', side: 'buy', quantity: '1' })).status,
  ).toBe(404)
  expect((await page.get(`/api/positions?account=${other}`)).status).toBe(200)
  const saying = async (text: string) => (await robot.post('/api/say', { text })).body.replies[0].text
  expect(await saying('accounts')).toContain('paper')
  expect(await saying('accounts')).not.toContain('swing')
  expect(await saying('use swing')).toContain('A token is for one account, and uses no other')
  expect(await saying('account new paper more $50,000')).toContain('A token is for one account, and opens no other')
  expect((await page.get('/api/accounts')).body.items).toHaveLength(2)
})

test('each request names its account: `use` over the page is refused, and says how', async ({ api, alice }) => {
  await alice.say('long BYND 100 @ .50')
  await alice.say('account new paper swing $50,000')
  const page = await signIn(api, alice)
  const saying = async (text: string, query = '') =>
    (await page.post(`/api/say${query}`, { text })).body.replies[0].text as string
  const other = (await page.get('/api/accounts')).body.items[1].id
  const refusal = await saying('use swing')
  expect(refusal).toContain('each request names its account, and `use` changes nothing')
  expect(refusal).toContain(`?account=${other}`)
  expect(await saying('use nosuch')).toContain('You have no account nosuch')
  expect(await saying('positions')).toContain('LONG 100 BYND')
  expect(await saying('accounts')).toMatch(/paper.*used here/)
  expect(await saying('accounts', `?account=${other}`)).toMatch(/swing.*used here/)
  expect(await saying('positions', `?account=${other}`)).toContain('No open positions')
  expect(await saying('account new paper third $500')).toContain('?account=ID')
  expect(await alice.say('accounts')).toMatch(/paper.*used here/)
})

test('rights are not handed on: the page and programs make no links, tokens and hooks', async ({
  api,
  desk,
  alice,
}) => {
  for (const caller of [await signIn(api, alice), await program(api, desk, alice)]) {
    for (const text of ['dashboard', 'token new other trade', 'hook new', 'sessions']) {
      const { body } = await caller.post('/api/say', { text })
      expect(body.replies[0].text).toContain('is for chat')
    }
  }
})

test('owners let others make tokens, and take that back', async ({ desk, alice, bob }) => {
  const boss = someone(desk, 'boss')
  const mention = `slack:T1:${bob.name.toUpperCase()}`
  expect(await boss.say(`token allow ${mention}`)).toContain('The desk does not know')
  await bob.say('positions')
  expect(await alice.say(`token allow ${mention}`)).toContain('Only an owner')
  expect(await boss.say(`token allow ${mention}`)).toBe(`✓ ${bob.name} may make tokens and hooks.`)
  expect(await bob.say('token new robot read')).toContain('🔑 TOKEN robot')
  // People name tokens as they like: this one is no share.
  expect(await bob.say('token new att read')).toContain('🔑 TOKEN att')
  expect(await bob.say('token end att')).toBe('✓ Revoked: att.')
  expect(await boss.say(`token deny ${mention}`)).toContain('may make no more')
  expect(await bob.say('token new other read')).toContain('Owners decide')
})

test('a member who is made a viewer trades no more, with the session that is open', async ({ api, desk, alice }) => {
  const page = await signIn(api, alice)
  await alice.say('long BYND 100 @ 1')
  await desk.desk.parts.db.updateTable('members').set({ role: 'viewer' }).where('name', '=', alice.name).execute()
  expect(await page.post('/api/positions/BYND/close')).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } })
  expect((await page.get('/api/positions')).body.items).toHaveLength(1)
})
