import { expect, test } from 'vitest'
import { limits } from '../../../bots/slack/limits.ts'
import { renderReply } from '../../../bots/slack/render.ts'
import { type Columns, cell, linesIn } from '../../../src/talk/chat/columns.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { checkBlocks, readableText, tableIn } from '../../platforms/slack-blocks.ts'
import { openDoor } from './slack-door.ts'

const listOf = (symbols: string[]): Columns => ({
  columns: [{ head: 'Symbol' }, { head: 'P&L', isAmount: true }, { head: 'Stop' }],
  rows: symbols.map((symbol, at) => [cell(symbol), cell(`$+${at}`, '· '), cell(at > 0 ? 'stop $1' : undefined, '· ')]),
})

function replyOf(columns: Columns): Reply {
  return { text: ['📂 OPEN POSITIONS', ...linesIn(columns), 'In all: <nothing>'].join('\n'), columns }
}

test('a list is a table below its heading, and the text of the message has its lines', () => {
  const [part, ...more] = renderReply(replyOf(listOf(['BYND', 'A<B>'])), false)
  expect(more).toEqual([])
  expect(part!.blocks.map(({ type }) => type)).toEqual(['section', 'table', 'section'])
  expect(tableIn(part!)).toEqual([
    ['Symbol', 'P&L', 'Stop'],
    ['BYND', '$+0', ' '],
    ['A<B>', '$+1', 'stop $1'],
  ])
  expect(part!.blocks[1]).toMatchObject({ column_settings: [{ align: 'left' }, { align: 'right' }, { align: 'left' }] })
  expect(readableText(part!)).toBe('📂 OPEN POSITIONS\nBYND · $+0\nA<B> · $+1 · stop $1\nIn all: <nothing>')
})

test('a long list is several messages, each with one table, and no line is lost', () => {
  const reply = replyOf(listOf(Array.from({ length: 500 }, (_, at) => `S${at}`)))
  const parts = renderReply({ ...reply, actions: [] }, false)
  expect(parts.length).toBeGreaterThan(4)
  for (const part of parts) {
    checkBlocks(part.blocks, 'message')
    expect(part.text.length).toBeLessThanOrEqual(limits.sectionText)
  }
  expect(parts.map(readableText).join('\n')).toBe(reply.text)
  expect(parts.flatMap((part) => tableIn(part)!.slice(1))).toHaveLength(500)
})

test('Slack may refuse a table: the same message then comes as text, in public and in private', async () => {
  const reply = replyOf(listOf(['BYND', 'AMD']))
  const replies: Reply[] = [reply, { ...reply, private: true }]
  const { slack, alice, channel, thread, posted } = await openDoor('socket', () => replies)
  slack.fail('chat.postMessage', { error: 'invalid_blocks' })
  slack.fail('chat.postEphemeral', { error: 'invalid_attachments' })
  await slack.people.say(alice, channel.id, '<@U0DESKHAND> positions', { thread: thread() })
  await expect.poll(() => slack.world.ephemerals.length).toBe(1)
  for (const message of [posted()[0]!, slack.world.ephemerals[0]!]) {
    expect(tableIn(message)).toBeUndefined()
    expect(readableText(message)).toBe(reply.text)
  }
})
