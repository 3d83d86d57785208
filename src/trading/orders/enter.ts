import { type Big, finestStep, isMultiple } from '../../base/amounts.ts'
import { quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import type { VenueCapabilities } from '../../venues/venue.ts'
import { dearest, passGate } from '../accounts/gate.ts'
import { refreshBalance } from '../accounts/venue-balance.ts'
import type { QueuedNotice } from '../notice.ts'
import type { Parts } from '../parts.ts'
import { lockOpenPosition } from '../positions/rows/positions.ts'
import { positionText } from '../positions/rules/describe.ts'
import { closingSide, type Side } from '../positions/rules/position.ts'
import { takeBackProtection } from '../protection/at-venue/take-back.ts'
import { tellWaitingLevels } from '../protection/entry-levels.ts'
import { atVenueOf } from '../protection/rows/at-venue.ts'
import { type EntryLevel, keepEntryLevels } from '../protection/rows/entry-levels.ts'
import { lockRunningScaleout } from '../scaleouts/rows/scaleouts.ts'
import { againstDoubt } from './against-doubt.ts'
import { noPrice, withoutPrice } from './fresh-price.ts'
import { type LimitWanted, unfitLimit } from './limit.ts'
import { anotherPosition, oppositeOrder, protectionHolds } from './order-refusals.ts'
import { liveOpenings, placeOpening } from './rows/opening-orders.ts'
import { begunAt, type OpeningOrder } from './rows/orders.ts'
import { lockAccountRow, nextOrderNumber } from './rows/working-orders.ts'
import { sendPlaced } from './send-placed.ts'
import { unfitStop } from './stop.ts'
import { refusedWhileClosed } from './venue-hours.ts'
import { unfitAtVenue, unfitExtended } from './venue-terms.ts'
import { washTrade, washWithScaleout } from './wash-trade.ts'

/**
 * A request to open a position or to add to one; it never takes from one. A second request with the same `clientOrderId` is the
 * same order.
 */
export interface Entry extends LimitWanted {
  clientOrderId: string
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  side: Side
  quantity: Big
  /** The stop and the target that its first fill sets for the position. */
  levels?: EntryLevel[]
  /** The member knows that the venue is closed: an order at the market waits there for the open. */
  waitsForOpen?: boolean
  /**
   * Decides the quantity under the lock of the account, in the transaction that writes the order, at a price in dollars a unit: at most
   * the wanted one, in whole lots. Its writes stay when it refuses.
   */
  sized?(trx: Trx, price: Big): Promise<Big | Refusal>
  /** The open position to add to; absent means any open position on this side, or a new one. */
  onto?: number
}

/**
 * Buys or sells to open or to add, at the market now, or with a limit or a stop that may rest at the venue. Refused if it would take from
 * a position or reverse one, or if it does not pass the gate. Returns the notices for the thread.
 */
export async function enterPosition(parts: Parts, entry: Entry): Promise<QueuedNotice[] | Refusal> {
  const { symbol, quantity, side, limitPrice, stopPrice, expiresAt, isExtended } = entry
  const instrument = parts.market.instrument(symbol)
  if (!instrument)
    return new Refusal(
      'NOT_TRADED_HERE',
      `${symbol} is not traded here. Nothing was done.`,
      'Type `quote SYMBOL` to see what is',
    )
  const { venue } = await parts.venues.of(entry.accountId)
  // A venue that knows its own steps is asked below.
  const step = venue.instrument ? finestStep : instrument.lot
  if (quantity.lte(0) || !isMultiple(quantity, step)) {
    return new Refusal(
      'QUANTITY_BELOW_LOT',
      `The desk trades ${symbol} in steps of ${quantityText(step)}; ${quantity.toFixed()} does not fit. Nothing was done.`,
      'Use a quantity that does',
    )
  }
  const unfit = unfitLimit(entry, instrument, parts.clock.now())
  if (unfit) return unfit
  const quote = await parts.market.quote(symbol)
  const rests = limitPrice !== undefined || stopPrice !== undefined
  const unusable = rests ? undefined : noPrice(quote)
  if (unusable) return withoutPrice(symbol, unusable, 'Nothing was traded')
  const noStop = unfitStop(entry, quote, venue.capabilities) ?? unfitExtended(entry, venue.capabilities)
  if (noStop) return noStop
  const closed = rests || entry.waitsForOpen ? undefined : await refusedWhileClosed(parts, entry)
  if (closed) return closed
  const price = dearest(side, limitPrice ?? stopPrice, quote)
  const unfitThere = await unfitAtVenue(parts, { ...entry, price })
  if (unfitThere) return unfitThere
  await refreshBalance(parts, entry.accountId)
  const write = async (trx: Trx) => {
    await lockAccountRow(trx, entry.accountId)
    const units = (await entry.sized?.(trx, price)) ?? quantity
    if (units instanceof Refusal) return units
    const wanted = { ...entry, quantity: units, key: entry.clientOrderId, price }
    const refused =
      (await againstDoubt(trx, entry, venue.capabilities)) ??
      (await againstPosition(trx, entry, venue.capabilities)) ??
      (await passGate(trx, parts, wanted))
    if (refused) return refused
    const limit = limitPrice && { price: limitPrice, expiresAt }
    const number = rests ? await nextOrderNumber(trx, entry.accountId) : undefined
    const placed = await placeOpening(trx, {
      ...begunAt(parts.clock.now()),
      rests,
      clientOrderId: entry.clientOrderId,
      accountId: entry.accountId,
      memberId: entry.memberId,
      conversationId: entry.conversationId,
      purpose: 'open',
      symbol,
      side,
      quantity: units,
      expectedPrice: limitPrice ?? stopPrice ?? price,
      limit,
      stop: stopPrice,
      ...(isExtended && { isExtended }),
      number,
    })
    await keepEntryLevels(trx, placed.id, entry.levels ?? [])
    return placed
  }
  let order = await parts.db.transaction().execute(write)
  for (let attempt = 0; attempt < mostAttempts && isProtected(order); attempt++) {
    if (!(await takeBackProtection(parts, order.protectedId, becauseAdding))) break
    order = await parts.db.transaction().execute(write)
  }
  if (isProtected(order)) return protectionHolds(symbol, await atVenueOf(parts.db, order.protectedId))
  if (order instanceof Refusal) return order
  const told = await sendPlaced(parts, order)
  return entry.levels ? [...told, ...(await tellWaitingLevels(parts, order, entry.levels))] : told
}

/** Protection at the venue is of the other side than an order that adds, so it is taken back first. */
interface InTheWay {
  protectedId: number
}

/** How often it is taken back when another process has placed it anew meanwhile. */
const mostAttempts = 3
const becauseAdding = 'an order adds to the position'

const isProtected = (one: Refusal | InTheWay | OpeningOrder): one is InTheWay => 'protectedId' in one

/** The refusal of an order whose side would not open or add; undefined when it would. */
async function againstPosition(
  trx: Trx,
  { accountId, symbol, side, onto, limitPrice, stopPrice }: Entry,
  capabilities: VenueCapabilities,
): Promise<Refusal | InTheWay | undefined> {
  const position = await lockOpenPosition(trx, accountId, symbol)
  const rests = limitPrice !== undefined || stopPrice !== undefined
  if (onto !== undefined && position?.id !== onto) return anotherPosition(symbol)
  if (position && closingSide(position.signedQuantity) === side) {
    return new Refusal(
      'WOULD_EXIT',
      `You are ${positionText(position)}: an order to ${side} would take from it. Nothing was done.`,
      `\`trim ${symbol}\` or \`close ${symbol}\` first`,
    )
  }
  const wash = position && (await washTrade(trx, capabilities, { entersBeside: position.id }))
  if (wash) return wash
  if (position && rests && capabilities.isLinked && (await lockRunningScaleout(trx, position.id)))
    return washWithScaleout(symbol)
  if (position?.protectingQuantity.gt(0)) return { protectedId: position.id }
  return againstOpposite(trx, { accountId, symbol, side })
}

/** The refusal while an opening order of the other side is live; undefined when there is none. */
export async function againstOpposite(
  db: Db,
  { accountId, symbol, side }: Pick<Entry, 'accountId' | 'symbol' | 'side'>,
): Promise<Refusal | undefined> {
  const opposite = (await liveOpenings(db, accountId, symbol)).find((order) => order.side !== side)
  return opposite && oppositeOrder(symbol, opposite)
}
