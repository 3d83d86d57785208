import type { Big } from '../../base/amounts.ts'
import { realWait } from '../../base/clock.ts'
import { quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import type { Instrument, Quote } from '../../market/market.ts'
import { expectedConditions } from '../../market/volume-curve.ts'
import { appendEvent } from '../events/append-event.ts'
import { noPrice, withoutPrice } from '../orders/fresh-price.ts'
import { heldBy } from '../orders/held.ts'
import { type Traded, tradedBy } from '../orders/traded.ts'
import { washTrade } from '../orders/wash-trade.ts'
import type { Parts } from '../parts.ts'
import { availableQuantity, type Position } from '../positions/rows/positions.ts'
import { closingSide } from '../positions/rules/position.ts'
import type { Chunk } from './rows/chunks.ts'
import { type ScaleoutRequest, saveScaleout } from './rows/save-scaleout.ts'
import { aboutScaleout, lockRunningScaleout, type Scaleout } from './rows/scaleouts.ts'
import { type Bound, boundOf } from './rules/bound.ts'
import { chunkStep } from './rules/chunk-step.ts'
import { type OwnTerms, type PlannedPace, planOwnScaleout, windowOf } from './rules/own-plan.ts'
import { type PlannedChunk, planScaleout, type Speed } from './rules/scaleout-plan.ts'
import { planSmartScaleout, type SmartConditions } from './rules/smart-scaleout.ts'

/** The terms of a wanted scaleout. */
export interface Wanted {
  memberId: number
  conversationId: number
  speed: Speed
  /** Terms of the member's own, not for a smart scaleout. With a length, `speed` is the nearest one. */
  own?: OwnTerms
  bound?: Bound
  /** The seed of the plan, stored with it. */
  seed: number
  /** The quantity, given the open position; a refusal when the request makes no sense. */
  quantity: (position: Position) => Big | Refusal
}

/** The market data of a symbol before a scaleout begins. */
export interface Look {
  symbol: string
  quote?: Quote
  instrument?: Traded
  /** For a smart scaleout; undefined when the market has no bars. */
  conditions?: SmartConditions
}

/** A scaleout whose plan is saved. */
export interface BegunScaleout {
  scaleout: Scaleout
  first: Chunk
  pace: PlannedPace
  /** Conversations with new replies about its event. */
  watching: number[]
}

/** Asks the market, and the account's venue, for all data that a scaleout needs. */
export async function lookAt(parts: Parts, accountId: number, symbol: string, speed: Speed): Promise<Look> {
  const known = parts.market.instrument(symbol)
  const [quote, conditions, instrument] = await Promise.all([
    parts.market.quote(symbol),
    speed === 'smart' && known ? conditionsOf(parts, known) : undefined,
    known && tradedBy(parts, accountId, known),
  ])
  return { symbol, quote, instrument, conditions }
}

function conditionsOf({ market, clock, log }: Parts, instrument: Instrument): Promise<SmartConditions | undefined> {
  return expectedConditions(market, instrument, { now: clock.now(), scale: clock.scale }).catch((cause) => {
    log.warn({ err: cause, symbol: instrument.symbol }, 'bars could not be read')
    return undefined
  })
}

/**
 * Draws and saves the plan for a locked position, with all due times, and appends the event. A refusal when it cannot begin;
 * nothing is written then.
 */
export async function beginScaleout(
  trx: Trx,
  parts: Parts,
  position: Position,
  wanted: Wanted & Pick<ScaleoutRequest, 'groupId'>,
  look: Look,
): Promise<BegunScaleout | Refusal> {
  const { symbol, quote, instrument } = look
  if (!instrument) return noPosition(symbol)
  if (await lockRunningScaleout(trx, position.id)) return alreadyRunning(symbol)
  const unusable = noPrice(quote)
  if (unusable) return withoutPrice(symbol, unusable, 'Nothing was started')
  if (wanted.speed === 'smart' && !look.conditions) return noVolumeHistory(symbol, parts.market.name)
  const { venue } = await parts.venues.of(position.accountId)
  const wash = await washTrade(trx, venue.capabilities, { exits: { accountId: position.accountId, symbol } })
  if (wash) return wash
  const side = closingSide(position.signedQuantity)
  if (wanted.bound && wanted.bound.kind !== boundOf(side)) return boundOnWrongSide(symbol, wanted.bound.kind)
  const quantity = wanted.quantity(position)
  const available = availableQuantity(position)
  const isHeld = quantity instanceof Refusal ? quantity.code === 'QUANTITY_HELD_BY_ORDERS' : quantity.gt(available)
  if (isHeld && position.restingQuantity.gt(0)) return heldBy(trx, position)
  if (quantity instanceof Refusal) return quantity
  if (quantity.gt(available)) {
    return new Refusal(
      'QUANTITY_EXCEEDS_POSITION',
      `${quantityText(quantity)} is more than the ${quantityText(available)} ${symbol} that can be sold.`,
      'Leave the quantity out to scale out of everything',
    )
  }
  const at = parts.clock.now()
  const { chunks: planned, pace, smart, windowMs } = planOf(quantity, wanted, instrument, quote!, look.conditions)
  const decisionPrice = side === 'sell' ? quote!.bid : quote!.ask
  const bound = wanted.bound && {
    price: wanted.bound.price,
    until: new Date(at.getTime() + realWait(parts.clock, windowMs)),
  }
  const lengthMs = wanted.own?.lengthMs
  const request = { ...wanted, decisionPrice, timeScale: parts.clock.scale, smart, lengthMs, bound }
  const { scaleout, chunks } = await saveScaleout(trx, position, request, planned, at)
  const watching = await appendEvent(trx, parts, {
    type: 'scaleout_start',
    data: {
      speed: scaleout.speed,
      lengthMs,
      side: scaleout.side,
      quantity: quantity.toFixed(),
      chunks: scaleout.chunkCount,
      decisionPrice: decisionPrice.toFixed(),
    },
    ...aboutScaleout(scaleout),
    at,
    dedupeKey: `scaleout-${scaleout.id}-start`,
  })
  return { scaleout, first: chunks[0]!, pace, watching }
}

function planOf(
  quantity: Big,
  { speed, seed, own }: Wanted,
  instrument: Traded,
  { bid, ask, last }: Quote,
  conditions?: SmartConditions,
): { chunks: PlannedChunk[]; pace: PlannedPace; smart?: ScaleoutRequest['smart']; windowMs: number } {
  const { tick } = instrument
  const lot = chunkStep(quantity, instrument, last)
  if (speed !== 'smart') {
    const chunks = own ? planOwnScaleout(quantity, lot, speed, own, seed) : planScaleout(quantity, lot, speed, seed)
    const pace = own?.lengthMs === undefined ? speed : { lengthMs: own.lengthMs }
    return { chunks, pace, windowMs: windowOf(speed, own ?? {}).most }
  }
  const { chunks, participation, horizonMs, deferMs } = planSmartScaleout(quantity, lot, conditions!, seed)
  const spread = ask.minus(bid)
  // Bid and ask may be equal, so the usual spread is at least one tick.
  const usualSpread = spread.gt(tick) ? spread : tick
  // The waits for a narrower spread take at most a quarter of the horizon.
  const windowMs = horizonMs * 1.25
  return { chunks, pace: { participation, horizonMs }, smart: { usualSpread, deferMs }, windowMs }
}

/** The refusal when a symbol has no open position. */
export function noPosition(symbol: string): Refusal {
  return new Refusal('NO_POSITION', `You have no open position in ${symbol}.`, 'Type `positions` to see what is open')
}

/** The refusal of a second scaleout of a position. */
export function alreadyRunning(symbol: string): Refusal {
  return new Refusal(
    'SCALEOUT_IN_PROGRESS',
    `Scaleout already in progress for ${symbol}`,
    'Type `cancel scaleout` to end it, `tasks` to see how far it is',
  )
}

/** The refusal of a floor for a short position, and of a cap for a long one. */
export function boundOnWrongSide(symbol: string, kind: Bound['kind']): Refusal {
  return kind === 'cap'
    ? new Refusal(
        'SCALEOUT_TERMS',
        `${symbol} is long, so it is sold, and a cap does not limit a sale. Nothing was started.`,
        'Say a floor, such as `floor .60`: chunks wait while the bid is below it',
      )
    : new Refusal(
        'SCALEOUT_TERMS',
        `${symbol} is short, so it is bought back, and a floor does not limit a purchase. Nothing was started.`,
        'Say a cap, such as `cap 1.20`: chunks wait while the ask is above it',
      )
}

/** The refusal of a smart scaleout without bars. */
export function noVolumeHistory(symbol: string, market: string): Refusal {
  return new Refusal(
    'NO_VOLUME_HISTORY',
    `The market in use (${market}) has no bars of ${symbol}, so a smart scaleout cannot be planned.`,
    'Choose fast, medium or slow',
  )
}
