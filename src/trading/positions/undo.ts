import { Big } from '../../base/amounts.ts'
import { priceText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import { refusedWhileHalted } from '../accounts/halted.ts'
import { moveDayStart } from '../accounts/rows/day-equity.ts'
import { appendEvent } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { QueuedNotice } from '../notice.ts'
import { oppositeOrder } from '../orders/order-refusals.ts'
import { liveOpenings } from '../orders/rows/opening-orders.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { cancelPartLevels, setPartLevel } from '../protection/rows/part-levels.ts'
import {
  cancelProtectiveOrder,
  type Level,
  lockProtection,
  protectionOf,
  setProtectiveOrder,
  trailFrom,
} from '../protection/rows/protective-orders.ts'
import { reasonAgainst } from '../protection/wanted-level.ts'
import { giveBackExternal } from '../reconcile/claim-external.ts'
import { runningScaleout } from '../scaleouts/rows/scaleouts.ts'
import type { PositionNotice } from './notices.ts'
import { lockOpenPosition, lockPosition, openPosition, type Position, savePosition } from './rows/positions.ts'
import { isUndone, type KeptLevel, type KeptPart, noteUndone, type Undoable, voidRecorded } from './rows/undoables.ts'
import { closingSide, flat, type Holding, type Side } from './rules/position.ts'

/** A request of a member to undo something. */
export interface Undo {
  memberId: number
  conversationId: number
  undoable: Undoable
}

/** The result of an undo: the ids of the positions, for the monitors, and the notices. */
export interface UndoResult {
  positionIds: number[]
  notices: QueuedNotice<PositionNotice>[]
}

/**
 * Undoes a recording or a change of levels, once, as long as the position has not changed since. It deletes the fills of the
 * recording, so that the fills of a position stay its complete history.
 */
export async function undo(parts: Parts, { undoable, memberId, conversationId }: Undo): Promise<UndoResult | Refusal> {
  const at = parts.clock.now()
  const quote = await marksOf(parts.market).quote(undoable.symbol)
  const result = await parts.db.transaction().execute(async (trx) => {
    const positions =
      undoable.kind === 'record' ? await unrecord(trx, undoable, quote, at) : await unset(trx, undoable, quote, at)
    if (positions instanceof Refusal) return positions
    const position = positions[0]!
    const { accountId, symbol, what } = undoable
    const protection = await protectionOf(trx, position.id)
    const undone = { kind: 'position.undone' as const, what, position, protection, price: quote?.last }
    const told = await queueNotice(trx, parts, { conversationId, accountId, at }, undone, 'door')
    const watching = await appendEvent(trx, parts, {
      type: 'undone',
      data: { what },
      ...{ symbol, accountId, memberId, positionId: position.id, conversationId, at },
      dedupeKey: `undone-${undoable.id}`,
    })
    return { positionIds: positions.map(({ id }) => id), notices: [told], watching }
  })
  if (result instanceof Refusal) return result
  await wakeReplies(parts, result.watching)
  return result
}

/** Restores the positions from before a recording. The position that is open now comes first. */
async function unrecord(
  trx: Trx,
  undoable: Undoable & { kind: 'record' },
  quote: Quote | undefined,
  at: Date,
): Promise<Position[] | Refusal> {
  const { accountId, memberId, conversationId, symbol, state } = undoable
  const halted = await refusedWhileHalted(trx, accountId)
  if (halted) return halted
  // Lock the older position first: every transaction locks positions in this order.
  const earlier = state.before && state.before.positionId !== state.positionId ? state.before : undefined
  const old = earlier && (await lockPosition(trx, earlier.positionId))
  const position = await lockPosition(trx, state.positionId)
  const open = await openPosition(trx, accountId, symbol)
  if (await isUndone(trx, undoable.id)) return undoneAlready(undoable)
  const isOther = open !== undefined && open.id !== position.id
  if (isOther || position.version !== state.version || (await runningScaleout(trx, position.id))) {
    return movedOn(undoable)
  }
  const before = state.before && {
    signedQuantity: new Big(state.before.signedQuantity),
    openCost: new Big(state.before.openCost),
    realizedPnl: new Big(state.before.realizedPnl),
  }
  const against = before && (await liveOpenings(trx, accountId, symbol)).find(({ side }) => closes(before, side))
  if (against) return oppositeOrder(symbol, against)
  const lostParts = state.lostParts ?? []
  const passed = before && passedIn([...state.lost, ...lostParts], { ...position, ...before }, quote)
  if (passed) return passedMeanwhile(undoable, passed)
  await noteUndone(trx, undoable.id, at)
  await voidRecorded(trx, state.clientOrderIds)
  const now = await savePosition(trx, position, before && !old ? before : flat, at)
  const stands = old && before ? await savePosition(trx, old, before, at) : now
  const after = before?.signedQuantity ?? flat.signedQuantity
  await giveBackExternal(trx, accountId, symbol, after.minus(position.signedQuantity), at)
  for (const kept of state.lost) {
    await setProtectiveOrder(trx, stands, { ...levelFrom(kept), memberId, conversationId }, at)
  }
  for (const kept of lostParts) await setPartLevel(trx, stands, { ...partFrom(kept), memberId, conversationId }, at)
  await moveDayStart(trx, accountId, new Big(state.brought).neg(), at)
  return stands === now ? [now] : [stands, now]
}

/** Restores the levels from before they were set or taken away. */
async function unset(
  trx: Trx,
  undoable: Undoable & { kind: 'levels' },
  quote: Quote | undefined,
  at: Date,
): Promise<Position[] | Refusal> {
  const { accountId, memberId, conversationId, symbol, state } = undoable
  const position = await lockOpenPosition(trx, accountId, symbol)
  if (!position || position.id !== state.positionId) return movedOn(undoable)
  const protection = await lockProtection(trx, position.id)
  if (await isUndone(trx, undoable.id)) return undoneAlready(undoable)
  if (state.levels.some(({ kind, isNow }) => (protection[kind]?.id ?? null) !== isNow)) return movedOn(undoable)
  const { set = [], ended = [] } = state.parts ?? {}
  const setNow = set.flatMap((id) => protection.parts?.find((level) => level.id === id) ?? [])
  const isTaken = ended.some(({ kind, price }) =>
    protection.parts?.some((one) => one.kind === kind && one.price.eq(price) && !setNow.includes(one)),
  )
  if (setNow.length < set.length || isTaken) return movedOn(undoable)
  const before = state.levels.flatMap(({ was }) => (was ? [was] : []))
  const passed = passedIn([...before, ...ended], position, quote)
  if (passed) return passedMeanwhile(undoable, passed)
  await noteUndone(trx, undoable.id, at)
  for (const { kind, was } of state.levels) {
    const current = protection[kind]
    if (was) await setProtectiveOrder(trx, position, { ...levelFrom(was), memberId, conversationId }, at)
    else if (current) await cancelProtectiveOrder(trx, current, 'undone', at)
  }
  await cancelPartLevels(trx, position.id, setNow, 'undone', at)
  for (const kept of ended) await setPartLevel(trx, position, { ...partFrom(kept), memberId, conversationId }, at)
  return [position]
}

/** A level that the present price would touch at once. */
function passedIn(
  levels: (KeptLevel | KeptPart)[],
  position: Position,
  quote: Quote | undefined,
): KeptLevel | KeptPart | undefined {
  return levels.find((was) => quote && reasonAgainst(position, { ...levelFrom(was), at: 'price' }, quote))
}

const closes = ({ signedQuantity }: Holding, side: Side) => side === closingSide(signedQuantity)

function levelFrom({ kind, price, trail }: KeptLevel): Pick<Level, 'kind' | 'price' | 'trail'> {
  const kept = { kind, price: new Big(price) }
  return trail ? { ...kept, trail: trailFrom(trail.share, trail.bestPrice, trail.dollars ?? null) } : kept
}

function partFrom({ kind, price, quantity }: KeptPart) {
  return { kind, price: new Big(price), quantity: new Big(quantity) }
}

/** The refusal of a second undo. */
export function undoneAlready({ what }: Pick<Undoable, 'what'>): Refusal {
  const sentence = `The last thing you did, ${what}, is undone already. Nothing was done.`
  return new Refusal('UNDONE_ALREADY', sentence, 'Only the last one can be undone; `positions` shows where you are')
}

function movedOn({ what, symbol }: Undoable): Refusal {
  const sentence = `${symbol} has moved on since: ${what} cannot be undone any more. Nothing was done.`
  return new Refusal('POSITION_CHANGED', sentence, '`positions` shows where you are')
}

function passedMeanwhile({ what }: Undoable, { kind, price }: KeptLevel | KeptPart): Refusal {
  const sentence = `The ${kind} was ${priceText(new Big(price))} before, and the price has passed that: ${what} cannot be undone. Nothing was done.`
  return new Refusal('LEVEL_PASSED', sentence, `Set another ${kind}, or \`close\``)
}
