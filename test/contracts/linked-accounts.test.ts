import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { browser } from '../api/link-page.ts'
import { type ServedApi, serveApi } from '../api/serve.ts'
import type { Account } from '../platforms/alpaca/account.ts'
import { type AlpacaServer, startAlpacaServer } from '../platforms/alpaca/server.ts'
import { createDiscordHarness } from './discord-harness.ts'
import { type Ground, openGround } from './ground.ts'
import type { DoorHarness, Person } from './harness.ts'
import { openRoom, type Room } from './room.ts'
import { createSlackHarness } from './slack-harness.ts'

const platforms: Record<string, () => Promise<DoorHarness>> = {
  Discord: () => createDiscordHarness(),
  Slack: () => createSlackHarness('socket'),
}

let ground: Ground
beforeAll(async () => {
  ground = await openGround()
})
afterAll(() => ground.close())

describe.each(Object.keys(platforms))('a linked account in %s', (name) => {
  let alpaca: AlpacaServer
  let quoting: NodeJS.Timeout
  let room: Room
  let api: ServedApi
  let alice: Person
  let bob: Person

  beforeEach(async () => {
    alpaca = await startAlpacaServer({ seed: 5, isByHand: false })
    alpaca.addAsset('BYND')
    // Fewer shares than a chunk has, and new ones soon.
    const quote = () => alpaca.setPrice('BYND', '1.01', '1.02', { size: '300' })
    quote()
    quoting = setInterval(quote, 50)
    const harness = await platforms[name]!()
    ;({ alice, bob } = harness)
    room = await openRoom(harness, ground, {
      ALPACA_API: alpaca.url,
      ALPACA_PAPER_API: alpaca.paperUrl,
      CREDENTIALS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    })
    api = await serveApi(room)
  })
  afterEach(async () => {
    clearInterval(quoting)
    await api.close()
    await room.close()
    await alpaca.close()
  })

  /** The private page of a new link. */
  async function pageOf(person: Person): Promise<string> {
    const answer = await room.ask(person, 'link alpaca', /\/link\/[\w-]{43}/)
    return new RegExp(`${api.url}/link/[\\w-]{43}`).exec(answer)![0]
  }

  /** Gives keys on a page in a new browser; the desk then asks in private. */
  const give = (page: string, { keyId, secret, number }: Account) =>
    room.after(
      async () => {
        const tab = browser(api.url)
        await tab.send(`${page}/open`)
        await tab.send(`${page}/keys`, { key_id: keyId, secret })
      },
      new RegExp(`Link Alpaca ••••${number.slice(-4)} \\(BROKER PAPER`),
    )
  const accounts = () => room.desk.parts.db.selectFrom('accounts').select('id').where('venue', '=', 'alpaca').execute()

  test('is linked in private, sold in parts by a scaleout, protected at the broker, and unlinked', async () => {
    const account = alpaca.addAccount()
    alpaca.hold(account, 'BYND', '3750', '0.63')
    const before = room.seen().length
    await give(await pageOf(alice), account)
    await room.after(() => room.harness.press(alice, 'Link it'), /^✓ Linked BROKER PAPER at Alpaca/)
    // Nobody in the thread sees the link, the number or the balance.
    if (name === 'Discord') {
      const shown = room.seen().slice(before)
      expect(shown.filter(({ text, privateTo }) => privateTo === undefined && /••••|link\//.test(text))).toEqual([])
    }
    await room.ask(alice, 'use alpaca-paper', /alpaca-paper now/)
    await room.ask(alice, 'long BYND 3750 @ .63', /^✓ LONG 3,750 BYND @ \$0\.63/)
    await room.ask(alice, 'scaleout fast', /^🔄 SCALEOUT INITIATED/)
    await room.sees(/^🎉 SCALEOUT COMPLETE[\s\S]*Position: FLAT/)
    expect(alpaca.held(account, 'BYND').toFixed()).toBe('0')
    expect(alpaca.executions(account).length).toBeGreaterThan(alpaca.orders(account).length)
    expect(await room.sold()).toBe(3750)
    await room.ask(alice, 'reconcile', /✓ Books agree/)

    await room.ask(alice, 'protect at venue on', /PROTECTION AT THE VENUE IS ON/)
    await room.ask(alice, 'buy 100 BYND', /BOUGHT 100 BYND/)
    await room.ask(alice, 'stop .9', /RESTS AT THE VENUE — LONG 100 BYND/)
    const resting = () => alpaca.orders(account).filter(({ type, status }) => type === 'stop' && status === 'new')
    expect(resting()).toHaveLength(1)

    const stands = /Standing at Alpaca, and not cancelled: SELL 100 BYND stop \$0\.90/
    expect(await room.ask(alice, 'unlink alpaca-paper', /UNLINK alpaca-paper/)).toMatch(stands)
    expect(await room.after(() => room.harness.press(alice, 'Unlink it'), /^✓ Unlinked alpaca-paper/)).toMatch(stands)
    await room.sees(/PROTECTED BY ALPACA ALONE — LONG 100 BYND/)
    expect(resting()).toHaveLength(1)
    expect(await room.ask(alice, 'accounts', /ACCOUNTS/)).not.toContain('alpaca')
  })

  test('cannot be attached or confirmed by a stranger who has the link', async () => {
    const [own, strangers] = [alpaca.addAccount(), alpaca.addAccount()]
    await room.ask(bob, 'help', /./)
    await give(await pageOf(alice), strangers)
    await room.harness.say(bob, 'yes')
    await room.settled(bob)
    expect(await accounts()).toEqual([])
    await room.after(() => room.harness.press(alice, 'No'), /are forgotten, and nothing was linked/)

    const page = await pageOf(alice)
    await give(page, own)
    const late = browser(api.url)
    expect((await late.send(`${page}/keys`, { key_id: strangers.keyId, secret: strangers.secret })).status).toBe(403)
    await room.after(() => room.harness.press(alice, 'Link it'), /^✓ Linked BROKER PAPER/)
    expect(await accounts()).toHaveLength(1)
  })
})
