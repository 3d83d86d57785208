import { expect, test } from 'vitest'
import type { Db } from '../../../src/infra/db/client.ts'
import type { Notice, QueuedNotice } from '../../../src/trading/notice.ts'
import { awaitedBy, heardBy } from '../../../src/trading/orders/awaited.ts'
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
