import type { Big } from '../../base/amounts.ts'
import { priceText } from '../../base/format.ts'
import type { Quote } from '../../market/market.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { lockPosition } from '../positions/rows/positions.ts'
import { type ChunkInPlace, lockChunk, noteBoundTold } from './rows/chunks.ts'
import type { Scaleout } from './rows/scaleouts.ts'
import { isBeyond } from './rules/bound.ts'

/** The price at which a chunk would trade now, if that is beyond the floor or cap of its scaleout; in dollars. */
export function priceBeyond({ side, bound }: Scaleout, quote: Quote): Big | undefined {
  if (!bound || !isBeyond(side, bound.price, quote)) return undefined
  return side === 'sell' ? quote.bid : quote.ask
}

/** Tells once in the thread of a scaleout that it waits for a price within its floor or cap. */
export async function waitForBound(parts: Parts, seen: ChunkInPlace, price: Big): Promise<void> {
  if (seen.scaleout.bound?.isTold !== false) return
  const told = await parts.db.transaction().execute(async (trx) => {
    const { scaleout, chunk } = await lockChunk(trx, await lockPosition(trx, seen.position.id), seen.chunk.id)
    const runs = scaleout.state === 'running' || scaleout.state === 'paused'
    if (!runs || scaleout.bound?.isTold !== false || chunk.state !== 'waiting') return []
    const { id: scaleoutId, conversationId, accountId } = scaleout
    await noteBoundTold(trx, scaleoutId)
    const to = { conversationId, scaleoutId, accountId, at: parts.clock.now() }
    await queueNotice(trx, parts, to, { kind: 'scaleout.beyond_bound', scaleout, chunk, price }, 'outbox')
    return [conversationId]
  })
  await wakeReplies(parts, told)
}

/** The reason of the end of a scaleout whose time is over while its chunks wait. `why`: the market has no price. */
export function timeOver({ side, bound }: Scaleout, why?: string): string {
  if (why !== undefined) return `its time is over, and ${why}; the rest stays`
  const [where, kind] = side === 'sell' ? ['below', 'floor'] : ['above', 'cap']
  return `its time is over, and the price is ${where} the ${kind} of ${priceText(bound!.price)}; the rest stays`
}
