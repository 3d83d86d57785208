import { Refusal } from '../chat/refusal.ts'
import type { Reply } from '../chat/reply.ts'
import { noteActed } from '../ledger/audit.ts'
import { appendEvent } from '../ledger/events.ts'
import { availableQuantity, lockOpenPosition, type Position } from '../ledger/positions.ts'
import { queueReply } from '../ledger/replies.ts'
import { saveScaleout } from '../ledger/save-scaleout.ts'
import { aboutScaleout, lockRunningScaleout } from '../ledger/scaleouts.ts'
import type { Big } from '../trading/amounts.ts'
import { quantityText } from '../trading/format.ts'
import { planScaleout, type Speed } from '../trading/scaleout-plan.ts'
import { noPrice } from './chunk.ts'
import { refusedWhileHalted } from './halted.ts'
import { type Parts, wakeChunk, wakeReplies } from './parts.ts'
import { startText } from './scaleout-text.ts'

/** Who wants which position sold over time, and how. */
export interface StartScaleout {
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  speed: Speed
  /** Draws the plan; stored with it. */
  seed: number
  /** The message that asks for it; should the process die now and the message come again, nothing more is started. */
  inboundId?: string
  /** How much, given what is open; a refusal when that makes no sense. */
  quantity: (position: Position) => Big | Refusal
}

/** Draws and saves the plan with every due time, then puts the first chunk on the clock. Answers with the announcement. */
export async function startScaleout(parts: Parts, request: StartScaleout): Promise<Reply[] | Refusal> {
  const quote = await parts.market.quote(request.symbol)
  const instrument = parts.market.instrument(request.symbol)
  const started = await parts.db.transaction().execute(async (trx) => {
    const halted = await refusedWhileHalted(trx, request.accountId)
    if (halted) return halted
    const position = await lockOpenPosition(trx, request.accountId, request.symbol)
    if (!position || !instrument) return noPosition(request.symbol)
    if (await lockRunningScaleout(trx, position.id)) return alreadyRunning(request.symbol)
    const unusable = noPrice(quote)
    if (unusable) {
      return new Refusal(
        'NO_FRESH_PRICE',
        `${request.symbol} cannot be traded now: ${unusable}.`,
        'Nothing was started. Try again when the price is fresh',
      )
    }
    const quantity = request.quantity(position)
    if (quantity instanceof Refusal) return quantity
    const available = availableQuantity(position)
    if (quantity.gt(available)) {
      return new Refusal(
        'QUANTITY_EXCEEDS_POSITION',
        `${quantityText(quantity)} is more than the ${quantityText(available)} ${request.symbol} that can be sold.`,
        'Leave the quantity out to scale out of everything',
      )
    }
    const at = parts.clock.now()
    if (request.inboundId) await noteActed(trx, request.inboundId, at)
    const decisionPrice = position.signedQuantity.gt(0) ? quote!.bid : quote!.ask
    const plan = planScaleout(quantity, instrument.lot, request.speed, request.seed)
    const { scaleout, chunks } = await saveScaleout(
      trx,
      position,
      { ...request, decisionPrice, timeScale: parts.clock.scale },
      plan,
      at,
    )
    const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id, at }
    const reply = await queueReply(
      trx,
      to,
      { text: startText(scaleout, position), thread: `${request.symbol} scaleout` },
      'door',
    )
    const watching = await appendEvent(trx, {
      type: 'scaleout_start',
      data: {
        speed: scaleout.speed,
        side: scaleout.side,
        quantity: quantity.toFixed(),
        chunks: scaleout.chunkCount,
        decisionPrice: decisionPrice.toFixed(),
      },
      ...aboutScaleout(scaleout),
      at,
      dedupeKey: `scaleout-${scaleout.id}-start`,
    })
    return { reply, first: chunks[0]!, watching }
  })
  if (started instanceof Refusal) return started
  await wakeChunk(parts, started.first)
  await wakeReplies(parts, started.watching)
  return [started.reply]
}

/** There is nothing open in a symbol. */
export function noPosition(symbol: string): Refusal {
  return new Refusal('NO_POSITION', `You have no open position in ${symbol}.`, 'Type `positions` to see what is open')
}

/** A position has one scaleout at a time. */
export function alreadyRunning(symbol: string): Refusal {
  return new Refusal(
    'SCALEOUT_IN_PROGRESS',
    `Scaleout already in progress for ${symbol}`,
    'Type `cancel scaleout` to end it, `tasks` to see how far it is',
  )
}
