import { announcePosition } from '../../infra/db/announce.ts'
import { type Parts, wakeChunk, wakeReplies } from '../parts.ts'
import type { Followed } from '../protection/protector.ts'
import type { Chunk } from '../scaleouts/rows/chunks.ts'
import { askLater } from './order-clock.ts'
import type { AnyOrder } from './rows/orders.ts'

/** The work to do after news was committed. */
export interface AfterNews {
  /** Conversations with new replies. */
  conversations: number[]
  /** Chunks to put on the clock. */
  chunks: Pick<Chunk, 'id' | 'attempt' | 'dueAt'>[]
  /** Positions that were opened or grew, for the monitors. */
  announce: number[]
  /** Positions whose protection at the venue may have to change. */
  protect: Followed[]
  /** Orders to take back at their venue. */
  ends: AnyOrder[]
}

/** Does the work after the commit. It never fails: if a server is away, the sweep does the rest. */
export async function afterNews(
  parts: Parts,
  { conversations, chunks, announce, protect, ends }: AfterNews,
): Promise<void> {
  if (protect.length > 0) parts.protector.follow(protect)
  await Promise.all([
    wakeReplies(parts, conversations),
    ...chunks.map((chunk) => wakeChunk(parts, chunk)),
    ...announce.map((id) => announcePosition(parts, id)),
    ...ends.map((order) => askLater(parts, order, 0)),
  ])
}
