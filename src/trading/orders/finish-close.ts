import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { availableQuantity, lockPosition, type Position } from '../positions/rows/positions.ts'
import { takeBackProtection } from '../protection/at-venue/take-back.ts'
import {
  endUnfinished,
  freedCloses,
  isChangedSince,
  lockUnfinished,
  noteTakenUp,
  type UnfinishedClose,
  unfinishedCloses,
} from '../protection/rows/unfinished-closes.ts'
import { isPastDeadline } from './deadline.ts'
import { takeBackAll } from './end-order.ts'
import { becauseClosed, type Exit, type ExitPlacement, goOn, placeIn } from './exit.ts'
import { quoteToExit } from './fresh-price.ts'
import { unfitLimit } from './limit.ts'
import type { CloseNotice } from './notices.ts'
import { liveOpenings } from './rows/opening-orders.ts'
import { findOrder } from './rows/orders.ts'
import { lockAccountRow, restingExits } from './rows/working-orders.ts'

/** After this many milliseconds an unfinished close counts as abandoned, because its process died while it took orders back. */
const abandonedAfterMs = 10_000
/** A starting market gets this many milliseconds to show a price; then the close is refused. */
const pricedWithinMs = 60_000

/** Finishes the closes of positions that wait for protection, or whose process died while it took orders back; for the sweep. */
export async function finishCloses(parts: Parts): Promise<void> {
  const before = new Date(parts.clock.now().getTime() - abandonedAfterMs)
  await finishAll(parts, await unfinishedCloses(parts.db, before))
}

/** Finishes a close that has waited until the venue gave the protection of its position back. */
export async function finishFreed(parts: Parts, positionId: number): Promise<void> {
  await finishAll(parts, await freedCloses(parts.db, positionId))
}

async function finishAll(parts: Parts, closes: UnfinishedClose[]): Promise<void> {
  for (const close of closes) {
    await finish(parts, close).catch((cause) =>
      parts.log.warn({ err: cause, position_id: close.positionId }, 'a close is not finished yet'),
    )
  }
}

/**
 * Takes back the orders from before the request, and writes the close order once the end of all of them is known. Only the
 * process that deletes the note does this, so two concurrent processes close once. If a person has changed the position since,
 * it stays open, and its thread is told.
 */
async function finish(parts: Parts, close: UnfinishedClose): Promise<void> {
  const { db, clock, venues } = parts
  const takenUpAt = await noteTakenUp(db, close, clock.now())
  const isLate = isPastDeadline(parts, close.askedAt)
  if (!isLate && !(await wasChanged(parts, close))) await takeBackOlder(parts, close)
  const quote = await quoteToExit(parts, close.symbol)
  const { venue } = await venues.of(close.accountId)
  const exit = exitOf(close)
  const placed = await db.transaction().execute(async (trx): Promise<ExitPlacement | undefined> => {
    if (close.limitPrice) await lockAccountRow(trx, close.accountId)
    const position = await lockPosition(trx, close.positionId)
    if (!(await lockUnfinished(trx, close))) return undefined
    const isOver = position.signedQuantity.eq(0) || (await findOrder(trx, close.clientOrderId)) !== undefined
    const against = isOver ? undefined : await reasonAgainst(trx, parts, close, position)
    const result = isOver || against ? undefined : await placeIn(trx, parts, exit, quote, true, venue.capabilities)
    if (result instanceof Refusal ? isToWaitFor(result, takenUpAt, clock.now()) : result?.kind === 'protected')
      return undefined
    await endUnfinished(trx, close)
    const notice = result instanceof Refusal ? notDone(close, result) : against
    if (notice) {
      const { conversationId, accountId } = close
      await queueNotice(trx, parts, { conversationId, accountId, at: clock.now() }, notice, 'outbox')
    }
    return result instanceof Refusal ? undefined : result
  })
  if (placed?.kind === 'ordered') await goOn(parts, exit, placed)
  await wakeReplies(parts, [close.conversationId])
}

/** Should the close wait? It does while other orders may still take the position, or while a market is starting. */
function isToWaitFor({ code }: Refusal, takenUpAt: Date, now: Date): boolean {
  if (code === 'NO_FRESH_PRICE') return now.getTime() - takenUpAt.getTime() < pricedWithinMs
  return code === 'QUANTITY_IN_FLIGHT' || code === 'QUANTITY_HELD_BY_ORDERS'
}

function notDone({ symbol }: UnfinishedClose, refusal: Refusal): CloseNotice {
  return { kind: 'close.refused', symbol, refusal }
}

/** The notice for the thread of a close that is no longer done; undefined when nothing prevents it. */
async function reasonAgainst(
  trx: Trx,
  parts: Parts,
  close: UnfinishedClose,
  position: Position,
): Promise<CloseNotice | undefined> {
  if (await isChangedSince(trx, close, position)) return { kind: 'close.overtaken', position }
  if (isPastDeadline(parts, close.askedAt)) {
    return { kind: 'close.too_late', close, deadlineMs: parts.exitDeadlineMs, position }
  }
  const instrument = parts.market.instrument(close.symbol)
  const unfit = instrument && unfitLimit(close, instrument, parts.clock.now())
  return unfit && notDone(close, unfit)
}

async function wasChanged({ db }: Parts, close: UnfinishedClose): Promise<boolean> {
  return db.transaction().execute(async (trx) => isChangedSince(trx, close, await lockPosition(trx, close.positionId)))
}

async function takeBackOlder(parts: Parts, { positionId, accountId, symbol, askedAt }: UnfinishedClose): Promise<void> {
  const all = await Promise.all([restingExits(parts.db, positionId), liveOpenings(parts.db, accountId, symbol)])
  const older = all.flat().filter(({ createdAt }) => createdAt <= askedAt)
  await Promise.all([
    takeBackAll(parts, older, becauseClosed, { postedBy: 'outbox' }),
    takeBackProtection(parts, positionId, becauseClosed),
  ])
}

function exitOf(close: UnfinishedClose): Exit {
  return { ...close, purpose: 'close', quantity: allThatIsFree, postedBy: 'outbox' }
}

function allThatIsFree(position: Position) {
  const available = availableQuantity(position)
  const isFree = available.gt(0) && position.restingQuantity.eq(0) && position.protectingQuantity.eq(0)
  return isFree ? available : new Refusal('QUANTITY_IN_FLIGHT', `All of ${position.symbol} is already on its way out.`)
}
