import { expect } from 'vitest'
import { type Poster, PostFailed } from '../../../src/talk/chat/door.ts'
import type { Reply } from '../../../src/talk/chat/reply.ts'
import { createDelivery } from '../../../src/talk/outbox/deliver.ts'
import { editRow, queueReply } from '../../../src/trading/events/rows/replies.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from '../commands/someone.ts'

const { test, desk } = deskTest({ worker: false })

test('an edit keeps the buttons, the link and the mention; posted anew it pings nobody', async () => {
  const alice = someone(desk)
  await alice.say('help')
  const { db, clock } = desk.desk.parts
  const { id: conversationId } = await db
    .selectFrom('conversations')
    .select('id')
    .where('key', '=', `slack:T1:C1:${alice.thread}`)
    .executeTakeFirstOrThrow()
  const posts: Reply[] = []
  const edits: unknown[] = []
  let isDeleted = false
  const poster: Poster = {
    door: 'slack',
    async post({ key, place, reply }) {
      posts.push(reply)
      return { message: `m-${key}`, place }
    },
    async edit({ message }, edit) {
      if (isDeleted) throw new PostFailed('deleted', 'unknown message')
      edits.push({ message, ...edit })
    },
  }
  const deliver = createDelivery(desk.desk.parts, poster)
  const to = { conversationId, at: clock.now() }
  const below = {
    actions: [[{ label: 'Close BYND', command: 'close', options: { symbol: 'BYND' }, account: 7 }]],
    link: { door: 'slack' as const, workspace: 'T1', channel: 'C9', thread: '1.1' },
  }
  const { row } = await db
    .transaction()
    .execute((trx) => queueReply(trx, to, { text: 'ALERT', ...below, ping: 'U1', tone: 'warning' }, 'outbox'))
  await deliver(conversationId)
  const counting = async (text: string) => {
    await db
      .insertInto('replies')
      .values(editRow(to, row, { text, tone: 'warning' }))
      .execute()
    await deliver(conversationId)
  }
  await counting('ALERT ×2')
  expect(edits).toEqual([{ message: `m-r${row}`, text: 'ALERT ×2', tone: 'warning', ...below, ping: 'U1' }])
  isDeleted = true
  await counting('ALERT ×3')
  expect(posts.at(-1)).toEqual({ text: 'ALERT ×3', tone: 'warning', ...below })
})
