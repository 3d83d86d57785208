import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, describe, expect } from 'vitest'
import { makeLinkRequest } from '../../src/trading/access/rows/link-requests.ts'
import { tellRefused } from '../../src/trading/accounts/tell-refused.ts'
import { readCredentialKeys } from '../../src/venues/links/credential-keys.ts'
import { createVenueAccess } from '../../src/venues/links/venue-access.ts'
import type { Account } from '../platforms/alpaca/account.ts'
import { startAlpacaServer } from '../platforms/alpaca/server.ts'
import { type Someone, someone } from '../talk/commands/someone.ts'
import { browser, linkAskedOf, linkOf } from './link-page.ts'
import { apiTest, memberOf } from './serve.ts'

const alpaca = await startAlpacaServer()
afterAll(() => alpaca.close())

const credentialKeys = `k1:${randomBytes(32).toString('base64')}`
const logged: string[] = []
const { test, desk } = apiTest({
  environment: {
    CREDENTIALS_KEYS: credentialKeys,
    ALPACA_API: alpaca.url,
    ALPACA_PAPER_API: alpaca.paperUrl,
    ALPACA_AUTHORIZE: alpaca.oauth.authorizeUrl,
    ALPACA_OAUTH_CLIENT_ID: alpaca.oauth.clientId,
    ALPACA_OAUTH_CLIENT_SECRET: alpaca.oauth.clientSecret,
  },
  log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
})

const keysOf = ({ keyId, secret }: Account) => ({ key_id: keyId, secret })
const shownNumber = ({ number }: Account) => `••••${number.slice(-4)}`

/** Gives the keys of an account on a person's page. */
async function give(api: { url: string }, person: Someone, account: Account, words?: string) {
  const url = await linkOf(person, words)
  const tab = browser(api.url)
  await tab.send(`${url}/open`)
  return { url, tab, page: await tab.send(`${url}/keys`, keysOf(account)) }
}

const accountsAt = async (account: Account) =>
  desk.desk.parts.db.selectFrom('accounts').selectAll().where('venue_account', '=', account.id).execute()

describe('a link', () => {
  test('takes keys on its page, asks its member in private, and links with their yes', async ({ api, alice }) => {
    const account = alpaca.addAccount({ cash: '98000' })
    const url = await linkOf(alice)
    const tab = browser(api.url)
    const first = await tab.open(url)
    expect(first.status).toBe(200)
    expect(first.text).toContain('BROKER PAPER')
    expect(first.text).toContain(alice.name)
    expect(first.text).not.toContain('name="secret"')
    const form = await tab.send(`${url}/open`)
    expect(form.text).toContain('name="secret"')
    const done = await tab.send(`${url}/keys`, keysOf(account))
    expect(done.status).toBe(200)
    expect(done.text).toContain('Now answer in chat')
    expect(done.text).toContain(`asks ${alice.name} in a direct message on Slack whether it is linked`)
    expect(done.text).toContain(shownNumber(account))
    expect(await accountsAt(account)).toEqual([])

    const asked = await linkAskedOf(desk, alice)
    expect(asked.text).toContain(`Link Alpaca ${shownNumber(account)} (BROKER PAPER, $98,000.00)?`)
    const [linked] = await alice.press(asked, 'yes')
    expect(linked!.text).toContain(`✓ Linked BROKER PAPER at Alpaca ${shownNumber(account)}. Its name is alpaca-paper.`)
    expect(await accountsAt(account)).toMatchObject([
      { name: 'alpaca-paper', venue: 'alpaca', mode: 'paper', starting_balance: '98000' },
    ])
    const access = createVenueAccess(desk.desk.parts.db, {
      venue: 'alpaca',
      keys: readCredentialKeys(credentialKeys),
      now: () => new Date(),
    })
    expect(await access.of(account.id)).toEqual({
      mode: 'paper',
      credentials: { kind: 'keys', keyId: account.keyId, secret: account.secret },
    })
    expect(await alice.say('use alpaca-paper')).toContain('uses your account alpaca-paper now')
    expect((await tab.open(url)).status).toBe(410)
    const [again] = await alice.press(asked, 'yes')
    expect(again!.text).toContain('not open any more')
    expect(await accountsAt(account)).toHaveLength(1)
  })

  test('shows no secret in an answer, the log, the audit, a reply or short memory', async ({ api, alice }) => {
    const account = alpaca.addAccount()
    const wrong = { key_id: account.keyId, secret: 'NotTheSecretButSecretAllTheSame0000' }
    const url = await linkOf(alice)
    const tab = browser(api.url)
    await tab.send(`${url}/open`)
    const refused = await tab.send(`${url}/keys`, wrong)
    const done = await tab.send(`${url}/keys`, keysOf(account))
    await alice.press(await linkAskedOf(desk, alice), 'yes')
    const { db, redis } = desk.desk.parts
    const kept = await Promise.all([
      db.selectFrom('replies').selectAll().execute(),
      db.selectFrom('audit').selectAll().execute(),
      db.selectFrom('link_requests').selectAll().execute(),
      db.selectFrom('venue_credentials').selectAll().execute(),
      db.selectFrom('desk_events').selectAll().execute(),
      Promise.all((await redis.keys('*')).map((key) => redis.dump(key))),
    ])
    const token = url.split('/').at(-1)!
    const all = JSON.stringify([kept, logged, refused.text, done.text])
    for (const secret of [account.secret, account.keyId, wrong.secret, alpaca.oauth.clientSecret]) {
      expect(all).not.toContain(secret)
      expect(all).not.toContain(JSON.stringify([...Buffer.from(secret)]).slice(1, -1))
    }
    expect(JSON.stringify([kept, logged])).not.toContain(token)
    for (const [name, value] of tab.cookies) {
      expect(name).toMatch(/^deskhand-link-\d+$/)
      expect(JSON.stringify([kept, logged])).not.toContain(value)
    }
    const { headers } = done
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/,
    )
  })

  test('says what is wrong with keys, and stays', async ({ api, alice }) => {
    const account = alpaca.addAccount()
    const live = alpaca.addAccount({ mode: 'live' })
    const url = await linkOf(alice)
    const tab = browser(api.url)
    await tab.send(`${url}/open`)
    const wrong = await tab.send(`${url}/keys`, { key_id: account.keyId, secret: 'nonsense-nonsense' })
    expect(wrong).toMatchObject({ status: 422 })
    expect(wrong.text).toContain('Alpaca does not take them for a paper account.')
    expect((await tab.send(`${url}/keys`, keysOf(live))).text).toContain('does not take them for a paper account')
    expect((await tab.send(`${url}/keys`, { key_id: account.keyId })).text).toContain('Both are needed')
    const headers = { 'apca-api-key-id': account.keyId }
    alpaca.failNext({ method: 'GET', path: /account/, headers, as: 500 })
    expect((await tab.send(`${url}/keys`, keysOf(account))).text).toContain('Nothing was kept. Try again in a moment.')
    expect((await tab.send(`${url}/keys`, keysOf(account))).text).toContain('Now answer in chat')
  })

  test('is opened by no preview, and belongs to the first browser that goes on', async ({ api, alice }) => {
    const account = alpaca.addAccount()
    const url = await linkOf(alice)
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(url)).status).toBe(200)
    const [tab, stranger] = [browser(api.url), browser(api.url)]
    await tab.send(`${url}/open`)
    expect(await stranger.open(url)).toMatchObject({ status: 403 })
    expect((await stranger.send(`${url}/open`)).text).toContain('Opened in another browser')
    expect((await stranger.send(`${url}/keys`, keysOf(account))).status).toBe(403)
    expect((await tab.send(`${url}/keys`, keysOf(account))).text).toContain('Now answer in chat')
    expect((await tab.send(`${url}/keys`, keysOf(alpaca.addAccount()))).text).toContain('Now answer in chat')
    expect((await linkAskedOf(desk, alice)).text).toContain(shownNumber(account))
  })

  test('of which two browsers go on at once belongs to one of them', async ({ api, alice }) => {
    const url = await linkOf(alice)
    const tabs = Array.from({ length: 4 }, () => browser(api.url))
    const opened = await Promise.all(tabs.map((tab) => tab.send(`${url}/open`)))
    expect(opened.filter(({ text }) => text.includes('name="secret"'))).toHaveLength(1)
  })

  test('takes forms of no other site', async ({ api, alice }) => {
    const url = await linkOf(alice)
    const tab = browser(api.url)
    const others: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example.com' },
    ]
    for (const headers of others) expect((await tab.send(`${url}/open`, {}, headers)).status).toBe(403)
    expect((await tab.open(url)).text).toContain('Go on in this browser')
  })

  test('is over after ten minutes, and when a newer one is made', async ({ api, alice }) => {
    const [older, newer] = [await linkOf(alice), await linkOf(alice)]
    expect((await browser(api.url).open(older)).status).toBe(410)
    expect((await browser(api.url).open(newer)).status).toBe(200)
    const { db } = desk.desk.parts
    const memberId = await memberOf(desk.desk, alice)
    const { id: conversationId } = await db.selectFrom('conversations').select('id').limit(1).executeTakeFirstOrThrow()
    const at = new Date(Date.now() - 10 * 60_000)
    const asked = { memberId, conversationId, venue: 'alpaca', mode: 'paper' as const, at }
    const late = `${api.url}/link/${await makeLinkRequest(db, asked)}`
    expect((await browser(api.url).open(late)).text).toContain('This link is over')
    expect((await browser(api.url).send(`${late}/open`)).status).toBe(410)
  })

  test('is given by a stranger: the member sees whose account it is, says no, and the keys are gone', async ({
    api,
    alice,
    bob,
  }) => {
    const strangers = alpaca.addAccount({ cash: '5' })
    await give(api, alice, strangers)
    const asked = await linkAskedOf(desk, alice)
    expect(asked.text).toContain(`${shownNumber(strangers)} (BROKER PAPER, $5.00)?`)
    expect(asked.text).toContain('somebody else had your link')
    await bob.say('help')
    expect((await bob.press(asked, 'yes'))[0]!.text).toContain('not open any more')
    expect((await alice.press(asked, 'no'))[0]!.text).toContain('are forgotten, and nothing was linked')
    expect((await alice.press(asked, 'yes'))[0]!.text).toContain('not open any more')
    expect(await accountsAt(strangers)).toEqual([])
    const kept = await desk.desk.parts.db
      .selectFrom('link_requests')
      .selectAll()
      .where('sealed', 'is not', null)
      .execute()
    expect(kept.filter(({ venue_account }) => venue_account === strangers.id)).toEqual([])
  })

  test('to an account of another member is refused, without a word of who', async ({ api, alice, bob }) => {
    const account = alpaca.addAccount()
    await give(api, alice, account)
    await give(api, bob, account)
    const [first, second] = [await linkAskedOf(desk, alice), await linkAskedOf(desk, bob)]
    const [[one], [other]] = await Promise.all([alice.press(first, 'yes'), bob.press(second, 'yes')])
    const said = [one!.text, other!.text]
    expect(said.filter((text) => text.startsWith('✓ Linked'))).toHaveLength(1)
    const refused = said.find((text) => text.startsWith('⚠️'))!
    expect(refused).toContain('is linked by another member already')
    expect(refused).not.toMatch(new RegExp(`${alice.name}|${bob.name}`))
    expect(await accountsAt(account)).toHaveLength(1)
  })

  test('to real money says so everywhere, and opens nothing without leave', async ({ api, alice }) => {
    const account = alpaca.addAccount({ mode: 'live', cash: '12000' })
    const { page } = await give(api, alice, account, 'link alpaca live')
    expect(page.text).toContain('Now answer in chat')
    const asked = await linkAskedOf(desk, alice)
    expect(asked.text).toContain('(LIVE, $12,000.00)?')
    expect(asked.text).toContain('⚠️ LIVE is real money.')
    expect(asked.tone).toBe('warning')
    expect((await alice.press(asked, 'yes'))[0]!.text).toContain('✓ Linked LIVE at Alpaca')
    expect(await alice.say('accounts')).toContain(`alpaca-live (LIVE at Alpaca ${shownNumber(account)}, USD)`)
    await alice.say('use alpaca-live')
    expect(await alice.say('buy 1 AAPL')).toContain('no owner has allowed real money')
  })

  test('signs in at the broker, and the state counts once and in its browser', async ({ api, alice }) => {
    const account = alpaca.addAccount()
    alpaca.oauth.signIn(account)
    const url = await linkOf(alice)
    const tab = browser(api.url)
    await tab.send(`${url}/open`)
    const away = await tab.send(`${url}/sign-in`)
    const to = /url=([^"]+)"/.exec(away.text)![1]!.replaceAll('&amp;', '&')
    expect(new URL(to).searchParams.get('code_challenge_method')).toBe('S256')
    const back = (await fetch(to, { redirect: 'manual' })).headers.get('location')!
    expect(back).toContain(`${api.url}/link/callback?`)
    expect((await browser(api.url).open(back)).status).toBe(403)
    expect((await tab.open(back)).text).toContain('Now answer in chat')
    expect((await tab.open(back)).status).toBe(410)
    await alice.press(await linkAskedOf(desk, alice), 'yes')
    expect(await accountsAt(account)).toHaveLength(1)
  })

  test('whose sign-in was declined, or whose state is another, links nothing', async ({ api, alice }) => {
    const account = alpaca.addAccount()
    alpaca.oauth.signIn(account)
    alpaca.oauth.declines = true
    const url = await linkOf(alice)
    const tab = browser(api.url)
    await tab.send(`${url}/open`)
    const to = /url=([^"]+)"/.exec((await tab.send(`${url}/sign-in`)).text)![1]!.replaceAll('&amp;', '&')
    const back = (await fetch(to, { redirect: 'manual' })).headers.get('location')!
    alpaca.oauth.declines = false
    expect((await tab.open(back)).text).toContain('Alpaca gave no leave.')
    expect((await tab.open(`${api.url}/link/callback?state=${'x'.repeat(43)}&code=1`)).status).toBe(410)
    expect((await tab.open(url)).text).toContain('Sign in at Alpaca')
  })

  test('typed yes counts in the direct message, and in no thread of others', async ({ api, alice }) => {
    const account = alpaca.addAccount()
    await give(api, alice, account)
    await linkAskedOf(desk, alice)
    expect(await alice.say('yes')).toContain('No question is open here')
    expect(await accountsAt(account)).toEqual([])
    const [reply] = await desk.desk.hear({
      ...{ kind: 'message', id: `dm-${alice.name}`, text: 'yes', addressed: true },
      author: { id: `slack:T1:${alice.name.toUpperCase()}`, name: alice.name },
      place: { door: 'slack', workspace: 'T1', channel: `D${alice.name}` },
    })
    expect(reply!.text).toContain('✓ Linked')
  })

  test('again with new keys keeps the account', async ({ api, alice }) => {
    const account = alpaca.addAccount()
    await give(api, alice, account)
    await alice.press(await linkAskedOf(desk, alice), 'yes')
    account.secret = 'NewSecretOfTheSameAccount00000000000'
    await give(api, alice, account)
    const asked = await linkAskedOf(desk, alice)
    expect(asked.text).toContain(
      '⚠️ It is linked already, as alpaca-paper: YES puts these keys in the place of its present',
    )
    expect((await alice.press(asked, 'yes'))[0]!.text).toContain('again, with its positions')
    expect(await accountsAt(account)).toHaveLength(1)
  })

  test('is cancelled by its member', async ({ api, alice }) => {
    const url = await linkOf(alice)
    expect(await alice.say('link cancel')).toContain('The link is over')
    expect((await browser(api.url).open(url)).status).toBe(410)
    expect(await alice.say('link cancel')).toContain('No account waits to be linked')
  })
})

test('what cannot be linked is refused', async ({ api, alice }) => {
  expect(api.url).toBeDefined()
  for (const words of ['link', 'link robinhood', 'link alpaca margin', 'link alpaca live twice'])
    expect(await alice.say(words)).toContain('Which account is to be linked? Nothing was done.')
  const viewer = someone(desk)
  await viewer.say('help')
  await desk.desk.parts.db.updateTable('members').set({ role: 'viewer' }).where('name', '=', viewer.name).execute()
  expect((await viewer.hear('link alpaca'))[0]).toMatchObject({ private: true })
})

test('keys that the broker refuses later are told to their member once, and again after a new link', async ({
  api,
  alice,
}) => {
  const account = alpaca.addAccount()
  await give(api, alice, account)
  await alice.press(await linkAskedOf(desk, alice), 'yes')
  const { db } = desk.desk.parts
  const access = createVenueAccess(db, {
    venue: 'alpaca',
    keys: readCredentialKeys(credentialKeys),
    now: () => new Date(),
  })
  const { credentials } = await access.of(account.id)
  const told = async () =>
    (await db.selectFrom('replies').select('body').execute()).filter(({ body }) =>
      body.text.startsWith(
        `🚨 Alpaca REFUSES THE KEYS of alpaca-paper (BROKER PAPER at Alpaca ${shownNumber(account)})`,
      ),
    )
  await access.refused(account.id, credentials, 'forbidden.')
  await Promise.all([tellRefused(desk.desk.parts), tellRefused(desk.desk.parts)])
  await access.refused(account.id, credentials, 'forbidden.')
  await tellRefused(desk.desk.parts)
  expect(await told()).toHaveLength(1)
  expect((await told())[0]!.body.text).toContain('It says: forbidden.')
})
