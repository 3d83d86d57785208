import type { Chunk } from '../../ledger/chunks.ts'
import { announcePosition } from '../../queue/announce.ts'
import { type Parts, wakeChunk, wakeReplies } from '../parts.ts'
import { trimReservations } from './trim-reservations.ts'

/** What is to be done after news was committed. */
export interface AfterNews {
  /** Conversations in which something waits to be posted. */
  conversations: number[]
  /** Chunks that go on the clock. */
  chunks: Pick<Chunk, 'id' | 'attempt' | 'dueAt'>[]
  /** Positions that began or grew, for whoever watches them. */
  announce: number[]
  /** Positions of which live orders would take more than is open. */
  overReserved: number[]
}

/** Does it. Nothing here fails: what a server that is away keeps from being done, the sweep does. */
export async function afterNews(
  parts: Parts,
  { conversations, chunks, announce, overReserved }: AfterNews,
): Promise<void> {
  await Promise.all([
    wakeReplies(parts, conversations),
    ...chunks.map((chunk) => wakeChunk(parts, chunk)),
    ...announce.map((id) => announcePosition(parts, id)),
    ...overReserved.map((id) =>
      trimReservations(parts, id).catch((cause) =>
        parts.log.warn(
          { err: cause, position_id: id },
          'more is on its way out than is open; the next news sees to it',
        ),
      ),
    ),
  ])
}
