import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { directChannel } from '../platforms/discord-state.ts'
import { createDiscordHarness } from './discord-harness.ts'
import { type Ground, openGround } from './ground.ts'
import type { DoorHarness } from './harness.ts'
import { openRoom, type Room } from './room.ts'
import { createSlackHarness } from './slack-harness.ts'
import { createTerminalHarness } from './terminal-harness.ts'

let ground: Ground
let room: Room
beforeAll(async () => {
  ground = await openGround()
})
afterAll(() => ground.close())
afterEach(() => room.close())

const patience = { interval: 20 }

/** A platform, and alice's direct messages from the desk. */
const platforms: Record<string, () => Promise<{ harness: DoorHarness; direct(): string[] }>> = {
  async Discord() {
    const harness = await createDiscordHarness()
    const { server } = harness
    const alice = server.state.users.get(harness.alice.id)!
    return {
      harness,
      direct: () =>
        server
          .said(directChannel(server.state, alice))
          .map(({ content }) => content.replace(/\\([!-/:-@[-`{-~])/g, '$1')),
    }
  },
  async Slack() {
    const harness = await createSlackHarness('socket')
    return { harness, direct: () => harness.directTo(harness.alice) }
  },
}

describe.each(Object.keys(platforms))('in %s', (name) => {
  test('a direct message tells people who asked for it that a background task has ended, once, and nobody else', async () => {
    const { harness, direct } = await platforms[name]!()
    room = await openRoom(harness, ground)
    expect(await room.ask(harness.alice, 'notify', /direct messages/)).toContain('You get no direct messages')
    await room.ask(harness.alice, 'notify on', /^🔔 You will get a direct message/)
    await room.ask(harness.alice, 'long BYND 100 @ .63', /^✓ LONG/)
    await room.ask(harness.alice, 'scaleout fast', /SCALEOUT INITIATED/)
    await room.sees(/🎉 SCALEOUT COMPLETE/)
    await expect
      .poll(direct, patience)
      .toEqual([expect.stringMatching(/^🔔 BYND scaleout complete: 100 in \d+ chunks/)])

    await room.ask(harness.alice, 'notify off', /^🔕 No more direct messages/)
    await room.ask(harness.alice, 'long BYND 100 @ .63', /^✓ LONG/)
    await room.ask(harness.alice, 'scaleout fast', /SCALEOUT INITIATED/)
    await expect.poll(() => room.seen().filter(({ text }) => text.includes('🎉')).length, patience).toBe(2)
    await room.settled(harness.alice)
    expect(direct()).toHaveLength(1)
  })

  test('one direct message tells the total of scaleouts that were started together', async () => {
    const { harness, direct } = await platforms[name]!()
    room = await openRoom(harness, ground)
    await room.ask(harness.alice, 'notify on', /^🔔/)
    await room.ask(harness.alice, 'long BYND 100 @ .63', /^✓ LONG/)
    await room.ask(harness.alice, 'long AAPL 10 @ 180', /^✓ LONG/)
    await room.ask(harness.alice, 'scaleout all fast', /SCALEOUT INITIATED/)
    await room.sees(/🎉 SCALEOUT COMPLETE/)
    await room.settled(harness.alice)
    expect(direct()).toEqual([expect.stringMatching(/^🔔 🎉 SCALEOUT COMPLETE - 2 positions\n[\s\S]*Total P&L: /)])
  })

  test('a person who ended a task gets no message about it', async () => {
    const { harness, direct } = await platforms[name]!()
    room = await openRoom(harness, ground)
    await room.ask(harness.alice, 'notify on', /^🔔/)
    await room.ask(harness.alice, 'long BYND 100 @ .63', /^✓ LONG/)
    await room.ask(harness.alice, 'scaleout slow', /SCALEOUT INITIATED/)
    await room.ask(harness.alice, 'cancel scaleout', /CANCELLED/)
    await room.ask(harness.alice, 'long AAPL 10 @ 180', /^✓ LONG/)
    await room.ask(harness.alice, 'scaleout all slow', /SCALEOUT INITIATED/)
    await room.ask(harness.alice, 'cancel scaleout all', /ENDED/)
    await room.settled(harness.alice)
    expect(direct()).toEqual([])
  })
})

test('in a terminal everything is on one screen: nothing is told twice', async () => {
  const harness = await createTerminalHarness()
  room = await openRoom(harness, ground)
  await room.ask(harness.alice, 'notify on', /^🔔/)
  await room.ask(harness.alice, 'long BYND 100 @ .63', /^✓ LONG/)
  await room.ask(harness.alice, 'scaleout fast', /SCALEOUT INITIATED/)
  await room.sees(/🎉 SCALEOUT COMPLETE/)
  await room.settled(harness.alice)
  expect(room.seen().filter(({ text }) => text.startsWith('🔔 BYND'))).toEqual([])
})

test('a person who accepts no direct messages delays nothing', async () => {
  const harness = await createDiscordHarness()
  room = await openRoom(harness, ground)
  harness.server.state.closed.add(harness.alice.id)
  await room.ask(harness.alice, 'notify on', /^🔔/)
  await room.ask(harness.alice, 'long BYND 100 @ .63', /^✓ LONG/)
  await room.ask(harness.alice, 'scaleout fast', /SCALEOUT INITIATED/)
  await room.sees(/🎉 SCALEOUT COMPLETE/)
  const state = () =>
    room.desk.parts.db
      .selectFrom('replies as r')
      .innerJoin('conversations as c', 'c.id', 'r.conversation_id')
      .select('r.state')
      .where('c.key', 'like', '%@%')
      .execute()
  await expect.poll(state, patience).toEqual([{ state: 'failed' }])
})
