import { describe, expect, test, vi } from 'vitest'
import type { Picture } from '../../../src/talk/chat/reply.ts'
import { readableText } from '../../platforms/slack-blocks.ts'
import type { Failure } from '../../platforms/slack-server.ts'
import { modes, type OpenDoor, openDoor } from './slack-door.ts'

/** Bytes that every text encoding would change. */
const png = Uint8Array.from({ length: 3000 }, (_, at) => (at * 131) % 256)
const picture: Picture = { name: 'bynd-1d.png', alt: 'Candles of BYND “1d”: last < $0.67 & rising', png }

/** The visible messages of a place in order: texts, and files by their names. */
const seen = ({ posted }: OpenDoor, where?: OpenDoor['channel']) =>
  posted(where).map((message) => message.files?.map(({ name }) => name).join() ?? readableText(message))

describe.each(modes)('over %s, a picture', (mode) => {
  test('follows its text in the thread, with its bytes and description unchanged', async () => {
    const opened = await openDoor(mode, () => [{ text: '📈 BYND 1d', pictures: [picture] }, { text: 'more' }])
    const { slack, alice, channel, posted } = opened
    const root = opened.thread()
    await slack.people.say(alice, channel.id, 'chart BYND 1d', { thread: root })
    await vi.waitFor(() => expect(seen(opened)).toEqual(['📈 BYND 1d', 'bynd-1d.png', 'more']))
    expect(posted().map((message) => message.thread_ts)).toEqual([root, root, root])
    const [file] = [...slack.world.files.values()]
    expect(file).toMatchObject({ altText: picture.alt, title: picture.alt, channel: channel.id, thread_ts: root })
    expect(file!.bytes).toEqual(Buffer.from(png))
    expect(opened.logged()).not.toContain('upload/')
  })

  test('to a slash command or in a direct message is shared there', async () => {
    const opened = await openDoor(mode, () => [{ text: 'x', pictures: [picture] }])
    const { slack, alice, channel, direct, posted } = opened
    await slack.people.command(alice, channel.id, 'chart BYND')
    await slack.people.say(alice, direct.id, 'chart BYND')
    await vi.waitFor(() =>
      expect([seen(opened), seen(opened, direct)]).toEqual([
        ['x', 'bynd-1d.png'],
        ['x', 'bynd-1d.png'],
      ]),
    )
    expect([...posted(), ...posted(direct)].map((message) => message.thread_ts)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('a picture that Slack does not take', () => {
  const sentence = /^⚠️ The picture is missing: /
  const open = () => openDoor('socket', () => [{ text: '📈 BYND 1d', row: 7, pictures: [picture] }, { text: 'more' }])
  const ask = async (opened: OpenDoor) => {
    const root = opened.thread()
    await opened.slack.people.say(opened.alice, opened.channel.id, 'chart BYND 1d', { thread: root })
    await vi.waitFor(() => expect(seen(opened).at(-1)).toBe('more'))
    expect(opened.posted().map((message) => message.thread_ts)).toEqual(opened.posted().map(() => root))
    return seen(opened)
  }

  test('because the app may not upload: the text stays, and names the missing scope', async () => {
    const opened = await open()
    opened.slack.world.scopes.delete('files:write')
    const [text, missing, ...more] = await ask(opened)
    expect([text, ...more]).toEqual(['📈 BYND 1d', 'more'])
    expect(missing).toMatch(sentence)
    expect(missing).toContain('files:write')
    expect(opened.desk.outcomes).toMatchObject([{ row: 7, posted: { message: opened.posted()[0]!.ts } }])
    expect(opened.slack.calls.filter(({ method }) => method.startsWith('files.'))).toHaveLength(1)
  })

  const broken: [string, string, Failure][] = [
    ['answers 500 at first', 'files.getUploadURLExternal', { status: 500 }],
    ['wants a long pause', 'files.getUploadURLExternal', { status: 429, retryAfter: 600 }],
    ['loses the upload', 'upload', 'lost'],
    ['answers the upload with 500', 'upload', { status: 500 }],
    ['answers 500 at the end', 'files.completeUploadExternal', { status: 500 }],
    ['refuses at the end', 'files.completeUploadExternal', { error: 'not_allowed' }],
  ]
  test.each(broken)('because it %s: the text stays, and says so', async (_, method, failure) => {
    const opened = await open()
    opened.slack.fail(method, failure)
    const [text, missing, ...more] = await ask(opened)
    expect([text, ...more]).toEqual(['📈 BYND 1d', 'more'])
    expect(missing).toMatch(sentence)
  })

  test('because it asks for a short pause is uploaded after the pause', async () => {
    const opened = await open()
    opened.slack.fail('files.completeUploadExternal', { status: 429, retryAfter: 1 })
    expect(await ask(opened)).toEqual(['📈 BYND 1d', 'bynd-1d.png', 'more'])
  })

  test('for one person alone comes as a direct message, since everybody in a channel sees a file', async () => {
    const replies = [{ text: 'yours', private: true, pictures: [picture] }, { text: 'for all' }]
    const opened = await openDoor('socket', () => replies)
    const { slack, alice, channel, direct } = opened
    await slack.people.say(alice, channel.id, 'chart', { thread: opened.thread() })
    await vi.waitFor(() => expect(seen(opened)).toEqual(['for all']))
    expect(seen(opened, direct)).toEqual(['yours', 'bynd-1d.png'])
    expect(slack.world.ephemerals).toEqual([])
  })

  test('with too long a description gets a shorter one', async () => {
    const opened = await openDoor('socket', () => [{ text: 'x', pictures: [{ ...picture, alt: '🚀 & '.repeat(400) }] }])
    await opened.slack.people.say(opened.alice, opened.direct.id, 'chart')
    await vi.waitFor(() => expect(seen(opened, opened.direct)).toEqual(['x', 'bynd-1d.png']))
  })
})
