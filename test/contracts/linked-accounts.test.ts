import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ServedApi, serveApi } from '../api/serve.ts'
import { type AtBroker, type BrokerInChat, brokers, type LocalBroker } from './brokers.ts'
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

const cases = Object.keys(platforms).flatMap((name) => brokers.map((broker) => ({ name, ...broker })))

describe.each(cases)('an account at $title in $name', ({ name, ...inChat }: BrokerInChat & { name: string }) => {
  const { title, venue, badge, symbol, units, open } = inChat
  const named = `${venue}-${inChat.ending}`
  let broker: LocalBroker
  let room: Room
  let api: ServedApi
  let alice: Person
  let bob: Person

  beforeEach(async () => {
    broker = await open(() => api.url)
    const harness = await platforms[name]!()
    ;({ alice, bob } = harness)
    const environment = {
      ...broker.environment,
      CREDENTIALS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      DESKHAND_OWNERS: `${harness.door === 'slack' ? 'slack:T0DESK' : 'discord'}:${alice.id}`,
    }
    room = await openRoom(harness, ground, environment, broker.now)
    api = await serveApi(room)
  })
  afterEach(async () => {
    await api.close()
    await room.close()
    await broker.close()
  })

  /** The private page of a new link. */
  async function pageOf(person: Person): Promise<string> {
    const answer = await room.ask(person, `link ${venue}`, /\/link\/[\w-]{43}/)
    return new RegExp(`${api.url}/link/[\\w-]{43}`).exec(answer)![0]
  }

  /** Gives the way into an account on a page; the desk then asks in private. */
  const give = (page: string, account: AtBroker) =>
    room.after(() => account.giveOn(page), new RegExp(`Link ${title} ${account.masked} \\(${badge}`))
  const linked = () =>
    room.after(() => room.harness.press(alice, 'Link it'), new RegExp(`^✓ Linked ${badge} at ${title}`))
  const accounts = () => room.desk.parts.db.selectFrom('accounts').select('id').where('venue', '=', venue).execute()

  test('is linked in private, sold in parts by a scaleout, protected, and unlinked', async () => {
    const account = broker.account(units)
    if (badge === 'LIVE') {
      await room.ask(alice, 'allow live me $1,000,000', /REAL MONEY/)
      await room.ask(alice, 'yes', /may trade real money/)
    }
    const before = room.seen().length
    await give(await pageOf(alice), account)
    await linked()
    // Nobody in the thread sees the link, the number or the balance.
    if (name === 'Discord') {
      const shown = room.seen().slice(before)
      expect(shown.filter(({ text, privateTo }) => privateTo === undefined && /••••|link\//.test(text))).toEqual([])
    }
    await room.ask(alice, `use ${named}`, new RegExp(`${named} now`))
    await room.ask(alice, inChat.typed, inChat.shown)
    await room.ask(alice, 'scaleout fast', /^🔄 SCALEOUT INITIATED/)
    await room.sees(/^🎉 SCALEOUT COMPLETE[\s\S]*Position: FLAT/)
    expect(account.held()).toBe('0')
    expect(account.executions()).toBeGreaterThan(account.orders())
    expect(await room.sold()).toBe(Number(units))
    await room.ask(alice, 'reconcile', /✓ Books agree/)
    await (badge === 'LIVE' ? stoppedByTheDesk : protectedAtTheBroker)(account)
    expect(await room.ask(alice, 'accounts', /ACCOUNTS/)).not.toContain(venue)
  })

  async function protectedAtTheBroker(account: AtBroker): Promise<void> {
    await room.ask(alice, 'protect at venue on', /PROTECTION AT THE VENUE IS ON/)
    await room.ask(alice, `buy 100 ${symbol}`, /BOUGHT 100 BYND/)
    await room.ask(alice, 'stop .9', /RESTS AT THE VENUE — LONG 100 BYND/)
    expect(account.restingStops()).toBe(1)
    const stands = new RegExp(`Standing at ${title}, and not cancelled: SELL 100 BYND stop \\$0\\.90`)
    expect(await room.ask(alice, `unlink ${named}`, new RegExp(`UNLINK ${named}`))).toMatch(stands)
    const unlinked = new RegExp(`^✓ Unlinked ${named}`)
    expect(await room.after(() => room.harness.press(alice, 'Unlink it'), unlinked)).toMatch(stands)
    await room.sees(new RegExp(`PROTECTED BY ${title.toUpperCase()} ALONE — LONG 100 BYND`))
    expect(account.restingStops()).toBe(1)
  }

  /** An exchange keeps no stop of the desk's: the desk closes at the market when the price gets there. */
  async function stoppedByTheDesk(account: AtBroker): Promise<void> {
    const before = account.orders()
    await room.ask(alice, `buy 0.1 ${symbol}`, /BOUGHT 0\.1 BTC-USD/)
    await room.ask(alice, 'stop 60000', /STOP SET/)
    room.market.set(symbol, '59000')
    await room.sees(/^🛑 STOP HIT — BTC-USD\n[\s\S]*Position: FLAT/)
    expect([account.held(), account.orders() - before]).toEqual(['0', 2])
    await room.ask(alice, 'reconcile', /✓ Books agree/)
    await room.ask(alice, `unlink ${named}`, new RegExp(`UNLINK ${named}`))
    await room.after(() => room.harness.press(alice, 'Unlink it'), new RegExp(`^✓ Unlinked ${named}`))
  }

  test('cannot be attached or confirmed by a stranger who has the link', async () => {
    const [own, strangers] = [broker.account(), broker.account()]
    await room.ask(bob, 'help', /./)
    await give(await pageOf(alice), strangers)
    await room.harness.say(bob, 'yes')
    await room.settled(bob)
    expect(await accounts()).toEqual([])
    await room.after(() => room.harness.press(alice, 'No'), /are forgotten, and nothing was linked/)

    const page = await pageOf(alice)
    await give(page, own)
    expect(await broker.tryLate(page)).toBe(403)
    await linked()
    expect(await accounts()).toHaveLength(1)
  })
})
