import { type Big, least, sum } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import type { Quote } from '../../market/market.ts'
import type { VenueCapabilities, VenueRefusalCode } from '../../venues/venue.ts'
import type { PostedBy } from '../events/rows/replies.ts'
import type { QueuedNotice } from '../notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { availableQuantity, lockOpenPosition, lockPosition, type Position } from '../positions/rows/positions.ts'
import { averageEntryPrice, closingSide } from '../positions/rules/position.ts'
import { becauseSold, takeBackProtection } from '../protection/at-venue/take-back.ts'
import { pushClose } from '../protection/close-now/give-up.ts'
import { atVenueOf, isUncertain } from '../protection/rows/at-venue.ts'
import { liveClosings } from '../protection/rows/closings.ts'
import { endUnfinished, noteUnfinished, noteWaiting } from '../protection/rows/unfinished-exits.ts'
import { noPosition } from '../scaleouts/begin.ts'
import { cancelScaleout } from '../scaleouts/cancel-scaleout.ts'
import { groupsOfPositions, lockGroups } from '../scaleouts/rows/scaleout-groups.ts'
import { lockRunningScaleout } from '../scaleouts/rows/scaleouts.ts'
import { isPastDeadline } from './deadline.ts'
import { takeBackAll, takeBackExits } from './end-order.ts'
import type { ExitPlacement } from './exit-placement.ts'
import { notePart, partOf, replaceWaiting, wantedOf } from './exit-waits.ts'
import { noPrice, quoteToExit, withoutPrice } from './fresh-price.ts'
import { availableFor } from './held.ts'
import { inTheWayOf, takeBackInTheWay } from './in-the-way.ts'
import { type LimitWanted, unfitLimit } from './limit.ts'
import { exitNotSent } from './order-refusals.ts'
import { liveOpenings } from './rows/opening-orders.ts'
import { type AnyOrder, findOrder, type Order, placeExit } from './rows/orders.ts'
import { lockAccountRow, nextOrderNumber } from './rows/working-orders.ts'
import { isLive, leftOf } from './rules/order-lifecycle.ts'
import { sendPlacedOnce } from './send-placed.ts'
import { unfitStop } from './stop.ts'
import { refusedWhileClosed } from './venue-hours.ts'
import { unfitExtended } from './venue-terms.ts'
import { washTrade } from './wash-trade.ts'

/** A request to exit. A second request with the same `clientOrderId` is the same order. */
export interface Exit extends LimitWanted {
  clientOrderId: string
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  purpose: 'close' | 'trim'
  /** The quantity to exit, given the open position; a refusal when the request makes no sense. */
  quantity: (position: Position) => Big | Refusal
  /** The member knows that the venue is closed: an order at the market waits there for the open. */
  waitsForOpen?: boolean
  /** The exit is for everything open, whatever that is in the end. After a crash the sweep finishes it. */
  isAll?: boolean
  /** Its number within the account, when it has waited with one. */
  number?: number
  /** The poster of the replies; defaults to the door that heard the request. */
  postedBy?: PostedBy
}

/**
 * Sells (or buys back), at the market now, or with a limit that may rest at the venue. A close first takes back resting exits
 * and opening orders, and ends a running scaleout. It never takes more than is open and free of other orders. While the venue does
 * not give back the order that protects the position there, the exit waits, and is sent as soon as it has. Returns the notices for the
 * thread.
 */
export async function exitPosition(parts: Parts, exit: Exit): Promise<QueuedNotice[] | Refusal> {
  const closed = await refusedAtClosedVenue(parts, exit)
  if (closed) return closed
  const placed = await placeFreed(parts, exit)
  return isHeld(placed) ? exitHeld(parts, exit, placed) : goOnOrWait(parts, exit, placed)
}

/** The refusal of an exit at the market while the venue is closed, unless its member knows that it waits for the open. */
async function refusedAtClosedVenue(parts: Parts, exit: Exit): Promise<Refusal | undefined> {
  const rests = exit.limitPrice !== undefined || exit.stopPrice !== undefined
  return rests || exit.waitsForOpen ? undefined : refusedWhileClosed(parts, exit)
}

/** Places an exit; before a part of a position is sold, its protection at the venue is taken back. The rest is protected again. */
async function placeFreed(parts: Parts, exit: Exit): Promise<ExitPlacement | Refusal> {
  const placed = await place(parts, exit, false)
  if (placed instanceof Refusal || placed.kind !== 'protected') return placed
  await takeBackProtection(parts, placed.positionId, becauseSold)
  return place(parts, exit, true)
}

/** Takes back the orders in the way, and then exits. */
async function exitHeld(
  parts: Parts,
  exit: Exit,
  { positionId, openings, ended }: ExitPlacement & { kind: 'held' },
): Promise<QueuedNotice[] | Refusal> {
  const say = { postedBy: exit.postedBy ?? ('door' as const), conversationId: exit.conversationId }
  const [taken, opening] = await Promise.all([
    takeBackExits(parts, positionId, becauseClosed, say),
    takeBackAll(parts, openings, becauseClosed, say),
    takeBackProtection(parts, positionId, becauseClosed),
  ])
  if (ended) await wakeReplies(parts, ended.conversations)
  const notices = [
    ...(ended && !exit.postedBy ? [ended.told] : []),
    ...taken.notices,
    ...opening.notices,
    ...opening.orders
      .filter(isLive)
      .map((order) => ({ notice: { kind: 'order.cancel_unconfirmed' as const, order, opensAgain: true } })),
  ]
  // The venue did not give everything back; close the rest now.
  const wanted = withMore(exit, sum(opening.orders.map((order, index) => filledSince(openings[index]!, order))))
  const rest = await goOnOrWait(parts, wanted, await place(parts, wanted, true))
  if (!(rest instanceof Refusal)) return [...notices, ...rest]
  if (notices.length === 0) return rest
  return rest.code === 'NO_POSITION' ? notices : [...notices, { notice: { kind: 'close.rest_refused', refusal: rest } }]
}

/** Goes on with an exit, or tells that it waits, when the venue has not given back the protection of its position. */
async function goOnOrWait(
  parts: Parts,
  exit: Exit,
  placed: ExitPlacement | Refusal,
): Promise<QueuedNotice[] | Refusal> {
  if (placed instanceof Refusal || placed.kind !== 'protected' || !placed.waits) return goOn(parts, exit, placed)
  const isUnconfirmed = isUncertain(await atVenueOf(parts.db, placed.positionId))
  return [{ notice: { kind: 'close.waits', ...placed.waits, isUnconfirmed, deadlineMs: parts.exitDeadlineMs } }]
}

/** Is the exit noted while other orders are taken back for it? */
const isNoted = ({ isAll, purpose }: Exit) => isAll || purpose === 'trim'

const filledSince = (before: AnyOrder, now: AnyOrder) => now.filledQuantity.minus(before.filledQuantity)

/** Adds the fills of orders that were being taken back to an exit of everything, since a member who closes wants to be flat. */
function withMore(exit: Exit, more: Big): Exit {
  if (!exit.isAll || more.lte(0)) return exit
  return {
    ...exit,
    quantity(position) {
      const wanted = exit.quantity(position)
      return wanted instanceof Refusal ? wanted : least(wanted.plus(more), availableQuantity(position))
    },
  }
}

/**
 * Exits several positions at once. One transaction writes all their orders before the first is sent, so that the sweep finds
 * all of them after a crash. If resting orders have to be taken back first, the transaction notes an unfinished close, and its
 * order follows last. Returns the results in the order of the exits.
 */
export async function exitPositions(
  parts: Parts,
  exits: (Exit & { positionId: number })[],
): Promise<(QueuedNotice[] | Refusal)[]> {
  const quotes = await Promise.all(exits.map(({ symbol }) => quoteToExit(parts, symbol)))
  const there = await Promise.all(exits.map(({ accountId }) => parts.venues.of(accountId)))
  const closed = await Promise.all(exits.map((exit) => refusedAtClosedVenue(parts, exit)))
  const placed = await parts.db.transaction().execute(async (trx) => {
    const ids = exits.map(({ positionId }) => positionId).sort((a, b) => a - b)
    for (const id of ids) await lockPosition(trx, id)
    const groups = await groupsOfPositions(trx, ids)
    if (groups.length > 0) await lockGroups(trx, groups)
    const all: (ExitPlacement | Refusal)[] = []
    for (const [index, exit] of exits.entries())
      all.push(
        closed[index] ?? (await placeIn(trx, parts, exit, quotes[index], false, there[index]!.venue.capabilities)),
      )
    return all
  })
  const done = new Map<number, QueuedNotice[] | Refusal>()
  for (const [index, one] of placed.entries()) {
    if (!isHeld(one)) done.set(index, await goOn(parts, exits[index]!, one))
  }
  for (const [index, one] of placed.entries()) {
    if (isHeld(one)) done.set(index, await exitHeld(parts, exits[index]!, one))
  }
  return exits.map((_, index) => done.get(index)!)
}

function isHeld(placed: ExitPlacement | Refusal): placed is ExitPlacement & { kind: 'held' } {
  return !(placed instanceof Refusal) && placed.kind === 'held'
}

/** Sends the placed order, or pushes a close that is under way. Returns the notices for the thread. */
export async function goOn(
  parts: Parts,
  exit: Exit,
  placed: ExitPlacement | Refusal,
): Promise<QueuedNotice[] | Refusal> {
  if (placed instanceof Refusal) return placed
  if (placed.kind === 'ordered before') return []
  if (placed.kind === 'held' || placed.kind === 'protected') throw new Error('orders that rest were looked at twice')
  if (placed.kind === 'closing') {
    const pushed = await pushClose(parts, placed.positionId)
    return pushed ? [{ notice: pushed }] : exitPosition(parts, exit)
  }
  const { order, ended, isClosing } = placed
  const { notices, code } = await sendPlacedOnce(parts, order, exit.postedBy)
  if (code) notices.push(...(await afterRefusal(parts, exit, order, code)))
  const pushed = isClosing ? await pushClose(parts, order.positionId) : undefined
  if (pushed) notices.push({ notice: pushed })
  if (ended)
    await wakeReplies(
      parts,
      ended.conversations.filter((id) => id !== exit.conversationId),
    )
  return [...(ended ? [ended.told] : []), ...notices]
}

/** The end of the client id of a close that is sent again after orders of others were taken back for it: those of one side, then of the other. */
const clearedEnding = '-cleared'
const mostCleared = `${clearedEnding}${clearedEnding}`

/**
 * The broker has refused an exit for orders that the desk does not follow. A close at the market takes them back, and is sent again; any other exit
 * names them.
 */
async function afterRefusal(parts: Parts, exit: Exit, order: Order, code: VenueRefusalCode): Promise<QueuedNotice[]> {
  const { symbol } = order
  const isUrgent = exit.purpose === 'close' && exit.limitPrice === undefined && exit.stopPrice === undefined
  if (!isUrgent || exit.clientOrderId.endsWith(mostCleared)) {
    const orders = await inTheWayOf(parts, order, code)
    return orders.length > 0 ? [{ notice: { kind: 'order.others_in_the_way', symbol, orders, isBroken: true } }] : []
  }
  const taken = await takeBackInTheWay(parts, order, code)
  if (taken.gone.length + taken.left.length === 0) return []
  const told = { notice: { kind: 'order.others_taken_back' as const, symbol, ...taken, isForExit: true } }
  if (taken.gone.length === 0) return [told]
  const again = await exitPosition(parts, { ...exit, clientOrderId: `${exit.clientOrderId}${clearedEnding}` })
  return [
    told,
    ...(again instanceof Refusal ? [{ notice: { kind: 'close.rest_refused' as const, refusal: again } }] : again),
  ]
}

async function place(parts: Parts, exit: Exit, leavesResting: boolean): Promise<ExitPlacement | Refusal> {
  const { symbol } = exit
  const quote = await quoteToExit(parts, symbol)
  const instrument = parts.market.instrument(symbol)
  const unfit = instrument && unfitLimit(exit, instrument, parts.clock.now())
  if (unfit) return unfit
  const { venue } = await parts.venues.of(exit.accountId)
  const { capabilities } = venue
  return parts.db.transaction().execute(async (trx) => {
    // One that waits for protection gets a number, too.
    const mayGetNumber = exit.limitPrice ?? exit.stopPrice ?? (leavesResting && capabilities.isLinked)
    if (mayGetNumber) await lockAccountRow(trx, exit.accountId)
    if (!leavesResting || !isNoted(exit)) return placeIn(trx, parts, exit, quote, leavesResting, capabilities)
    const position = await lockOpenPosition(trx, exit.accountId, symbol)
    // The sweep took this process for dead and finished the exit meanwhile, or its member has taken it back.
    const noted = await endUnfinished(trx, exit)
    if (!noted) return { kind: 'ordered before' }
    if (isPastDeadline(parts, noted.askedAt)) return exitNotSent(wantedOf(noted), parts.exitDeadlineMs)
    const part = noted.quantity && { quantity: partOf(noted, noted.quantity) }
    const placed = await placeIn(trx, parts, { ...exit, ...part }, quote, leavesResting, capabilities)
    if (placed instanceof Refusal || placed.kind !== 'protected' || !position) return placed
    const now = parts.clock.now()
    if (exit.isAll) await replaceWaiting(trx, parts, position, now)
    const number = await nextOrderNumber(trx, exit.accountId)
    await noteWaiting(trx, noted, position, { askedAt: noted.askedAt, now, number })
    return { ...placed, waits: { exit: wantedOf(noted), number, heldQuantity: position.protectingQuantity } }
  })
}

/** Writes the order of an exit, or returns the refusal. With `leavesResting` it takes nothing back first. */
export async function placeIn(
  trx: Trx,
  parts: Parts,
  exit: Exit,
  quote: Quote | undefined,
  leavesResting: boolean,
  capabilities: Pick<VenueCapabilities, 'canStop' | 'canExtend' | 'isLinked'>,
): Promise<ExitPlacement | Refusal> {
  const { limitPrice, stopPrice, expiresAt, symbol } = exit
  const position = await lockOpenPosition(trx, exit.accountId, symbol)
  if (!position) return noPosition(symbol)
  const closes = exit.purpose === 'close'
  const closings = closes && position.workingQuantity.gt(0) ? await liveClosings(trx, position.id) : []
  const isClosing = closings.length > 0
  const openings = closes && !leavesResting ? await liveOpenings(trx, exit.accountId, symbol) : []
  const resting = position.restingQuantity.minus(sum(closings.filter(({ rests }) => rests).map(leftOf)))
  const isProtected = position.protectingQuantity.gt(0)
  const isInTheWay = closes && !leavesResting && (resting.gt(0) || openings.length > 0 || isProtected)
  const isLeft = isInTheWay || availableQuantity(position).gt(0)
  const rests = limitPrice !== undefined || stopPrice !== undefined
  // A broker sells at the market without a price of the desk's.
  const unusable = rests || capabilities.isLinked ? undefined : noPrice(quote)
  // The desk is closing at the market already, so a person cannot add a limit order.
  if (isClosing && (rests || unusable || !isLeft)) return { kind: 'closing', positionId: position.id }
  // Orders taken back before may have been partly filled, so do not say that nothing was sold.
  if (unusable) return withoutPrice(symbol, unusable, leavesResting ? undefined : 'Nothing was sold')
  const noStop = unfitStop({ ...exit, side: closingSide(position.signedQuantity) }, quote, capabilities)
  if (noStop) return noStop
  const notExtended = unfitExtended(exit, capabilities)
  if (notExtended) return notExtended
  // A close takes them back; a part with a limit would rest on the other side of them.
  const wash = closes ? undefined : await washTrade(trx, capabilities, { exits: { accountId: exit.accountId, symbol } })
  if (wash) return wash
  if (isProtected && !isInTheWay)
    return leavesResting ? { kind: 'protected', positionId: position.id } : notePart(trx, parts, exit, position)
  if (isInTheWay) {
    if (await findOrder(trx, exit.clientOrderId)) return { kind: 'ordered before' }
    if (exit.isAll) await noteUnfinished(trx, { ...exit, quantity: undefined }, position, parts.clock.now())
    // End the scaleout first: its chunks would take the quantity that is being taken back.
    const ended = await endScaleoutOf(trx, parts, exit, position, parts.clock.now())
    return { kind: 'held', positionId: position.id, openings, ended }
  }
  const wanted = await availableFor(trx, exit, position)
  if (wanted instanceof Refusal) return wanted
  const at = parts.clock.now()
  if (exit.isAll) await replaceWaiting(trx, parts, position, at)
  const ended = closes ? await endScaleoutOf(trx, parts, exit, position, at) : undefined
  const seen = position.signedQuantity.gt(0) ? quote?.bid : quote?.ask
  const expectedPrice = limitPrice ?? stopPrice ?? seen ?? averageEntryPrice(position)
  const limit = limitPrice && { price: limitPrice, expiresAt }
  const number = rests ? (exit.number ?? (await nextOrderNumber(trx, exit.accountId))) : undefined
  const placed = { ...exit, quantity: wanted, expectedPrice, limit, stop: stopPrice, number }
  const order = await placeExit(trx, position, placed, at)
  return { kind: 'ordered', order, ended, isClosing }
}

async function endScaleoutOf(
  trx: Trx,
  parts: Parts,
  { postedBy = 'door', conversationId }: Exit,
  position: Position,
  at: Date,
) {
  const scaleout = await lockRunningScaleout(trx, position.id)
  return scaleout && cancelScaleout(trx, parts, scaleout, position, becauseClosed, at, { postedBy, conversationId })
}

/** The reason for taking back resting orders. */
export const becauseClosed = 'the position is being closed'
