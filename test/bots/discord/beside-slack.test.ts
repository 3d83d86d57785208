import '@slack/bolt' // first: it brings a dispatcher of its own for all requests of the process
import { expect, test } from 'vitest'
import { openScene, said } from './opened.ts'

const png = Uint8Array.from({ length: 3000 }, (_, at) => (at * 131) % 256)

test('a picture is posted by a process that has loaded the library of Slack before that of Discord', async () => {
  const set = await openScene()
  set.desk.answer = () => [{ text: '📈 BYND 1d', pictures: [{ name: 'bynd-1d.png', alt: 'Candles of BYND', png }] }]
  set.server.people.say(set.alice, set.server.thread, 'chart BYND 1d')
  const [message] = await said(set, 1, set.server.thread)
  expect(message!.attachments[0]!.bytes).toEqual(Buffer.from(png))
})
