import type { Trx } from '../../infra/db/client.ts'
import type { QueuedNotice, Sentences } from '../notice.ts'
import { type PostedBy, queueReply, type ReplyTo } from './rows/replies.ts'

/** Queues a notice in the outbox, in the transaction of the act that it tells about. */
export async function queueNotice<One extends { kind: string }>(
  trx: Trx,
  { wording }: { wording: (notice: One) => Sentences },
  to: ReplyTo & { at: Date },
  notice: One,
  postedBy: PostedBy,
): Promise<QueuedNotice<One> & { row: number }> {
  const { row } = await queueReply(trx, to, wording(notice), postedBy)
  return { notice, row }
}
