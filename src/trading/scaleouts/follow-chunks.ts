import { least, sum, zero } from '../../base/amounts.ts'
import type { Trx } from '../../infra/db/client.ts'
import { type editRow, postRow } from '../events/rows/replies.ts'
import type { KeyedEvent } from '../events/rows/watch-events.ts'
import { about } from '../orders/about.ts'
import type { AppliedNews, Execution } from '../orders/apply-news.ts'
import type { Order } from '../orders/rows/orders.ts'
import { isLive, leftOf } from '../orders/rules/order-lifecycle.ts'
import type { Parts } from '../parts.ts'
import { availableQuantity, type Position } from '../positions/rows/positions.ts'
import { failLockedChunk } from './chunk-error.ts'
import { tellGroups } from './group.ts'
import type { Filled } from './notices.ts'
import { progressRow } from './progress.ts'
import type { Chunk, ChunkInPlace } from './rows/chunks.ts'
import { moveScaleouts, type ScaleoutMove } from './rows/move-scaleouts.ts'
import type { Scaleout } from './rows/scaleouts.ts'
import { squeezed } from './rules/bound.ts'
import { remainingOf } from './rules/remaining.ts'
import { implementationShortfall } from './rules/shortfall.ts'

/** A chunk is late when it is done this many planned milliseconds after its due time; then the later chunks move, too. */
const lateMs = 1000

/** A changed order of a chunk, and the position afterwards. */
export interface ChunkMoved {
  moved: AppliedNews
  position: Position
  /** The reason of its end, in the venue's words. */
  words?: string
  /** The order never reached the venue. */
  isLost: boolean
}

/** The consequences for scaleouts, still to be written and carried out. */
export interface ScaleoutConsequences {
  replies: (ReturnType<typeof postRow> | ReturnType<typeof editRow>)[]
  events: KeyedEvent[]
  conversations: number[]
  /** Chunks to put on the clock. */
  next: Pick<Chunk, 'id' | 'attempt' | 'dueAt'>[]
}

interface Step extends ChunkMoved {
  place: ChunkInPlace
  order: Order
}

/**
 * Updates scaleouts after changes of their chunks' orders. Every fill changes the sums. A chunk is done when its order is over
 * and something was sold; its rest goes to the next chunk. A chunk whose order never reached the venue gets another order at
 * once. Any other chunk that sold nothing has failed. The positions, scaleouts and chunks are locked, and the chunks are given
 * as they were when locked.
 */
export async function followChunks(
  trx: Trx,
  parts: Parts,
  all: ChunkMoved[],
  locked: Map<number, ChunkInPlace>,
  at: Date,
): Promise<ScaleoutConsequences> {
  const followed: ScaleoutConsequences = { replies: [], events: [], conversations: [], next: [] }
  const moves = new Map<number, ScaleoutMove>()
  const scaleouts = new Map<number, Scaleout>()
  const failures: (Step & { chunk: Chunk })[] = []
  for (const one of all) {
    const order = one.moved.order as Order
    const seen = locked.get(order.chunkId!)
    if (!seen) continue
    const before = moves.get(seen.chunk.id)
    const scaleout = scaleouts.get(seen.scaleout.id) ?? seen.scaleout
    const place = { ...seen, scaleout, chunk: before?.chunk ?? seen.chunk }
    const step: Step = { ...one, place, order }
    const move = moveOf(parts, step, at)
    // An earlier move of the same chunk is not written yet, so keep its postponement and its rest.
    const { postponeMs, squeeze, leaves = before?.leaves } = move
    const delay = {
      postponeMs: postponeMs + (before?.postponeMs ?? 0),
      squeeze: squeeze * (before?.squeeze ?? 1),
    }
    const merged = { ...move, ...delay, leaves }
    moves.set(seen.chunk.id, merged)
    scaleouts.set(seen.scaleout.id, move.scaleout)
    if (move.isFailure) failures.push({ ...step, chunk: move.chunk })
    else if (move.isToldOf) tell(followed, parts, step, merged, at)
    if (move.next) followed.next.push(move.next)
  }
  // A scaleout with two moves is written in its state after the last.
  const written = [...moves.values()].map((move) => ({ ...move, scaleout: scaleouts.get(move.scaleout.id)! }))
  for (const round of oncePerScaleout(written)) await moveScaleouts(trx, round, at)
  const groups = [...new Set(written.flatMap(({ scaleout }) => scaleout.groupId ?? []))]
  const toldOf = [...new Set(followed.events.map(({ scaleoutId }) => scaleoutId))]
  const withSteps = groups.filter((id) =>
    written.some(({ scaleout }) => scaleout.groupId === id && toldOf.includes(scaleout.id)),
  )
  followed.conversations.push(...(await tellGroups(trx, parts, withSteps, at, { isStep: true })))
  for (const { place, order, position, chunk, words } of failures) {
    const message = words ?? `the venue says that the order is ${order.state}`
    const failed = await failLockedChunk(trx, parts, { ...place, chunk, position }, message)
    followed.conversations.push(...failed.conversations)
    if (failed.retry) followed.next.push(failed.retry)
  }
  return followed
}

/** Divides moves into rounds, so that each round moves a scaleout once. */
function oncePerScaleout(moves: ScaleoutMove[]): ScaleoutMove[][] {
  const rounds: ScaleoutMove[][] = []
  for (const move of moves) {
    const round = rounds.find((one) => !one.some(({ scaleout }) => scaleout.id === move.scaleout.id))
    if (round) round.push(move)
    else rounds.push([move])
  }
  return rounds
}

interface Move extends ScaleoutMove {
  isFailure: boolean
  isToldOf: boolean
  next?: Pick<Chunk, 'id' | 'attempt' | 'dueAt'>
}

function moveOf({ clock }: Parts, { place, order, moved, position, isLost }: Step, at: Date): Move {
  const { executions } = moved
  const traded = signedSum(executions, ({ fill }) => fill.quantity)
  const proceeds = signedSum(executions, ({ fill }) => fill.quantity.times(fill.price))
  const realizedPnl = sum(executions.map((one) => one.realizedPnl))
  const before = place.scaleout
  const chunk: Chunk = {
    ...place.chunk,
    soldQuantity: place.chunk.soldQuantity.plus(traded),
    proceeds: place.chunk.proceeds.plus(proceeds),
    realizedPnl: place.chunk.realizedPnl.plus(realizedPnl),
  }
  // A fill resumes a paused scaleout.
  const isBack = executions.length > 0
  const scaleout: Scaleout = {
    ...before,
    soldQuantity: before.soldQuantity.plus(traded),
    proceeds: before.proceeds.plus(proceeds),
    realizedPnl: before.realizedPnl.plus(realizedPnl),
    errorsInARow: isBack ? 0 : before.errorsInARow,
    state: isBack && before.state === 'paused' ? 'running' : before.state,
  }
  const stays = { chunk, scaleout, postponeMs: 0, squeeze: 1, isFailure: false }
  const isOver = isLive(moved.before) && !isLive(order)
  // The order was over, and a late fill came.
  const isLateNews = !isLive(moved.before) && executions.length > 0
  if (chunk.state === 'done') return { ...stays, isToldOf: isOver || isLateNews }
  if (chunk.state === 'dropped') {
    const isTraded = (isOver || isLateNews) && chunk.soldQuantity.gt(0)
    if (!isTraded) return { ...stays, isToldOf: isOver }
    const doneChunks = scaleout.doneChunks + 1
    return { ...stays, chunk: { ...chunk, state: 'done' }, scaleout: { ...scaleout, doneChunks }, isToldOf: true }
  }
  // An order that was over has sold the whole chunk, and no other order is under way.
  const isSoldLate = isLateNews && place.liveOrder === undefined && chunk.soldQuantity.gte(chunk.quantity)
  if (!isOver && !isSoldLate) return { ...stays, isToldOf: false }

  const left = isOver ? leftOf(order) : zero
  const isTakenBack = order.cancelAskedAt !== undefined && order.state !== 'refused'
  // The chunk keeps its due time, so that the later chunks keep their distance.
  const again = { ...chunk, attempt: chunk.attempt + 1 }
  if (isLost) return { ...stays, chunk: again, isToldOf: false, next: again }
  if (chunk.soldQuantity.lte(0) && !isTakenBack) return { ...stays, isFailure: true, isToldOf: false }
  const isFlat = position.signedQuantity.eq(0)
  const isLast = place.next === undefined
  const isAllSold = scaleout.soldQuantity.gte(scaleout.totalQuantity)
  if (isLast && left.gt(0) && availableQuantity(position).gt(0)) {
    // No later chunk can take the rest, so this chunk sells it with another order.
    return { ...stays, chunk: again, isToldOf: false, next: again }
  }
  const done: Chunk = { ...chunk, state: 'done' }
  const ends = scaleout.state === 'running' && (isLast || isFlat || isAllSold)
  const isLate = at.getTime() - chunk.dueAt.getTime() > lateMs / clock.scale
  const postponeMs = scaleout.state === 'running' && !ends && isLate ? at.getTime() - chunk.dueAt.getTime() : 0
  const now: Scaleout = {
    ...scaleout,
    doneChunks: scaleout.doneChunks + 1,
    state: ends ? 'complete' : scaleout.state,
  }
  const due = chunk.dueAt.getTime()
  const until = scaleout.bound?.until.getTime()
  const squeeze = until === undefined || postponeMs === 0 ? 1 : squeezed({ due, until, now: at.getTime() })
  const behind = place.next && (place.next.dueAt.getTime() - due) * squeeze
  const next = place.next && { ...place.next, dueAt: new Date(due + postponeMs + behind!) }
  return {
    chunk: done,
    scaleout: now,
    postponeMs,
    squeeze,
    leaves:
      next && left.gt(0) && !ends ? { to: next.id, quantity: least(left, position.signedQuantity.abs()) } : undefined,
    isFailure: false,
    isToldOf: true,
    next: now.state === 'running' ? next : undefined,
  }
}

const signedSum = (executions: Execution[], of: (one: Execution) => Execution['realizedPnl']) =>
  sum(executions.map((one) => (one.oddities.includes('taken back') ? of(one).neg() : of(one))))

/** A group of scaleouts has one message for all. Fills after the end of a scaleout are told by themselves. */
function isToldByGroup({ groupId, state }: Scaleout): boolean {
  return groupId !== null && (state === 'running' || state === 'complete')
}

function tell(
  followed: ScaleoutConsequences,
  parts: Pick<Parts, 'wording'>,
  step: Step,
  { chunk, scaleout, leaves }: ScaleoutMove,
  at: Date,
): void {
  const { place, order, position, moved, words } = step
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id, accountId: scaleout.accountId }
  followed.conversations.push(scaleout.conversationId)
  const isDone = chunk.state === 'done' && place.chunk.state !== 'done'
  const isLate = moved.executions.some(({ oddities }) => oddities.includes('late'))
  if (!isDone) {
    const traded = filledBy(moved.executions)
    const said = traded.quantity.gt(0)
      ? parts.wording({ kind: 'scaleout.chunk_traded', scaleout, position, chunk, filled: traded, isLate })
      : parts.wording({ kind: 'scaleout.chunk_untraded', order, position, words })
    followed.replies.push(postRow(to, said))
    return
  }
  const filled: Filled = {
    quantity: chunk.soldQuantity,
    proceeds: chunk.proceeds,
    realizedPnl: chunk.realizedPnl,
    price: priceIn(chunk, moved.executions),
  }
  const isComplete = scaleout.state === 'complete'
  if (!isToldByGroup(scaleout)) {
    const done = { scaleout, position, filled }
    const said = isComplete
      ? parts.wording({ kind: 'scaleout.completed', ...done })
      : parts.wording({ kind: 'scaleout.chunk_traded', ...done, chunk, leaves: leaves?.quantity, isLate })
    followed.replies.push(postRow(to, said))
    if (place.announcement) followed.replies.push(progressRow(parts, place.announcement, scaleout))
  }
  followed.events.push(progressed(step, chunk, scaleout, filled, at))
  if (isComplete) followed.events.push(completed(order, scaleout, at))
}

/** The sum of some fills. */
function filledBy(executions: Execution[]): Filled {
  const quantity = signedSum(executions, ({ fill }) => fill.quantity)
  const proceeds = signedSum(executions, ({ fill }) => fill.quantity.times(fill.price))
  const realizedPnl = sum(executions.map((one) => one.realizedPnl))
  const price = executions.length === 1 ? executions[0]!.fill.price : undefined
  return { quantity, proceeds, realizedPnl, price }
}

/** The price at which a whole chunk was traded; undefined when there were several. */
function priceIn({ soldQuantity }: Chunk, executions: Execution[]) {
  const [only] = executions
  return executions.length === 1 && only!.fill.quantity.eq(soldQuantity) ? only!.fill.price : undefined
}

function progressed({ order, position }: Step, chunk: Chunk, scaleout: Scaleout, filled: Filled, at: Date): KeyedEvent {
  const { quantity, proceeds } = filled
  return {
    type: 'scaleout_progress',
    data: {
      chunk: chunk.number,
      chunks: scaleout.chunkCount,
      side: order.side,
      quantity: quantity.toFixed(),
      price: (filled.price ?? (quantity.eq(0) ? zero : proceeds.div(quantity))).toFixed(),
      realizedPnl: filled.realizedPnl.toFixed(),
      remaining: remainingOf(scaleout, position).toFixed(),
      totalPnl: scaleout.realizedPnl.toFixed(),
    },
    ...about(order, scaleout),
    at,
    dedupeKey: `chunk-${chunk.id}`,
  }
}

function completed(order: Order, scaleout: Scaleout, at: Date): KeyedEvent {
  const { side, decisionPrice, soldQuantity, proceeds } = scaleout
  return {
    type: 'scaleout_complete',
    data: {
      side,
      quantity: soldQuantity.toFixed(),
      chunks: scaleout.doneChunks,
      totalPnl: scaleout.realizedPnl.toFixed(),
      shortfall: implementationShortfall(side, decisionPrice, soldQuantity, proceeds).total.toFixed(),
    },
    ...about(order, scaleout),
    at,
    dedupeKey: `scaleout-${scaleout.id}-ended`,
  }
}
