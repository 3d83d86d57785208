import { Refusal } from '../../../base/refusal.ts'
import { instrumentNamed } from '../../../market/held-symbols.ts'
import type { Instrument } from '../../../market/market.ts'
import { anotherPosition } from '../../../trading/orders/order-refusals.ts'
import { openPosition, type Position } from '../../../trading/positions/rows/positions.ts'
import { noPosition } from '../../../trading/scaleouts/begin.ts'
import type { ActContext } from '../context.ts'

/** An open position of the request's account, with its instrument. */
export interface Named {
  position: Position
  instrument: Instrument
  /** The ids for an act about it: it is told where the position was opened, else in the caller's own conversation. */
  who: { accountId: number; memberId: number; conversationId: number; symbol: string }
}

/** The open position with a symbol; refused when there is none, or when it is another than the one that was `shown`. */
export async function positionNamed(context: ActContext, symbol: string, shown?: number): Promise<Named | Refusal> {
  const { parts, accountId, caller } = context
  const instrument = await instrumentNamed(parts.market, symbol)
  const name = instrument?.symbol ?? symbol.toUpperCase()
  const position = await openPosition(parts.db, accountId, name)
  if (!position) return noPosition(name)
  if (shown !== undefined && shown !== position.id) return anotherPosition(name)
  if (!instrument) return notTraded(name)
  const conversationId = position.conversationId ?? context.conversationId
  return { position, instrument, who: { accountId, memberId: caller.memberId, conversationId, symbol: name } }
}

/** The refusal of a symbol that the market in use does not have. */
export function notTraded(symbol: string): Refusal {
  return new Refusal('NOT_TRADED_HERE', `${symbol} is not traded here. Nothing was done.`, 'See /api/instruments')
}

/** The refusal of what chat would ask about first; `why` is a sentence without a full stop. */
export function confirmFirst(why: string): Refusal {
  return new Refusal(
    'CONFIRM_FIRST',
    `${why}. Nothing was done.`,
    'Send it with `confirm: true` and another key if that is right',
  )
}
