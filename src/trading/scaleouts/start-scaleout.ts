import { Refusal } from '../../base/refusal.ts'
import { refusedWhileHalted } from '../accounts/halted.ts'
import { noteActed } from '../accounts/rows/audit.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { QueuedNotice } from '../notice.ts'
import { othersInTheWay } from '../orders/in-the-way.ts'
import { type Parts, wakeChunk, wakeReplies } from '../parts.ts'
import { lockOpenPosition } from '../positions/rows/positions.ts'
import { beginScaleout, lookAt, noPosition, type Wanted } from './begin.ts'

/** A request to sell a position over time. */
export interface StartScaleout extends Wanted {
  accountId: number
  symbol: string
  /** The requesting message. If the process dies after the commit and the message comes again, nothing more is started. */
  inboundId?: string
}

/** Draws and saves the plan with all due times, then puts the first chunk on the clock. Returns the announcement. */
export async function startScaleout(parts: Parts, request: StartScaleout): Promise<QueuedNotice[] | Refusal> {
  const look = await lookAt(parts, request.accountId, request.symbol, request.speed)
  const started = await parts.db.transaction().execute(async (trx) => {
    const halted = await refusedWhileHalted(trx, request.accountId)
    if (halted) return halted
    const position = await lockOpenPosition(trx, request.accountId, request.symbol)
    if (!position) return noPosition(request.symbol)
    const begun = await beginScaleout(trx, parts, position, request, look)
    if (begun instanceof Refusal) return begun
    const at = parts.clock.now()
    if (request.inboundId) await noteActed(trx, request.inboundId, at)
    const { scaleout, pace } = begun
    const { conversationId, id: scaleoutId, accountId } = scaleout
    const to = { conversationId, scaleoutId, accountId, at }
    const notice = { kind: 'scaleout.started' as const, scaleout, position, pace }
    return { ...begun, announcement: await queueNotice(trx, parts, to, notice, 'door') }
  })
  if (started instanceof Refusal) return started
  await wakeChunk(parts, started.first)
  await wakeReplies(parts, started.watching)
  return [started.announcement, ...(await othersInTheWay(parts, started.scaleout))]
}
