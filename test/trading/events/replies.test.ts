import { expect, test } from 'vitest'
import { postRow } from '../../../src/trading/events/rows/replies.ts'

test('a row of the outbox keeps the text of a reply and not its pictures, which only the door that heard can post', () => {
  const pictures = [{ name: 'bynd-1d.png', alt: 'Candles', png: new Uint8Array(100_000) }]
  const { body } = postRow({ conversationId: 1 }, { text: '📈 BYND 1d', pictures })
  expect(JSON.parse(body)).toEqual({ text: '📈 BYND 1d' })
})
