import { expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import type { Db } from '../../../src/infra/db/client.ts'
import { queueNotice } from '../../../src/trading/events/queue-notice.ts'
import type { Notice, QueuedNotice } from '../../../src/trading/notice.ts'
import { awaitedBy, heardBy } from '../../../src/trading/orders/awaited.ts'
import { wakeReplies } from '../../../src/trading/parts.ts'
import { deskTest } from '../../support/desk-test.ts'
import { anOrder } from './an-order.ts'

const order = anOrder()
const of = (notice: Notice): QueuedNotice => ({ notice })
const accepted = of({ kind: 'order.accepted', order })
const working = of({ kind: 'order.working', order })
const cancelled = of({ kind: 'order.cancelled', order })
const kinds = ({ notices }: { notices: QueuedNotice[] }) => notices.map(({ notice }) => notice.kind)

test.each([
  ['before', [working], ['order.cancelled', 'order.working']],
  ['before', [accepted], ['order.cancelled']],
  ['after', [accepted], ['order.cancelled']],
  ['never', [accepted], ['order.accepted']],
])('an order waits no more when news of it came %s the answer was recorded', async (when, answer, told) => {
  const parts = { db: {} as Db }
  const hear = () => heardBy(parts, order, { postedBy: 'outbox' }, async () => ({ notices: [cancelled] }))
  const ended = await awaitedBy(parts, order, { postedBy: 'door' }, async () => {
    if (when === 'before') await hear()
    await Promise.resolve()
    if (when === 'after') await hear()
    return { notices: answer }
  })
  expect(kinds(ended)).toEqual(told)
})

const { test: deskly } = deskTest()

deskly('a word that news has overtaken is never posted, and holds up nothing behind it', async ({ desk, alice }) => {
  await alice.say('long BYND 10 @ 1')
  const { parts } = desk.desk
  const { conversation_id: conversationId } = await parts.db
    .selectFrom('positions')
    .select('conversation_id')
    .where('symbol', '=', 'BYND')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const to = { conversationId: conversationId!, at: parts.clock.now() }
  const queue = (notice: Notice, by: 'door' | 'outbox') =>
    parts.db.transaction().execute((trx) => queueNotice(trx, parts, to, notice, by))
  const ended = await awaitedBy(parts, order, { postedBy: 'door' }, async () => {
    await heardBy(parts, order, { postedBy: 'outbox' }, async () => ({ notices: [cancelled] }))
    return { notices: [await queue({ kind: 'order.accepted', order }, 'door')] }
  })
  expect(kinds(ended)).toEqual(['order.cancelled'])
  await queue({ kind: 'order.working', order: { ...order, number: 7, limit: { price: new Big(2) } } }, 'outbox')
  await wakeReplies(parts, [conversationId!])
  const told = () => desk.posted.filter(({ place }) => place.thread === alice.thread).map(({ text }) => text)
  await expect.poll(() => told().join()).toContain('Order 7')
  expect(told().join()).not.toContain('waits to be filled')
})
