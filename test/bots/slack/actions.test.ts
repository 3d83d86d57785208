import { readFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { linkBlocks, renderReply } from '../../../bots/slack/render.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { shortcuts } from '../../../src/talk/chat/shortcut.ts'
import { pingsOf } from '../../platforms/slack-blocks.ts'
import { labels, openDoor } from './slack-door.ts'

const rowOf = (symbol: string) => [
  { label: `Close ${symbol}`, command: 'close', options: { symbol }, account: 7, ends: true as const },
  { label: `Stop ${symbol}`, command: 'stop', options: { symbol }, account: 7 },
]

describe('an action', () => {
  test('is heard as its command, by the person who presses, and keeps its button', async () => {
    const { slack, desk, bob, alice, channel, thread, posted } = await openDoor('socket', (inbound) =>
      inbound.kind === 'command'
        ? [{ text: 'not yours', private: true }]
        : [{ text: 'LONG 100 BYND', actions: [rowOf('BYND')] }],
    )
    const root = thread()
    await slack.people.say(alice, channel.id, 'positions', { thread: root })
    await vi.waitFor(() => expect(labels(posted()[0])).toEqual(['Close BYND', 'Stop BYND']))
    await slack.people.press(bob, posted()[0]!, 'Close BYND')
    await vi.waitFor(() => expect(slack.world.ephemerals).toMatchObject([{ user: bob, text: 'not yours' }]))
    const command = { kind: 'command', command: 'close', options: { symbol: 'BYND' }, account: 7 }
    expect(desk.heard[1]).toMatchObject({ ...command, author: { name: 'Bob' }, place: desk.heard[0]!.place })
    expect(labels(posted()[0])).toHaveLength(2)
  })

  test('is a line of a menu when there are many, and is not below a private reply', () => {
    const actions = Array.from({ length: 60 }, (_, index) => rowOf(`S${index}`))
    const lines = (reply: Reply) => labels(renderReply(reply, false)[0] as Parameters<typeof labels>[0]).length
    expect(lines({ text: 'LONG', actions })).toBe(120)
    expect(lines({ text: 'LONG', actions, private: true })).toBe(0)
  })
})

test('a message pings the one whom it names, and nobody else', () => {
  const [part] = renderReply({ text: '🛑 STOP HIT <!channel> <@U2>', ping: 'U1' }, false)
  expect(pingsOf(part!)).toEqual(['<@U1>', '<@U1>'])
  expect(part!.text).toBe('<@U1> 🛑 STOP HIT &lt;!channel&gt; &lt;@U2&gt;')
})

test('the manifest has every shortcut that the desk hears', () => {
  const manifest = readFileSync(new URL('../../../docs/slack-manifest.yaml', import.meta.url), 'utf8')
  for (const { title, id } of shortcuts)
    expect(manifest).toContain(`- name: ${title}\n      type: message\n      callback_id: ${id}\n`)
})

test('a message leads to the thread that it is about, in its own workspace', () => {
  const place = { door: 'slack' as const, workspace: 'T1', channel: 'C2', thread: '1700000000.000100' }
  const self = { team: 'T1', site: 'https://desk.slack.com/' }
  const text = '<https://desk.slack.com/archives/C2/p1700000000000100|Open its thread>'
  expect(linkBlocks(place, self)).toEqual([{ type: 'context', elements: [{ type: 'mrkdwn', text }] }])
  const none = [
    { ...place, channel: 'D2' },
    { ...place, workspace: 'T2' },
    { ...place, channel: 'C2|<!here>' },
    undefined,
  ]
  expect(none.flatMap((other) => linkBlocks(other, self))).toEqual([])
  expect(linkBlocks(place, { team: 'T1' })).toEqual([])
})
