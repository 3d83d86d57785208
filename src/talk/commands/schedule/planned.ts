import { Big, least } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Instrument } from '../../../market/market.ts'
import { openPosition, openPositions } from '../../../trading/positions/rows/positions.ts'
import type { ScheduledOrder } from '../../../trading/schedule/rows/scheduled-orders.ts'
import type { Given } from '../../language/slots.ts'
import type { Hearing } from '../command.ts'
import type { FlowState } from '../flow-state.ts'
import { instrumentMeant } from '../instrument-meant.ts'
import { shownOfAll } from '../orders/close-all.ts'
import type { TradeState } from '../orders/trade-plan.ts'
import { inLots, quantityFrom } from '../quantity.ts'
import { notTraded } from '../symbol.ts'
import { type LaterSide, nothingOpen } from './later.ts'
import { unpacked } from './shown-words.ts'

/** The values and the state for a planned command at its time. */
export interface Now {
  given: Given
  state?: FlowState
  /** A sentence about a part of the plan that is left out. */
  without?: string
}

/** The facts of a stored order that its execution needs. */
export type PlannedOrder = Pick<ScheduledOrder, 'command' | 'given' | 'positionIds'>

/**
 * Prepares a planned command when its time has come. The quantity is at most the planned one and at most the open one. A
 * market order uses the present price.
 */
export async function plannedNow(hearing: Hearing, order: PlannedOrder): Promise<Now | Refusal> {
  const { parts, speaker } = hearing
  const { given: planned, positionIds } = order
  const side = order.command as LaterSide
  if (side === 'close all') {
    return { given: { sure: 'yes' }, state: shownOfAll(await openPositions(parts.db, speaker.accountId)) }
  }
  if (planned.symbols !== undefined) return severalNow(hearing, planned, positionIds)
  const said = planned.quantity === undefined ? undefined : quantityFrom(planned.quantity)
  const instrument = await instrumentMeant(
    parts,
    speaker.accountId,
    planned.symbol!,
    { quantity: said },
    { isOfAll: true },
  )
  if (!instrument) return notTraded(planned.symbol!, parts.market.name)
  const position = await openPosition(parts.db, speaker.accountId, instrument.symbol)
  const shown = unpacked(planned.shown)
  const exits = side === 'close' || side === 'scaleout' || shown?.exit !== undefined
  if (exits && !position) return nothingOpen(instrument)
  const { position: of, shown: _, ...given } = planned
  if (side === 'scaleout') given.unasked = 'yes'
  const isOther = positionIds ? !positionIds.includes(position!.id) : of !== undefined && of !== String(position?.id)
  if (isOther) return anotherPosition(instrument)
  if (exits && !shown?.enter && said !== undefined) {
    const quantity = said instanceof Refusal ? said : inLots(said, instrument)
    if (quantity instanceof Refusal) return quantity
    given.quantity = least(quantity, position!.signedQuantity.abs()).toFixed()
  }
  if (!shown) return { given }
  const quote = await parts.market.quote(instrument.symbol)
  const price = given.price === undefined ? (shown.side === 'sell' ? quote?.bid : quote?.ask) : new Big(given.price)
  const state: TradeState = { ...shown, price: price ?? shown.price }
  return { given, state }
}

/** A scaleout of several takes only the positions for which it was planned. */
async function severalNow({ parts, speaker }: Hearing, planned: Given, ids?: number[]): Promise<Now | Refusal> {
  if (!ids) return { given: { ...planned, unasked: 'yes' } }
  const open = await openPositions(parts.db, speaker.accountId)
  const others = open.flatMap(({ id, symbol }) => (ids.includes(id) ? [] : [symbol]))
  const [left, symbols] = [[], []] as [string[], string[]]
  for (const symbol of planned.symbols!.split(' ')) (others.includes(symbol) ? left : symbols).push(symbol)
  const without = left.length > 0 ? `⚠️ Without ${left.join(', ')}: that position was opened later` : undefined
  if (symbols.length > 0) return { given: { ...planned, symbols: symbols.join(' '), unasked: 'yes' }, without }
  const sentence =
    'The positions for which this was scheduled are closed, and those that are open were opened later. Nothing was done.'
  return new Refusal('POSITION_CHANGED', sentence, 'Look at `positions` and decide again')
}

function anotherPosition({ symbol }: Instrument): Refusal {
  const sentence = `The position in ${symbol} is another one than when this was scheduled. Nothing was done.`
  return new Refusal('POSITION_CHANGED', sentence, 'Look at `positions` and decide again')
}
