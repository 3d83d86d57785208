import { expect, onTestFinished, test } from 'vitest'
import type { Place } from '../../../src/talk/chat/place.ts'
import { createDelivery } from '../../../src/talk/outbox/deliver.ts'
import { createLanes } from '../../../src/talk/outbox/lanes.ts'
import { conversationsThatWait } from '../../../src/talk/outbox/rows.ts'
import { openDoor } from '../../bots/slack/slack-door.ts'
import { readableText } from '../../platforms/slack-blocks.ts'
import { openScene } from './scene.ts'

const patience = { timeout: 60_000 }

test(
  'after an outage a Slack channel hears each of its threads once, within its limit, what is critical first',
  patience,
  async () => {
    const slack = await openDoor('socket')
    const { world } = slack.slack
    const scene = await openScene()
    const { parts } = scene.desk.desk
    const threads = Array.from({ length: 12 }, () => slack.thread())
    for (const [index, thread] of threads.entries()) {
      const place: Place = { door: 'slack', workspace: world.team, channel: slack.channel.id, thread }
      const alice = await scene.member(`slack:${world.team}:${slack.alice}`, place)
      for (let row = 0; row < 12; row++) await scene.queue(alice, `✓ Chunk <${index}-${row}>`, 600_000)
      if (index === 11) await scene.queue({ ...alice, urgent: true }, '🛑 STOP HIT', 600_000)
    }
    slack.slack.limitChannels({ everyMs: 1000, burst: 1 })

    const lanes = createLanes(parts, slack.door.poster, createDelivery(parts, slack.door.poster), () => {})
    onTestFinished(() => lanes.close())
    for (const { id, urgent } of await conversationsThatWait(parts.db, new Date())) await lanes.wake(id, urgent)

    await expect.poll(() => slack.posted().length, { timeout: 50_000 }).toBe(13)
    const texts = slack.posted().map(readableText)
    expect(texts[0]).toBe('🛑 STOP HIT')
    const told = texts.flatMap((text) => [...text.matchAll(/<(\d+-\d+)>/g)].map(([, which]) => which!))
    expect(told).toHaveLength(144)
    expect(new Set(told).size).toBe(144)
    // This channel takes less at once than the desk believes, and a busy machine sends some too soon.
    expect(slack.slack.limited()).toBeLessThanOrEqual(5)
  },
)
