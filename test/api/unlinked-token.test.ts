import { randomBytes } from 'node:crypto'
import { afterAll, expect, onTestFinished } from 'vitest'
import { cookieName } from '../../src/api/sessions/cookie.ts'
import { openSession } from '../../src/trading/access/rows/web-sessions.ts'
import type { Account } from '../platforms/alpaca/account.ts'
import { startAlpacaServer } from '../platforms/alpaca/server.ts'
import type { Someone } from '../talk/commands/someone.ts'
import { browser, linkAskedOf, linkOf } from './link-page.ts'
import { apiTest, memberOf, program } from './serve.ts'
import { openRaw, type RawStream } from './stream/raw-stream.ts'
import { serveStreams } from './stream/server.ts'

const alpaca = await startAlpacaServer()
afterAll(() => alpaca.close())

const { test, desk } = apiTest({
  environment: {
    CREDENTIALS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    ALPACA_API: alpaca.url,
    ALPACA_PAPER_API: alpaca.paperUrl,
  },
})

/** Gives the keys of an account on a person's page. */
async function give(api: { url: string }, person: Someone, { keyId, secret }: Account) {
  const url = await linkOf(person)
  const tab = browser(api.url)
  await tab.send(`${url}/open`)
  await tab.send(`${url}/keys`, { key_id: keyId, secret })
}

test('a link that is taken away leaves tokens and hooks that do nothing, in no account, until it is linked again', async ({
  api,
  alice,
}) => {
  const account = alpaca.addAccount()
  await give(api, alice, account)
  await alice.press(await linkAskedOf(desk, alice), 'yes')
  await alice.say('use alpaca-paper')
  const robot = await program(api, desk, alice, 'trade', 'robot')
  const hook = /http:\S+\/hooks\/[\w-]{43}/.exec(await alice.say('hook new'))![0]
  const ofAccount = { accounts: [{ name: 'alpaca-paper' }] }
  expect((await robot.get('/api/me')).body).toMatchObject(ofAccount)
  expect(await alice.say('unlink alpaca-paper')).toContain('Until it is linked again they do nothing')
  expect(await alice.say('yes')).toContain('no other account is theirs: token robot; hook 1')

  const waits = { status: 403, body: { code: 'TOKEN_WAITS', message: expect.stringContaining('alpaca-paper') } }
  expect(await robot.get('/api/me')).toMatchObject(waits)
  expect(await robot.get('/api/positions')).toMatchObject(waits)
  expect(await robot.post('/api/stream/tokens')).toMatchObject(waits)
  expect(await robot.post('/api/orders', { symbol: 'BYND', side: 'buy', quantity: '10' })).toMatchObject(waits)
  expect(await robot.post('/api/say', { text: 'buy 10 BYND' })).toMatchObject(waits)
  expect((await fetch(hook, { method: 'POST', body: 'buy 10 BYND' })).status).toBe(202)
  const told = () => desk.posted.filter(({ place }) => place.thread === alice.thread).map(({ text }) => text)
  await expect
    .poll(() => told().join())
    .toContain('your account alpaca-paper, which is not linked to its broker any more')
  expect(await alice.say('token')).toContain('robot · trades · account alpaca-paper, not linked: it does nothing')
  expect(await alice.say('hook')).toContain('1. account alpaca-paper, not linked: it does nothing')
  expect(await alice.say('positions')).toContain('No open positions')
  const { db } = desk.desk.parts
  const orders = db
    .selectFrom('orders')
    .select('id')
    .where('member_id', '=', await memberOf(desk.desk, alice))
  expect(await orders.execute()).toEqual([])

  await give(api, alice, account)
  const asked = await linkAskedOf(desk, alice)
  expect(asked.text).toContain('It was linked before, as alpaca-paper')
  await alice.press(asked, 'yes')
  expect((await robot.get('/api/me')).body).toMatchObject(ofAccount)
  expect(await alice.say('token')).toMatch(/robot · trades · account alpaca-paper · last used/)
})

test('a stream of the token ends with the link, and that of the page goes on without the account', async ({
  api,
  alice,
}) => {
  const { parts } = desk.desk
  const streams = await serveStreams(parts, { times: { beatEveryMs: 100, checkEveryMs: 100 } })
  onTestFinished(() => streams.close())
  const opened = async (path: string, headers: Record<string, string>): Promise<RawStream> => {
    const stream = await openRaw(streams.port, { path, headers })
    onTestFinished(() => stream.close())
    return stream
  }
  const account = alpaca.addAccount()
  await give(api, alice, account)
  await alice.press(await linkAskedOf(desk, alice), 'yes')
  await alice.say('use alpaca-paper')
  const robot = await program(api, desk, alice)
  const member = await memberOf(desk.desk, alice)
  const { token } = await openSession(parts.db, { memberId: member, device: 'test' }, new Date())
  const cookie = { cookie: `${cookieName({ isSecure: false, port: streams.port })}=${token}` }
  const { account: linked } = (await robot.get('/api/me')).body
  const [ofToken, ofPage] = [await opened('/api/stream', robot.headers), await opened('/api/stream', cookie)]
  expect((await opened(`/api/stream?topics=account:${linked}`, cookie)).status).toBe(200)

  await alice.say('unlink alpaca-paper')
  await alice.say('yes')
  await expect.poll(ofToken.isEnded).toBe(true)
  expect(ofToken.messages.at(-1)).toMatchObject({ event: 'end', data: { because: 'signed out' } })
  const refused = await opened('/api/stream', robot.headers)
  expect([refused.status, refused.body().code]).toEqual([403, 'TOKEN_WAITS'])

  const gone = async () => (await opened(`/api/stream?topics=account:${linked}`, cookie)).status
  await expect.poll(gone).toBe(404)
  await alice.say('long AAPL 5 @ 100')
  await alice.say('stop AAPL 90')
  await expect.poll(() => ofPage.messages.at(-1)?.event).toBe('protection_set')
  expect(ofPage.messages.at(-1)!.data).toMatchObject({ symbol: 'AAPL' })
  expect(ofPage.messages.at(-1)!.data.account).not.toBe(linked)
  expect(ofPage.isEnded()).toBe(false)

  await give(api, alice, account)
  await alice.press(await linkAskedOf(desk, alice), 'yes')
  expect((await opened('/api/stream', robot.headers)).status).toBe(200)
})
