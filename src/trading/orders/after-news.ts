import { announcePosition } from '../../infra/db/announce.ts'
import { type Parts, wakeChunk, wakeReplies } from '../parts.ts'
import type { Chunk } from '../scaleouts/rows/chunks.ts'
import { askLater } from './order-clock.ts'
import type { AnyOrder } from './rows/orders.ts'

/** What is to be done after news was committed. */
export interface AfterNews {
  /** Conversations in which something waits to be posted. */
  conversations: number[]
  /** Chunks that go on the clock. */
  chunks: Pick<Chunk, 'id' | 'attempt' | 'dueAt'>[]
  /** Positions that began or grew, for whoever watches them. */
  announce: number[]
  /** Orders that are to be taken back at their venue. */
  ends: AnyOrder[]
}

/** Does it. Nothing here fails: what a server that is away keeps from being done, the sweep does. */
export async function afterNews(parts: Parts, { conversations, chunks, announce, ends }: AfterNews): Promise<void> {
  await Promise.all([
    wakeReplies(parts, conversations),
    ...chunks.map((chunk) => wakeChunk(parts, chunk)),
    ...announce.map((id) => announcePosition(parts, id)),
    ...ends.map((order) => askLater(parts, order, 0)),
  ])
}
