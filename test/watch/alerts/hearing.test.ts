import { describe, expect } from 'vitest'
import { takeConversation } from '../../../src/talk/outbox/lease.ts'
import { beginTurn } from '../../../src/talk/outbox/rows.ts'
import { appendEvents } from '../../../src/trading/events/append-event.ts'
import { untold } from '../../../src/watch/alerts/tell.ts'
import type { Someone } from '../../talk/commands/someone.ts'
import { hour, sceneTest } from './scene.ts'

const { test, scene } = sceneTest()

const stopNear = '⚠️ STOP APPROACHING — BYND\nLONG 3,750 @ $0.63 · now $0.561 · stop $0.55 (1.96% away)'

/** A person with a position, and a channel in which the person has spoken. */
async function withChannel(said: string): Promise<[Someone, Someone]> {
  const alice = await scene.holder()
  const channel = alice.in(`${alice.thread}-channel`)
  await channel.say(said)
  return [alice, channel]
}

describe('an event is told', () => {
  test('in the thread that opened the position, as in the example', async () => {
    const alice = await scene.holder()
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(alice.thread)).toEqual([stopNear])
  })

  test('in the thread and in two channels that asked for it, once in each', async () => {
    const [alice, channel] = await withChannel('alerts here')
    const other = alice.in(`${alice.thread}-other`)
    await other.say('alerts here low')
    const id = await scene.told(alice, 'position.stop_approaching')
    await scene.tell(id)
    for (const { thread } of [alice, channel, other]) expect(await scene.said(thread)).toEqual([stopNear])
  })

  test('with the way to its thread everywhere else', async () => {
    const [alice, channel] = await withChannel('alerts here')
    await scene.told(alice, 'position.stop_approaching')
    const links = await scene.desk.desk.parts.db
      .selectFrom('replies as r')
      .innerJoin('conversations as c', 'c.id', 'r.conversation_id')
      .where('r.state', '=', 'queued')
      .where('c.key', 'like', `%:${alice.thread}%`)
      .select(['c.key', 'r.body'])
      .execute()
    const linkIn = ({ thread }: Someone) => links.find(({ key }) => key.endsWith(`:${thread}`))?.body.link
    expect(linkIn(alice)).toBeUndefined()
    expect(linkIn(channel)).toEqual({ door: 'slack', workspace: 'T1', channel: 'C1', thread: alice.thread })
  })

  test('from the urgency up that was asked for', async () => {
    const [alice, channel] = await withChannel('alerts here high')
    await scene.told(alice, 'position.target_approaching')
    expect(await scene.said(channel.thread)).toEqual([])
    await scene.told(alice, 'position.thesis_invalidation')
    expect(await scene.said(channel.thread)).toEqual([
      '🧭 THESIS INVALIDATED — BYND\nLONG 3,750 @ $0.63 · now $0.561 · the last swing low at $0.57 broke',
    ])
  })

  test('in the opening thread by its own choice, when it has made one', async () => {
    const alice = await scene.holder()
    await alice.say('alerts here high')
    await scene.told(alice, 'position.target_approaching')
    expect(await scene.said(alice.thread)).toEqual([])
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(alice.thread)).toEqual([stopNear])
  })

  test('to nobody who did not ask: another person in the same channel hears nothing of it', async () => {
    const [alice] = await withChannel('alerts here')
    const [, bobs] = await withChannel('alerts here')
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(bobs.thread)).toEqual([])
  })

  test('with the name of its owner where several are heard', async () => {
    const [alice, channel] = await withChannel('alerts here')
    const bob = await scene.holder()
    const bobThere = bob.in(channel.thread)
    await bobThere.say('alerts here')
    await scene.told(alice, 'position.stop_approaching')
    await scene.told(bob, 'position.stop_approaching')
    const headings = (await scene.said(channel.thread)).map((text) => text.split('\n')[0])
    expect(headings).toEqual([`⚠️ STOP APPROACHING — BYND — ${alice.name}`, `⚠️ STOP APPROACHING — BYND — ${bob.name}`])
  })

  test('not when it happened before it was asked for', async () => {
    const alice = await scene.holder()
    const id = await scene.happens(alice, 'position.stop_approaching')
    scene.clock.advance(1000)
    const channel = alice.in(`${alice.thread}-late`)
    await channel.say('alerts here')
    await scene.tell(id)
    expect(await scene.said(channel.thread)).toEqual([])
  })

  test('nowhere after alerts off', async () => {
    const [alice, channel] = await withChannel('alerts here')
    await channel.say('alerts off')
    await alice.say('alerts off')
    await scene.told(alice, 'position.stop_approaching')
    await scene.told(alice, 'trading.stop_loss_triggered')
    expect([...(await scene.said(channel.thread)), ...(await scene.said(alice.thread))]).toEqual([])
  })

  test('by the sweep, when nothing on the clock did', async () => {
    const [alice, channel] = await withChannel('alerts here')
    const id = await scene.happens(alice, 'position.stop_approaching')
    const { queues } = scene.desk.desk.parts
    const queued: number[] = []
    const { events } = queues
    queues.events = async (_queue, ids) => void queued.push(...ids)
    try {
      scene.clock.advance(10_000)
      await scene.sweep()
      expect(queued).toContain(id)
      await scene.tell(id)
      queued.length = 0
      await scene.sweep()
      expect(queued).not.toContain(id)
    } finally {
      queues.events = events
    }
    expect(await scene.said(channel.thread)).toEqual([stopNear])
  })

  test('once, however many tell of it at the same time', async () => {
    const [alice, channel] = await withChannel('alerts here')
    const id = await scene.happens(alice, 'position.stop_approaching')
    await Promise.all(Array.from({ length: 10 }, () => scene.tell(id)))
    expect(await scene.said(channel.thread)).toEqual([stopNear])
    expect(await scene.said(alice.thread)).toEqual([stopNear])
  })
})

test('an order that does not go through is told in the channels; its thread has heard already', async () => {
  const [alice, channel] = await withChannel('alerts here')
  const { parts } = scene.desk.desk
  const { db, clock } = parts
  const position = await scene.happens(alice, 'position.correlation_spike')
  const about = await db.selectFrom('desk_events').selectAll().where('id', '=', position).executeTakeFirstOrThrow()
  const { raised } = await appendEvents(db, parts, [
    {
      type: 'order_error',
      data: { purpose: 'close', error: 'the venue is closed' },
      ...{ symbol: 'BYND', accountId: about.account_id!, memberId: about.member_id!, at: clock.now() },
      dedupeKey: `order-error-beside-${position}`,
    },
  ])
  await scene.tell(raised[0]!.id)
  expect(await scene.said(channel.thread)).toEqual([
    '⚠️ ORDER DID NOT GO THROUGH — BYND\nBYND close did not go through: the venue is closed',
  ])
  expect(await scene.said(alice.thread)).toEqual([])
})

describe('what is critical', () => {
  test('is told in the channels at once, while the close tells the thread', async () => {
    const [alice, channel] = await withChannel('alerts here critical')
    await scene.told(alice, 'trading.stop_loss_triggered', '0.549')
    expect(await scene.said(channel.thread)).toEqual([
      '🛑 STOP HIT — BYND\nLONG 3,750 @ $0.63 · now $0.549 · stop $0.55 touched',
    ])
    expect(await scene.said(alice.thread)).toEqual([])
  })

  test('is told through muting, quiet hours and repeats', async () => {
    const [alice, channel] = await withChannel('alerts here')
    await channel.say('mute 1d')
    await channel.say('quiet 00:00-23:59')
    await scene.told(alice, 'trading.stop_loss_triggered')
    await scene.told(alice, 'trading.stop_loss_triggered')
    expect(await scene.said(channel.thread)).toHaveLength(2)
  })

  test('is posted before what waits', async () => {
    const [alice, channel] = await withChannel('alerts here')
    await scene.told(alice, 'position.stop_approaching')
    await scene.told(alice, 'position.time_decay')
    await scene.told(alice, 'trading.stop_loss_triggered')
    const { db, clock } = scene.desk.desk.parts
    const there = db.selectFrom('conversations').select('id').where('key', 'like', `%:${channel.thread}`)
    const lease = await takeConversation(db, (await there.executeTakeFirstOrThrow()).id, 'a poster')
    const turn = await beginTurn(db, lease!, clock.now())
    expect(turn).toMatchObject({ body: { text: expect.stringMatching(/^🛑 STOP HIT/) } })
  })

  test('is no type that can be muted', async () => {
    const [, channel] = await withChannel('alerts here')
    expect(await channel.say('mute STOP_LOSS_TRIGGERED')).toContain('never muted')
  })
})

describe('quiet hours', () => {
  /** The alerts that a channel hears at these times of a day. */
  async function heardAt(hours: string, times: string[]): Promise<boolean[]> {
    const [alice, channel] = await withChannel('alerts here')
    await channel.say(hours)
    const heard: boolean[] = []
    for (const time of times) {
      scene.clock.set(Math.max(Number(scene.clock.now()), 0))
      const day = new Date(Number(scene.clock.now()) + 24 * hour).toISOString().slice(0, 10)
      scene.clock.set(new Date(`${day}T${time}:00Z`))
      const before = (await scene.said(channel.thread)).length
      await scene.told(alice, 'position.stop_approaching')
      heard.push((await scene.said(channel.thread)).length > before)
    }
    return heard
  }

  test('go across midnight', async () => {
    const times = ['21:59', '22:00', '23:59', '00:00', '06:59', '07:00', '12:00']
    expect(await heardAt('quiet 22:00-07:00 UTC', times)).toEqual([true, false, false, false, false, true, true])
  })

  test('lie within a day', async () => {
    const times = ['08:59', '09:00', '17:29', '17:30']
    expect(await heardAt('quiet 9:00-17:30 UTC', times)).toEqual([true, false, false, true])
  })

  test("are the exchange's, or the member's who said where they are", async () => {
    const [alice, channel] = await withChannel('alerts here')
    expect(await channel.say('quiet 22:00-07:00')).toContain('(America/New_York)')
    await channel.say('quiet off')
    await alice.say('timezone Asia/Tokyo')
    expect(await channel.say('quiet 22:00-07:00')).toContain('(Asia/Tokyo)')
  })

  test('follow the clocks of a time zone', async () => {
    // New York is five hours behind in winter.
    expect(await heardAt('quiet 22:00-07:00 America/New_York', ['02:59', '03:00', '11:59', '12:00'])).toEqual([
      true,
      false,
      false,
      true,
    ])
  })

  test('end with quiet off', async () => {
    const [alice, channel] = await withChannel('alerts here')
    await channel.say('quiet 00:00-23:59')
    await channel.say('quiet off')
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(channel.thread)).toEqual([stopNear])
  })
})

test('alerts alone shows what is on, muted and quiet', async () => {
  const alice = await scene.holder()
  expect(await alice.say('alerts')).toContain('hears of the positions that you opened here')
  await alice.say('alerts here high')
  await alice.say('mute 1h')
  await alice.say('mute TIME_DECAY')
  await alice.say('quiet 22:00-07:00 europe/berlin')
  expect(await alice.say('alerts')).toMatch(
    /from HIGH up\n.*\n🔇 Muted until .* E[SD]T\n🔇 Muted: TIME_DECAY\n🌙 Quiet from 22:00 to 07:00 \(Europe\/Berlin\)/,
  )
  await alice.say('timezone Asia/Tokyo')
  expect(await alice.say('alerts')).toMatch(
    /🔇 Muted until .* GMT\+9\n[\s\S]*🌙 Quiet from 22:00 to 07:00 \(Europe\/Berlin\)/,
  )
  expect(await alice.say('alerts off')).toContain('ALERTS OFF')
  expect(await alice.say('alerts')).toContain('hears nothing of your positions')
})

test('a viewer sets no alerts', async () => {
  const alice = await scene.holder()
  await scene.desk.desk.parts.db.updateTable('members').set({ role: 'viewer' }).where('name', '=', alice.name).execute()
  expect(await alice.say('alerts here')).toContain('you may look, but not trade')
})

describe('a critical event', () => {
  const critical = 'trading.stop_loss_triggered'
  const direct = (who: Someone) => scene.said(`@${who.name.toUpperCase()}`)
  const pinged = async (who: Someone) => {
    const rows = await scene.desk.desk.parts.db
      .selectFrom('replies as r')
      .innerJoin('conversations as c', 'c.id', 'r.conversation_id')
      .where('c.key', 'like', `%:${who.thread}`)
      .where('r.state', '=', 'queued')
      .orderBy('r.id')
      .select(['r.body', 'r.urgent'])
      .execute()
    return rows.map(({ body, urgent }) => [body.ping, urgent])
  }

  test('is told its member in a direct message, once, when they asked for that, and nobody else', async () => {
    const alice = await scene.holder()
    const bob = await scene.holder()
    expect(await alice.say('notify critical')).toContain('without a mention of you')
    await scene.told(alice, critical)
    expect(await alice.say('notify critical dm')).toContain('you get a direct message')
    expect(await alice.say('notify')).toMatch(
      /You get no direct messages when background tasks end[\s\S]*you get a direct/,
    )
    const id = await scene.told(alice, critical)
    await scene.tell(id)
    await scene.sweep()
    await scene.told(bob, critical)
    expect(await direct(alice)).toEqual([
      expect.stringMatching(/^🛑 STOP HIT — BYND\n[\s\S]*💡 `notify critical off` ends these messages$/),
    ])
    expect(await direct(bob)).toEqual([])
    expect(await alice.say('notify critical off')).toContain('without a mention')
    await scene.told(alice, critical)
    await scene.told(alice, 'position.stop_approaching')
    expect(await direct(alice)).toHaveLength(1)
  })

  test('mentions its member in the thread, once, when they asked for that', async () => {
    const alice = await scene.holder()
    await alice.say('alerts here')
    await scene.told(alice, critical)
    expect(await alice.say('notify critical ping')).toContain('its thread mentions you')
    const id = await scene.told(alice, critical)
    await scene.tell(id)
    await scene.told(alice, 'position.stop_approaching')
    expect(await pinged(alice)).toEqual([
      [undefined, true],
      [alice.name.toUpperCase(), true],
      [undefined, false],
    ])
  })

  test('is found by the sweep when the process died before it told', async () => {
    const alice = await scene.holder()
    await alice.say('notify critical dm')
    const id = await scene.happens(alice, critical)
    const { parts, config } = scene.desk.desk
    const waiting = () => untold(parts.db, config, new Date(0), new Date(scene.clock.now().getTime() + hour))
    expect(await waiting()).toContain(id)
    await scene.tell(id)
    expect(await waiting()).not.toContain(id)
  })

  test.for(['notify critical dm off', 'notify ping', 'notify critical loudly'])(
    'is told as before after %j, which changes nothing',
    async (text) => {
      const alice = await scene.holder()
      expect(await alice.say(text)).toMatch(/Nothing was (changed|done)|I did not understand/)
      expect(await alice.say('notify critical')).toContain('without a mention of you')
    },
  )
})
