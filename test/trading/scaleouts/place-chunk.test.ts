import { sql } from 'kysely'
import { expect, vi } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import type { Trx } from '../../../src/infra/db/client.ts'
import { placeExit } from '../../../src/trading/orders/rows/orders.ts'
import { lockPosition } from '../../../src/trading/positions/rows/positions.ts'
import { cancelScaleout } from '../../../src/trading/scaleouts/cancel-scaleout.ts'
import {
  type ChunkInPlace,
  findChunks,
  lockChunk,
  noteChunkError,
  waitingChunks,
} from '../../../src/trading/scaleouts/rows/chunks.ts'
import { placeChunks } from '../../../src/trading/scaleouts/rows/place-chunk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from '../../talk/commands/someone.ts'

let seen: ChunkInPlace
const now = new Date('2026-11-20T15:00:00Z')

const { test, desk } = deskTest({ worker: false })
test.beforeEach(async () => {
  const { db } = desk.desk.parts
  const running = new Set((await waitingChunks(db)).map(({ id }) => id))
  const alice = someone(desk)
  await alice.say('long BYND 3750 @ .63')
  await alice.say('scaleout fast')
  const first = (await waitingChunks(db)).find(({ id }) => !running.has(id))!
  seen = await see(first.id)
})

const exit = () => ({
  clientOrderId: `chunk-${seen.chunk.id}-${seen.chunk.attempt}`,
  memberId: seen.scaleout.memberId,
  conversationId: seen.scaleout.conversationId,
  chunkId: seen.chunk.id,
  purpose: 'chunk' as const,
  quantity: seen.chunk.quantity,
  expectedPrice: new Big('1.01'),
})
const see = async (id: number) => (await findChunks(desk.desk.parts.db, [id])).get(id)!
const place = async () => (await placeChunks(desk.desk.parts.db, [{ seen, exit: exit() }], now))[0]
const ordersForChunk = () =>
  desk.desk.parts.db.selectFrom('orders').selectAll().where('chunk_id', '=', seen.chunk.id).execute()
const setAside = async () => Number((await see(seen.chunk.id)).position.workingQuantity)

const cancel = async (trx: Trx) => {
  const position = await lockPosition(trx, seen.position.id)
  const { scaleout } = await lockChunk(trx, position, seen.chunk.id)
  await cancelScaleout(trx, desk.desk.parts, scaleout, position, 'somebody said so', now)
}
const fail = async (trx: Trx) => {
  const position = await lockPosition(trx, seen.position.id)
  const { scaleout, chunk } = await lockChunk(trx, position, seen.chunk.id)
  await noteChunkError(trx, chunk, scaleout, chunk.attempt + 1, now)
}
const trim = async (trx: Trx) => {
  const position = await lockPosition(trx, seen.position.id)
  const trimming = { ...exit(), clientOrderId: `trim-${seen.chunk.id}`, chunkId: undefined, purpose: 'trim' as const }
  await placeExit(trx, position, trimming, now)
}
const changes = [
  ['the scaleout was cancelled', cancel, 0],
  ['the chunk failed and waits for its next try', fail, 0],
  ['somebody trims the position', trim, 1],
] as const

test('writes the order of a chunk that is as it was seen, and sets its quantity aside', async () => {
  const order = (await place())!
  expect(await ordersForChunk()).toMatchObject([
    { id: order.id, state: 'new', side: 'sell', quantity: seen.chunk.quantity.toFixed(), created_at: now },
  ])
  expect(await setAside()).toBe(Number(seen.chunk.quantity))
  expect((await see(seen.chunk.id)).liveOrder).toBe(order.id)
})

test.for(changes)('writes nothing when, since it was seen, %s', async ([, change, others]) => {
  await desk.desk.parts.db.transaction().execute(change)
  expect(await place()).toBeUndefined()
  expect(await ordersForChunk()).toEqual([])
  expect(await setAside()).toBe(others * Number(seen.chunk.quantity))
})

test.for(changes)('writes nothing when, while it waits for the position, %s', async ([, change, others]) => {
  let placing: ReturnType<typeof place> | undefined
  await desk.desk.parts.db.transaction().execute(async (trx) => {
    await change(trx)
    placing = place()
    await vi.waitFor(async () => expect(await waitingForLocks()).toBe(1))
  })
  expect(await placing).toBeUndefined()
  expect(await ordersForChunk()).toEqual([])
  expect(await setAside()).toBe(others * Number(seen.chunk.quantity))
})

test('writes one order when many write it at once', async () => {
  const placed = await Promise.all(Array.from({ length: 8 }, place))
  expect(placed.filter(Boolean)).toHaveLength(1)
  expect(await ordersForChunk()).toHaveLength(1)
  expect(await setAside()).toBe(Number(seen.chunk.quantity))
})

async function waitingForLocks(): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`select count(*) as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(desk.desk.parts.db)
  return rows[0]!.waiting
}
