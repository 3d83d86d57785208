import { expect } from 'vitest'
import { zero } from '../../../src/base/amounts.ts'
import { runChunk } from '../../../src/trading/scaleouts/chunk.ts'
import { waitingChunks } from '../../../src/trading/scaleouts/rows/chunks.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { keyOf } from '../../support/venue-answers.ts'
import { someone } from '../../talk/commands/someone.ts'
import { expectBooksToAddUp } from '../orders/books.ts'

const people = 30
/** An order that the venue fills, but at a price that no book has. */
let unbookable: string | undefined

const clock = handClock('2026-11-20T15:00:00Z', 60)
const { test, desk } = deskTest({
  worker: false,
  clock,
  venue: (paper) => ({
    ...paper,
    async submit(order) {
      const answer = await paper.submit(order)
      if (answer.outcome !== 'accepted' || (await keyOf(desk, order.clientOrderId)) !== unbookable) return answer
      const fills = answer.report.fills.map((fill) => ({ ...fill, price: zero }))
      return { ...answer, report: { ...answer.report, fills } }
    },
  }),
})

// Many people with a position and a scaleout each.
test.beforeEach(async () => {
  for (let index = 0; index < people; index++) {
    const one = someone(desk)
    await one.say(`${index % 2 === 0 ? 'long' : 'short'} BYND ${100 + index} @ .63`)
    await one.say('scaleout fast')
  }
})

/** Moves the clock to the due time of everybody's next chunk, and returns these chunks. */
async function due() {
  const chunks = await waitingChunks(desk.desk.parts.db)
  clock.set(Math.max(clock.now().getTime(), ...chunks.map(({ dueAt }) => dueAt.getTime())))
  return chunks
}

async function toTheEnd() {
  for (let chunks = await due(); chunks.length > 0; chunks = await due()) {
    await Promise.all(chunks.map(({ id }) => runChunk(desk.desk.parts, id)))
  }
  const open = await desk.desk.parts.db.selectFrom('positions').select('id').where('closed_at', 'is', null).execute()
  expect(open).toEqual([])
  await expectBooksToAddUp(desk)
}

test('chunks that are due together are sold once each, however often they are called', async () => {
  const { parts } = desk.desk
  const chunks = (await due()).map(({ id }) => id)
  expect(chunks).toHaveLength(people)
  await Promise.all(chunks.flatMap((id) => [runChunk(parts, id), runChunk(parts, id), runChunk(parts, id)]))
  const orders = await parts.db.selectFrom('orders').selectAll().where('chunk_id', 'in', chunks).execute()
  expect(orders.map(({ chunk_id }) => chunk_id).sort()).toEqual(chunks.sort())
  expect(new Set(orders.map(({ state }) => state))).toEqual(new Set(['filled']))
  await toTheEnd()
})

test('one that cannot be recorded fails by itself, and is recorded when it can be', async () => {
  const { parts } = desk.desk
  const chunks = await due()
  const bad = chunks[7]!
  unbookable = `chunk-${bad.id}-${bad.attempt}`
  const results = await Promise.allSettled(chunks.map(({ id }) => runChunk(parts, id)))
  expect(results.flatMap(({ status }, index) => (status === 'rejected' ? [chunks[index]!.id] : []))).toEqual([bad.id])
  const waiting = (await waitingChunks(parts.db)).map(({ id }) => id)
  expect(chunks.map(({ id }) => id).filter((id) => waiting.includes(id))).toEqual([bad.id])
  unbookable = undefined
  await toTheEnd()
})
