import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startDiscord } from '../../bots/discord/index.ts'
import { startSlack } from '../../bots/slack/index.ts'
import { startOutbox, startWorker } from '../../jobs/worker.ts'
import { readConfig } from '../../src/config.ts'
import { createDesk, type Desk } from '../../src/desk.ts'
import type { Door, HearingDesk } from '../../src/talk/chat/door.ts'
import type { WatchEventType } from '../../src/trading/events/rules/watch-event.ts'
import { startDiscordServer } from '../platforms/discord-server.ts'
import { addChannel } from '../platforms/discord-state.ts'
import { readableText } from '../platforms/slack-blocks.ts'
import { startSlackServer } from '../platforms/slack-server.ts'
import { type HandMarket, handMarket } from '../support/desk.ts'
import { unhurried } from '../support/unhurried.ts'
import { crashOf } from '../watch/alerts/crash.ts'
import { type Ground, openGround } from './ground.ts'

/** A thread and two channels, `ops` and `risk`, on a local platform; alice is in all of them. */
interface Platform {
  connect(desk: HearingDesk): Promise<Door>
  say(where: Where, text: string): Promise<void>
  /** The desk's messages there, as people read them, oldest first. */
  seen(where: Where): string[]
  /** The word of the coloured strip below the newest of them. */
  strip(where: Where): string | undefined
  close(): Promise<void>
}

type Where = 'thread' | 'ops' | 'risk'
const log = pino({ level: 'silent' })
const patience = { interval: 20 }

async function discord(): Promise<Platform> {
  const server = await startDiscordServer()
  const { state, people } = server
  const alice = people.person('alice')
  const places = {
    thread: server.thread,
    ops: addChannel(state, { guild: state.guild, name: 'ops' }),
    risk: addChannel(state, { guild: state.guild, name: 'risk' }),
  }
  return {
    connect: (desk) => startDiscord({ desk, token: server.token, api: server.api, log }),
    say: async (where, text) => void people.say(alice, places[where], `<@${state.bot.id}> ${text}`),
    seen: (where) => server.said(places[where]).map(({ content }) => content.replace(/\\([!-/:-@[-`{-~])/g, '$1')),
    strip: (where) => server.said(places[where]).at(-1)?.embeds[0]?.description,
    close: () => server.close(),
  }
}

async function slack(): Promise<Platform> {
  const server = await startSlackServer()
  const { world, people } = server
  const { id } = world.addUser('U0ALICE', 'Alice')
  const channel = (name: string) => world.addChannel('channel', name, [id, world.bot.userId]).id
  const trading = channel('trading')
  const thread = await people.say(id, trading, 'What about BYND today?')
  const places = { thread: trading, ops: channel('ops'), risk: channel('risk') }
  const said = (where: Where) =>
    world.messages.filter(({ bot_id, channel }) => bot_id === world.bot.botId && channel === places[where])
  return {
    connect: (desk) => startSlack({ desk, botToken: world.botToken, appToken: world.appToken, api: server.api, log }),
    async say(where, text) {
      const saying = where === 'thread' ? { thread } : {}
      await people.say(id, places[where], `<@${world.bot.userId}> ${text}`, saying)
    },
    seen: (where) => said(where).map(readableText),
    strip: (where) => said(where).at(-1)?.attachments?.[0]?.text,
    close: () => server.close(),
  }
}

let ground: Ground

beforeAll(async () => {
  ground = await openGround()
})
afterAll(() => ground.close())

describe.each([
  ['Discord', discord, 'alice'],
  ['Slack', slack, 'Alice'],
] as const)('on %s, a thread and two channels', (_, open, alice) => {
  let platform: Platform
  let market: HandMarket
  let desk: Desk
  let passed = 0
  let close: () => Promise<void>

  beforeEach(async () => {
    await ground.clear()
    passed = 0
    platform = await open()
    const environment = { DATABASE_URL: ground.databaseUrl, REDIS_URL: ground.redisUrl, PAPER_SLIPPAGE_BPS: '0' }
    const clock = { now: () => new Date(Date.now() + passed), scale: 1 }
    market = handMarket(clock.now)
    market.set('BYND', '0.63')
    desk = await createDesk({ config: readConfig(environment), clock, market, log })
    const worker = startWorker(desk, { sweepEveryMs: 100 })
    const door = await platform.connect(desk)
    const outbox = startOutbox(desk, unhurried(door.poster))
    close = async () => {
      await Promise.all([door.close(), outbox.close()])
      await worker.close()
      await desk.close()
      await platform.close()
    }
    await ask('thread', 'long BYND 3750 @ .63', /LONG 3,750/)
  })
  afterEach(() => close())

  const sees = (where: Where, expected: RegExp) =>
    expect
      .poll(() => platform.seen(where).filter((text) => expected.test(text)), {
        ...patience,
        message: `${where}: ${expected}`,
      })
      .toHaveLength(1)
  const ask = async (where: Where, text: string, expected: RegExp) => {
    const before = platform.seen(where).length
    await platform.say(where, text)
    await expect
      .poll(
        () =>
          platform
            .seen(where)
            .slice(before)
            .some((one) => expected.test(one)),
        { ...patience, message: text },
      )
      .toBe(true)
  }
  const matching = (where: Where, expected: RegExp) => platform.seen(where).filter((text) => expected.test(text))
  const near = /^⚠️ STOP APPROACHING — BYND\nLONG 3,750 @ \$0\.63 · now \$0\.561 · stop \$0\.55 \(1\.96% away\)/
  const storm = Array.from({ length: 60 }, (_, index) =>
    index % 20 === 19 ? 'trading.stop_loss_triggered' : 'position.stop_approaching',
  ) as WatchEventType[]

  test('hear that the price comes near a stop and hits it, each once', async () => {
    await ask('ops', 'alerts here', /ALERTS HERE from MEDIUM up/)
    await ask('risk', 'alerts here critical', /ALERTS HERE from CRITICAL up/)
    await ask('thread', 'stop .55', /\$0\.55/)
    market.set('BYND', '0.561')
    await sees('thread', near)
    await sees('ops', near)
    market.set('BYND', '0.549')
    await sees('ops', /^🛑 STOP HIT — BYND\n/)
    await sees('risk', /^🛑 STOP HIT — BYND\n/)
    await sees('thread', new RegExp(`^🛑 STOP HIT — BYND\\n[\\s\\S]*\\nPosition: FLAT\\n· ${alice}$`))
    expect(matching('risk', /APPROACHING/)).toEqual([])
    for (const where of ['ops', 'risk'] as const) expect(matching(where, /STOP HIT/)).toHaveLength(1)
  })

  test('hear only critical events while they are muted, and in quiet hours', async () => {
    await ask('ops', 'alerts here', /ALERTS HERE/)
    await ask('ops', 'mute 1h', /Muted here/)
    await ask('risk', 'alerts here', /ALERTS HERE/)
    const hourFrom = (hours: number) => `${String((new Date().getUTCHours() + 24 + hours) % 24).padStart(2, '0')}:00`
    await ask('risk', `quiet ${hourFrom(-1)}-${hourFrom(2)} UTC`, /Quiet from/)
    await ask('thread', 'stop .55', /\$0\.55/)
    market.set('BYND', '0.561')
    await sees('thread', near)
    market.set('BYND', '0.549')
    await sees('ops', /STOP HIT/)
    await sees('risk', /STOP HIT/)
    expect([...matching('ops', /APPROACHING/), ...matching('risk', /APPROACHING/)]).toEqual([])
  })

  test('hear of a storm in a few messages, one table, and all critical events', async () => {
    await ask('ops', 'alerts here', /ALERTS HERE/)
    await ask('risk', 'alerts here critical', /ALERTS HERE/)
    await crashOf(desk, alice, storm, 'storm')
    // How each ended is told later.
    const hit = /^🛑 .*\n(?!It is over|Sold)/
    await expect.poll(() => matching('ops', hit).length, patience).toBe(3)
    await expect.poll(() => matching('risk', hit).length, patience).toBe(3)
    await expect.poll(heldOrPosted, patience).toBe(60)
    expect(matching('ops', /^📋/)).toEqual([])
    passed += 60_000
    await sees('ops', /^📋 \d+ MORE ALERTS IN A MINUTE\n/)
    const plain = matching('ops', /^⚠️/).length
    expect(plain).toBeLessThanOrEqual(10)
    expect(matching('ops', /^📋/)[0]).toContain(`📋 ${57 - plain} MORE`)
    expect(matching('risk', /^(⚠️|📋)/)).toEqual([])
  })

  test('see repeats counted in the existing message', async () => {
    await ask('ops', 'alerts here', /ALERTS HERE/)
    const { db, queues } = desk.parts
    await crashOf(desk, alice, ['position.stop_approaching'], 'first')
    await sees('ops', /^⚠️ STOP APPROACHING — FIRST-0\n/)
    // The same event again, as the monitor would write it when the price moves back and forth.
    const { id: first } = await db
      .selectFrom('desk_events')
      .select('id')
      .where('dedupe_key', '=', 'first-0')
      .executeTakeFirstOrThrow()
    const { id: again } = await db
      .insertInto('desk_events')
      .columns(['type', 'urgency', 'account_id', 'member_id', 'position_id', 'symbol', 'data', 'at'])
      .expression((eb) =>
        eb
          .selectFrom('desk_events')
          .select(['type', 'urgency', 'account_id', 'member_id', 'position_id', 'symbol', 'data', 'at'])
          .where('id', '=', first),
      )
      .returning('id')
      .executeTakeFirstOrThrow()
    await queues.event('alerts', again)
    await sees('ops', /^⚠️ STOP APPROACHING — FIRST-0 ×2, last \$0\.561\n/)
    expect(matching('ops', /^⚠️/)).toHaveLength(1)
    expect(platform.strip('ops')).toBe('Warning')
  })

  /** The number of events of the storm that are posted or held back in the channel that hears all of them. */
  async function heldOrPosted(): Promise<number> {
    const { rows } = await desk.parts.db
      .selectFrom('event_alerts as t')
      .innerJoin('desk_events as e', 'e.id', 't.event_id')
      .where('e.dedupe_key', 'like', 'storm-%')
      .select((eb) => eb.fn.count<number>('e.id').distinct().as('rows'))
      .executeTakeFirstOrThrow()
    return Number(rows)
  }
})
