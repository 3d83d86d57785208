import type { Trx } from '../db/client.ts'
import { lockChunk, positionOfChunk, workingOrderOfChunk } from '../ledger/chunks.ts'
import { lockOrder, type Order, placeExit } from '../ledger/orders.ts'
import { availableQuantity, lockPosition } from '../ledger/positions.ts'
import type { Quote } from '../market/market.ts'
import { least } from '../trading/amounts.ts'
import { failChunk } from './chunk-error.ts'
import { type Parts, wakeReplies } from './parts.ts'
import { cancelScaleout } from './record.ts'
import { settleOrder } from './settle.ts'

/** A job that comes this little too early is on time: the clock's own grain. */
const earlyMs = 5
/** How soon to look again while another order is taking what the chunk wants. */
const lookAgainMs = 1000

type Step =
  | { kind: 'nothing'; conversations?: number[] }
  | { kind: 'wait'; ms: number }
  | { kind: 'no price'; why: string }
  | { kind: 'order'; order: Order; triedBefore: boolean }

/**
 * Sells (or buys back) one chunk, once, however often it is called: writes the order, sends it, records the fill.
 * Answers with the milliseconds to wait when it came too early. Throws when the database does not answer; a later call
 * goes on from what was committed.
 */
export async function runChunk(parts: Parts, chunkId: number): Promise<{ again?: number }> {
  const about = await positionOfChunk(parts.db, chunkId)
  if (!about) return {}
  const quote = await parts.market.quote(about.symbol)
  const step = await parts.db.transaction().execute((trx) => nextStep(trx, parts, about.positionId, chunkId, quote))
  switch (step.kind) {
    case 'nothing':
      await wakeReplies(parts, step.conversations ?? [])
      return {}
    case 'wait':
      return { again: step.ms }
    case 'no price':
      await failChunk(parts, about.positionId, chunkId, { message: step.why })
      return {}
    case 'order':
      await settleOrder(parts, step.order, { triedBefore: step.triedBefore, postedBy: 'outbox' })
      return {}
  }
}

async function nextStep(
  trx: Trx,
  parts: Parts,
  positionId: number,
  chunkId: number,
  quote: Quote | undefined,
): Promise<Step> {
  const position = await lockPosition(trx, positionId)
  const { chunk, scaleout } = await lockChunk(trx, position, chunkId)
  const at = parts.clock.now()
  const runs = scaleout.state === 'running' || scaleout.state === 'paused'
  if (chunk.state !== 'waiting' || !runs) return { kind: 'nothing' }
  const early = chunk.dueAt.getTime() - at.getTime()
  if (early > earlyMs) return { kind: 'wait', ms: early }
  // A working order has its quantity set aside: without any, there is no need to look.
  const working = position.workingQuantity.gt(0) ? await workingOrderOfChunk(trx, chunkId) : undefined
  if (working !== undefined) return { kind: 'order', order: (await lockOrder(trx, working)).order, triedBefore: true }

  const left = scaleout.totalQuantity.minus(scaleout.soldQuantity)
  const wanted = chunk.number === scaleout.chunkCount ? left : least(chunk.quantity, left)
  const quantity = least(wanted, availableQuantity(position))
  if (quantity.lte(0) && position.workingQuantity.gt(0)) return { kind: 'wait', ms: lookAgainMs / parts.clock.scale }
  if (quantity.lte(0)) {
    const { conversations } = await cancelScaleout(trx, scaleout, position, 'nothing is left to sell', at)
    return { kind: 'nothing', conversations }
  }
  const unusable = noPrice(quote)
  if (unusable) return { kind: 'no price', why: unusable }
  const exit = {
    clientOrderId: `chunk-${chunk.id}-${chunk.attempt}`,
    memberId: scaleout.memberId,
    conversationId: scaleout.conversationId,
    chunkId,
    purpose: 'chunk' as const,
    quantity,
    expectedPrice: scaleout.side === 'sell' ? quote!.bid : quote!.ask,
  }
  return { kind: 'order', order: await placeExit(trx, position, exit, at), triedBefore: false }
}

/** Why this quote cannot be traded on; undefined when it can. */
export function noPrice(quote: Quote | undefined): string | undefined {
  if (!quote) return 'the market has no price for it'
  return quote.stale
}
