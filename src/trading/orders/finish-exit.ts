import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { availableQuantity, lockPosition, type Position } from '../positions/rows/positions.ts'
import { becauseSold, takeBackProtection } from '../protection/at-venue/take-back.ts'
import {
  endUnfinished,
  freedExits,
  isChangedSince,
  lockUnfinished,
  noteTakenUp,
  type UnfinishedExit,
  unfinishedExits,
} from '../protection/rows/unfinished-exits.ts'
import { noPosition } from '../scaleouts/begin.ts'
import { isPastDeadline } from './deadline.ts'
import { takeBackAll } from './end-order.ts'
import { becauseClosed, type Exit, goOn, placeIn } from './exit.ts'
import type { ExitPlacement } from './exit-placement.ts'
import { partOf, wantedOf } from './exit-waits.ts'
import { quoteToExit } from './fresh-price.ts'
import { unfitLimit } from './limit.ts'
import type { CloseNotice } from './notices.ts'
import { liveOpenings } from './rows/opening-orders.ts'
import { findOrder } from './rows/orders.ts'
import { lockAccountRow, restingExits } from './rows/working-orders.ts'
import { refusedWhileClosed } from './venue-hours.ts'

/** After this many milliseconds an unfinished exit counts as abandoned, because its process died while it took orders back. */
const abandonedAfterMs = 10_000
/** A starting market gets this many milliseconds to show a price; then the exit is refused. */
const pricedWithinMs = 60_000

/** Finishes the exits that wait for protection, or whose process died while it took orders back; for the sweep. */
export async function finishExits(parts: Parts): Promise<void> {
  const before = new Date(parts.clock.now().getTime() - abandonedAfterMs)
  await finishAll(parts, await unfinishedExits(parts.db, before))
}

/** Finishes the exits that have waited until the venue gave the protection of their position back. */
export async function finishFreed(parts: Parts, positionId: number): Promise<void> {
  await finishAll(parts, await freedExits(parts.db, positionId))
}

async function finishAll(parts: Parts, all: UnfinishedExit[]): Promise<void> {
  for (const one of all) {
    await finish(parts, one).catch((cause) =>
      parts.log.warn({ err: cause, position_id: one.positionId }, 'an exit is not finished yet'),
    )
  }
}

/**
 * Takes back the orders from before the request, and writes the order of the exit once the end of all of them is known. Only the
 * process that deletes the note does this, so two concurrent processes exit once. If a person has changed the position since,
 * it stays open, and its thread is told.
 */
async function finish(parts: Parts, noted: UnfinishedExit): Promise<void> {
  const { db, clock, venues } = parts
  const takenUpAt = await noteTakenUp(db, noted, clock.now())
  const isLate = isPastDeadline(parts, noted.askedAt)
  if (!isLate && !(await wasChanged(parts, noted))) await takeBackOlder(parts, noted)
  const quote = await quoteToExit(parts, noted.symbol)
  const { venue } = await venues.of(noted.accountId)
  const exit = exitOf(noted)
  const rests = noted.limitPrice !== undefined || noted.stopPrice !== undefined
  const closed = rests || noted.waitsForOpen ? undefined : await refusedWhileClosed(parts, noted)
  const placed = await db.transaction().execute(async (trx): Promise<ExitPlacement | undefined> => {
    if (rests) await lockAccountRow(trx, noted.accountId)
    const position = await lockPosition(trx, noted.positionId)
    if (!(await lockUnfinished(trx, noted))) return undefined
    const isOver = (await findOrder(trx, noted.clientOrderId)) !== undefined || isFlatAsWanted(noted, position)
    const against = isOver ? undefined : await reasonAgainst(trx, parts, noted, position, closed)
    const result = isOver || against ? undefined : await placeIn(trx, parts, exit, quote, true, venue.capabilities)
    if (result instanceof Refusal ? isToWaitFor(result, takenUpAt, clock.now()) : result?.kind === 'protected')
      return undefined
    await endUnfinished(trx, noted)
    const notice = result instanceof Refusal ? notDone(noted, result) : against
    if (notice) {
      const { conversationId, accountId } = noted
      await queueNotice(trx, parts, { conversationId, accountId, at: clock.now() }, notice, 'outbox')
    }
    return result instanceof Refusal ? undefined : result
  })
  if (placed?.kind === 'ordered') await goOn(parts, exit, placed)
  await wakeReplies(parts, [noted.conversationId])
}

/** A close is done when nothing is open; a part is told that nothing is left for it. */
const isFlatAsWanted = ({ quantity }: UnfinishedExit, { signedQuantity }: Position) =>
  quantity === undefined && signedQuantity.eq(0)

/** Should the exit wait? It does while other orders may still take the position, or while a market is starting. */
function isToWaitFor({ code }: Refusal, takenUpAt: Date, now: Date): boolean {
  if (code === 'NO_FRESH_PRICE') return now.getTime() - takenUpAt.getTime() < pricedWithinMs
  return code === 'QUANTITY_IN_FLIGHT' || code === 'QUANTITY_HELD_BY_ORDERS'
}

function notDone(noted: UnfinishedExit, refusal: Refusal): CloseNotice {
  return { kind: 'close.refused', exit: wantedOf(noted), refusal }
}

/** The notice for the thread of an exit that is no longer done; undefined when nothing prevents it. `closed`: its venue is, as a refusal. */
async function reasonAgainst(
  trx: Trx,
  parts: Parts,
  noted: UnfinishedExit,
  position: Position,
  closed: Refusal | undefined,
): Promise<CloseNotice | undefined> {
  if (position.signedQuantity.eq(0)) return notDone(noted, noPosition(noted.symbol))
  const exit = wantedOf(noted)
  if (await isChangedSince(trx, noted, position)) return { kind: 'close.overtaken', exit, position }
  if (isPastDeadline(parts, noted.askedAt))
    return { kind: 'close.too_late', exit, deadlineMs: parts.exitDeadlineMs, position }
  const instrument = parts.market.instrument(noted.symbol)
  const unfit = closed ?? (instrument && unfitLimit(noted, instrument, parts.clock.now()))
  return unfit && notDone(noted, unfit)
}

async function wasChanged({ db }: Parts, noted: UnfinishedExit): Promise<boolean> {
  return db.transaction().execute(async (trx) => isChangedSince(trx, noted, await lockPosition(trx, noted.positionId)))
}

/** A part leaves the orders alone that rest or open beside it. */
async function takeBackOlder(parts: Parts, noted: UnfinishedExit): Promise<void> {
  const { positionId, accountId, symbol, askedAt, quantity } = noted
  if (quantity) {
    await takeBackProtection(parts, positionId, becauseSold)
    return
  }
  const all = await Promise.all([restingExits(parts.db, positionId), liveOpenings(parts.db, accountId, symbol)])
  const older = all.flat().filter(({ createdAt }) => createdAt <= askedAt)
  await Promise.all([
    takeBackAll(parts, older, becauseClosed, { postedBy: 'outbox' }),
    takeBackProtection(parts, positionId, becauseClosed),
  ])
}

function exitOf(noted: UnfinishedExit): Exit {
  const { quantity } = noted
  const what = quantity
    ? { purpose: 'trim' as const, quantity: partOf(noted, quantity) }
    : { purpose: 'close' as const, quantity: allThatIsFree }
  return { ...noted, ...what, postedBy: 'outbox' }
}

function allThatIsFree(position: Position) {
  const available = availableQuantity(position)
  const isFree = available.gt(0) && position.restingQuantity.eq(0) && position.protectingQuantity.eq(0)
  return isFree ? available : new Refusal('QUANTITY_IN_FLIGHT', `All of ${position.symbol} is already on its way out.`)
}
