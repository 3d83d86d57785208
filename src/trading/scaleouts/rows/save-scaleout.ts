import { type Big, sum } from '../../../base/amounts.ts'
import type { Trx } from '../../../infra/db/client.ts'
import type { Position } from '../../positions/rows/positions.ts'
import { closingSide } from '../../positions/rules/position.ts'
import type { PlannedChunk, Speed } from '../rules/scaleout-plan.ts'
import { type Chunk, toChunk } from './chunks.ts'
import { type Scaleout, toScaleout } from './scaleouts.ts'

/** The terms of a scaleout to save. */
export interface ScaleoutRequest {
  memberId: number
  conversationId: number
  speed: Speed
  seed: number
  timeScale: number
  decisionPrice: Big
  groupId?: number
  smart?: { usualSpread: Big; deferMs: number }
  /** The member's own length in planned milliseconds. */
  lengthMs?: number
  /** Chunks wait while the price is beyond this one, in dollars, at most until then. */
  bound?: { price: Big; until: Date }
}

/**
 * Saves a scaleout of a locked position with all due times. Due times are real: the planned waits divided by the time scale.
 */
export async function saveScaleout(
  trx: Trx,
  position: Position,
  request: ScaleoutRequest,
  plan: PlannedChunk[],
  at: Date,
): Promise<{ scaleout: Scaleout; chunks: Chunk[] }> {
  const row = await trx
    .insertInto('scaleouts')
    .values({
      position_id: position.id,
      account_id: position.accountId,
      member_id: request.memberId,
      conversation_id: request.conversationId,
      symbol: position.symbol,
      side: closingSide(position.signedQuantity),
      speed: request.speed,
      seed: request.seed,
      time_scale: String(request.timeScale),
      total_quantity: sum(plan.map((chunk) => chunk.quantity)).toFixed(),
      chunk_count: plan.length,
      decision_price: request.decisionPrice.toFixed(),
      state: 'running',
      started_at: at,
      group_id: request.groupId,
      usual_spread: request.smart?.usualSpread.toFixed(),
      defer_ms: request.smart?.deferMs,
      length_ms: request.lengthMs,
      bound_price: request.bound?.price.toFixed(),
      bound_until: request.bound?.until,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  let due = at.getTime()
  const chunks = await trx
    .insertInto('scaleout_chunks')
    .values(
      plan.map((chunk) => {
        due += chunk.delayMs / request.timeScale
        return {
          scaleout_id: row.id,
          number: chunk.number,
          quantity: chunk.quantity.toFixed(),
          delay_ms: chunk.delayMs,
          due_at: new Date(due),
        }
      }),
    )
    .returningAll()
    .execute()
  return { scaleout: toScaleout(row), chunks: chunks.map(toChunk).sort((a, b) => a.number - b.number) }
}
