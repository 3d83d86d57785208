import { expect, test } from 'vitest'
import type { Picture, Reply } from '../../../src/talk/chat/reply.ts'
import { directChannel } from '../../platforms/discord-state.ts'
import { openScene, type Scene, said, shown, until } from './opened.ts'

/** Bytes that every text encoding would change. */
const png = Uint8Array.from({ length: 3000 }, (_, at) => (at * 131) % 256)
const picture: Picture = { name: 'bynd-1d.png', alt: 'Candles of BYND “1d”, 66 bars: last $0.67', png }

function answerWith({ desk }: Scene, ...replies: Reply[]): void {
  desk.answer = () => replies
}

test('a picture is posted with its text, and its bytes and description are unchanged', async () => {
  const set = await openScene()
  answerWith(set, { text: '📈 BYND 1d', pictures: [picture] })
  set.server.people.say(set.alice, set.server.thread, 'chart BYND 1d')
  const [message] = await said(set, 1, set.server.thread)
  expect(message!.content).toBe('📈 BYND 1d')
  expect(message!.attachments).toMatchObject([
    { filename: 'bynd-1d.png', description: picture.alt, contentType: 'image/png' },
  ])
  expect(message!.attachments[0]!.bytes).toEqual(Buffer.from(png))
})

test('a picture is under the last part of a long text, and several are together', async () => {
  const set = await openScene()
  const text = Array.from({ length: 120 }, (_, at) => `line ${at} of something that goes on`).join('\n')
  answerWith(set, { text, pictures: [picture, { ...picture, name: 'other.png' }] })
  set.server.people.say(set.alice, set.server.thread, 'chart BYND')
  const messages = await said(set, 3, set.server.thread)
  expect(messages.map(({ attachments }) => attachments.map(({ filename }) => filename))).toEqual([
    [],
    [],
    ['bynd-1d.png', 'other.png'],
  ])
})

test('a picture fills the placeholder of a slash command, and follows it', async () => {
  const set = await openScene()
  answerWith(set, { text: 'one', pictures: [picture] }, { text: 'two', pictures: [picture] })
  set.server.people.slash(set.alice, set.server.thread, ['trade', 'help'])
  const messages = await said(set, 2, set.server.thread)
  expect(messages.map(({ attachments }) => attachments[0]?.bytes.length)).toEqual([png.length, png.length])
})

test('a picture for one person alone is seen by nobody else', async () => {
  const set = await openScene()
  answerWith(set, { text: 'yours', private: true, pictures: [picture] })
  set.server.people.slash(set.alice, set.server.thread, ['trade', 'help'])
  await until(() => expect(set.server.said()).toHaveLength(1))
  expect(set.server.said()[0]).toMatchObject({ privateTo: set.alice.id, attachments: [{ filename: picture.name }] })
  set.server.people.say(set.alice, set.server.thread, 'chart')
  const direct = directChannel(set.server.state, set.alice)
  const [message] = await said(set, 1, direct)
  expect(message!.attachments).toHaveLength(1)
})

test('an answer that is also in the outbox is posted once, with its picture', async () => {
  const set = await openScene()
  answerWith(set, { text: 'done', row: 7, pictures: [picture] })
  set.server.people.say(set.alice, set.server.thread, 'x')
  await until(() => expect(set.desk.told).toHaveLength(1))
  expect(set.desk.told[0]).toMatchObject({ row: 7, posted: { message: set.server.said()[0]!.id } })
  expect(set.server.said()[0]!.attachments).toHaveLength(1)
})

test('the text goes out with a sentence where the desk may not attach files', async () => {
  const set = await openScene()
  set.server.thread.denied.add('files')
  answerWith(set, { text: '📈 BYND 1d', row: 7, pictures: [picture] })
  set.server.people.say(set.alice, set.server.thread, 'chart BYND 1d')
  const [message] = await said(set, 1, set.server.thread)
  expect(shown(message!.content)).toBe(
    '📈 BYND 1d\n\n⚠️ The picture is missing: I may not attach files here. Allow me to, and ask again.',
  )
  expect(message!.attachments).toEqual([])
  await until(() => expect(set.desk.told).toMatchObject([{ row: 7, posted: { message: message!.id } }]))
})

test('the text goes out with a sentence where the picture is too large', async () => {
  const set = await openScene()
  answerWith(set, { text: 'x', pictures: [{ ...picture, png: new Uint8Array(11 * 1024 * 1024) }] })
  set.server.people.say(set.alice, set.server.thread, 'chart BYND 1d')
  const [message] = await said(set, 1, set.server.thread)
  expect(shown(message!.content)).toContain('x\n\n⚠️ The picture is missing: Discord answered 413')
})

test('the text goes out with a sentence where Discord takes no files just now', async () => {
  const set = await openScene()
  // The library repeats a request three times after a 500.
  set.server.fail({ with: 500, times: 4, method: 'POST', path: /messages$/ })
  answerWith(set, { text: 'x', pictures: [picture] })
  set.server.people.say(set.alice, set.server.thread, 'chart BYND 1d')
  const [message] = await said(set, 1, set.server.thread)
  expect(shown(message!.content)).toBe('x\n\n⚠️ The picture is missing: Discord answered 500.')
})

test('a picture is posted once when the answer is lost', async () => {
  const set = await openScene()
  set.server.fail({ with: 'lost', times: 1, method: 'POST', path: /messages$/ })
  answerWith(set, { text: 'x', pictures: [picture] })
  set.server.people.say(set.alice, set.server.thread, 'chart BYND 1d')
  await until(() => expect(set.server.state.requests.filter(({ path }) => /messages$/.test(path))).toHaveLength(2))
  const [message] = await said(set, 1, set.server.thread)
  expect(message!.attachments).toHaveLength(1)
})

test('a description that is longer than Discord takes is cut', async () => {
  const set = await openScene()
  answerWith(set, { text: 'x', pictures: [{ ...picture, alt: '🚀'.repeat(900) }] })
  set.server.people.say(set.alice, set.server.thread, 'chart BYND 1d')
  const [message] = await said(set, 1, set.server.thread)
  expect(message!.attachments[0]!.description).toMatch(/^🚀+…$/u)
})
