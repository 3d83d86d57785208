import type { Big } from '../../base/amounts.ts'
import { together } from '../../base/together.ts'
import type { Trx } from '../../infra/db/client.ts'
import { appendEvents } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { postRow } from '../events/rows/replies.ts'
import type { KeyedEvent } from '../events/rows/watch-events.ts'
import { type Say, tellLater } from '../events/tell.ts'
import type { QueuedNotice } from '../notice.ts'
import { oncePer, type Parts } from '../parts.ts'
import { newPosition, openKey, openPositionIds, type Position } from '../positions/rows/positions.ts'
import { flat } from '../positions/rules/position.ts'
import { isClosing } from '../protection/close-now/purposes.ts'
import { setEntryLevels } from '../protection/entry-levels.ts'
import { lockFreePositions } from '../protection/rows/closings.ts'
import { touchedLevels } from '../protection/rows/protective-orders.ts'
import { noteUnfinished } from '../protection/rows/unfinished-exits.ts'
import { cancelScaleout } from '../scaleouts/cancel-scaleout.ts'
import { type ChunkMoved, followChunks } from '../scaleouts/follow-chunks.ts'
import { type ChunkInPlace, lockChunks } from '../scaleouts/rows/chunks.ts'
import { lockGroups } from '../scaleouts/rows/scaleout-groups.ts'
import { lockRunningScaleouts, type Scaleout } from '../scaleouts/rows/scaleouts.ts'
import { endScheduledWith } from '../schedule/end-with-position.ts'
import { type AfterNews, afterNews } from './after-news.ts'
import { type AppliedNews, applyNews, hasMoved, reservedBy } from './apply-news.ts'
import { heardBy } from './awaited.ts'
import { closesAgain } from './close-again.ts'
import type { News } from './news.ts'
import { inOrderOfFills } from './order-of-fills.ts'
import { isOverReserved, isSameProtection, none, reserve } from './reservations.ts'
import type { AnyOrder } from './rows/orders.ts'
import { lockOrders, type OrdersToRecord, recordOrders } from './rows/record-orders.ts'
import { lockAccountRows, numberOrder } from './rows/working-orders.ts'
import { isLive } from './rules/order-lifecycle.ts'
import { toTell } from './tell-moved.ts'
import { trimReservations } from './trim-reservations.ts'

/** News of an order, and the poster of its replies. */
export interface OrderNews {
  order: AnyOrder
  news: News
  say: Say
}

/** The result of recording news. */
export interface RecordedNews {
  order: AnyOrder
  /** The position that the order changes, in its present state; undefined when there is none yet. */
  position?: Position
  /** Notices for the door that asked. */
  notices: QueuedNotice[]
  /** The news changed a stored row. */
  isNew: boolean
}

interface Item extends OrderNews {
  /** Lock the account first: a fill changes another position than the order's own, or the order gets a number. */
  withAccount?: boolean
}

/**
 * The reason why news is not recorded yet: its position is locked, its account must be locked first, or the order has another
 * position by now.
 */
type NotYet = 'held' | 'needs the account' | { movedTo: AnyOrder }
type Answer = (RecordedNews & { after: AfterNews }) | NotYet

/** A transaction holds a position's row for about this long, in milliseconds. */
const heldMs = 4

const recording = oncePer((parts: Parts) => together((items: Item[]) => recordAll(parts, items)))

/**
 * Records news of an order, once, with all its consequences, in one transaction. It books the fills, changes the position, its
 * protection and its scaleout, appends the events, and queues the replies. Known news changes nothing. Concurrent news is
 * recorded together.
 */
export function recordNews(parts: Parts, heard: OrderNews): Promise<RecordedNews> {
  return heardBy(parts, heard.order, heard.say, (say) => record(parts, { ...heard, say }))
}

async function record(parts: Parts, heard: OrderNews): Promise<RecordedNews> {
  let item: Item = heard
  for (;;) {
    const answer = await recording(parts)(item)
    if (answer === 'needs the account') item = { ...item, withAccount: true }
    else if (answer === 'held') await new Promise((resolve) => setTimeout(resolve, heldMs))
    else if ('movedTo' in answer) item = { ...item, order: answer.movedTo }
    else {
      const { after, ...recorded } = answer
      const woken = afterNews(parts, after)
      // A close at once never waits for a slow Redis.
      if (!isClosing(heard.order)) await woken
      return recorded
    }
  }
}

async function recordAll(parts: Parts, items: Item[]): Promise<Answer[]> {
  return parts.db.transaction().execute((trx) => recordTogether(trx, parts, items, parts.clock.now()))
}

/** A changed order, and the position that it changes, as it is right after this change. */
interface Step {
  item: Item
  moved: AppliedNews
  positionId?: number
  after?: Position
  endsPartsDaily?: boolean
}

/** Records news within a transaction. An answer may say that the news needs more locks. */
export async function recordTogether(trx: Trx, parts: Parts, items: Item[], at: Date): Promise<Answer[]> {
  const needy = items.filter(({ order, withAccount }) => withAccount || order.purpose === 'open')
  await lockAccountRows(trx, [...new Set(needy.map(({ order }) => order.accountId))])
  const openIds = await openPositionIds(
    trx,
    needy.map(({ order }) => order),
  )
  const ownIds = items.flatMap(({ order }) => (order.purpose === 'open' ? [] : [order.positionId]))
  const fillIds = items.flatMap(({ news }) =>
    news.fills.flatMap((fill) => [fill.venueFillId, fill.reverses ?? []].flat()),
  )
  // The statements are sent together and run one after the other: positions are locked before orders.
  const [positions, { orders, booked }] = await Promise.all([
    lockFreePositions(trx, [...new Set([...ownIds, ...openIds.values()])]),
    lockOrders(trx, [...new Set(items.map(({ order }) => order.id))], fillIds),
  ])
  const before = new Map(positions)
  const steps = new Map<Item, Step | NotYet>()
  for (const item of inOrderOfFills(items)) steps.set(item, await stepOf(item))

  const moved = [...steps.values()].filter((step): step is Step => isStep(step) && hasMoved(step.moved))
  if (moved.length === 0) return items.map((item) => answerOf(item, [], noAfter()))
  const changed = [...positions.values()].filter((position) => position !== before.get(position.id))
  const ended = changed.filter(({ id, signedQuantity }) => hasEnded(before.get(id), signedQuantity))
  const chunkIds = moved.flatMap(({ moved: { order } }) => (order.purpose === 'open' ? [] : (order.chunkId ?? [])))
  const closing = moved.flatMap(({ moved: { order } }) => (isClosing(order) ? [order.clientOrderId] : []))
  const [scaling, chunks, touched] = await Promise.all([
    ended.length > 0
      ? lockRunningScaleouts(
          trx,
          ended.map(({ id }) => id),
        )
      : new Map<number, Scaleout>(),
    chunkIds.length > 0 ? lockChunks(trx, chunkIds) : new Map<number, ChunkInPlace>(),
    closing.length > 0 ? touchedLevels(trx, closing) : new Map<string, Big>(),
  ])
  const moving = [...scaling.values(), ...[...chunks.values()].map(({ scaleout }) => scaleout)]
  const groups = [...new Set(moving.flatMap(({ groupId }) => groupId ?? []))]
  if (groups.length > 0) await lockGroups(trx, groups)
  // Prepare the replies and events while this runs. Any code below that writes awaits it first.
  const recorded = recordOrders(trx, toRecord(moved, changed))
  recorded.catch(() => {})

  const after = new Map<Item, AfterNews>(items.map((item) => [item, noAfter()]))
  const rows: ReturnType<typeof postRow>[] = []
  const events: KeyedEvent[] = []
  const notices = new Map<Item, QueuedNotice[]>()
  const ofChunks: (ChunkMoved & { item: Item })[] = []
  const opened = moved.filter(({ moved: { order, executions } }) => order.purpose === 'open' && executions.length > 0)
  if (opened.length > 0) await recorded
  const begun = await setEntryLevels(
    trx,
    opened.map(({ moved: { order }, positionId }) => ({ order, position: positions.get(positionId!)! })),
    at,
  )
  for (const { position } of begun.values()) positions.set(position.id, position)
  for (const step of moved) {
    const { item, positionId, after: then } = step
    const position = positionId === undefined ? undefined : positions.get(positionId)
    const { order } = step.moved
    const mine = after.get(item)!
    if (order.purpose !== 'open' && order.chunkId !== null && position && chunks.has(order.chunkId)) {
      ofChunks.push({ item, moved: step.moved, position, words: item.news.words, isLost: item.news.change === 'lost' })
    } else {
      const againAs = position && closesAgain(parts, step.moved.before, order)
      if (againAs) {
        await recorded
        await noteUnfinished(trx, { ...order, quantity: undefined, clientOrderId: againAs }, position, at)
      }
      const seen = {
        ...{ moved: step.moved, position: then, news: item.news, say: item.say, isClosedAgain: againAs !== undefined },
        level: touched.get(order.clientOrderId),
        endsPartsDaily: step.endsPartsDaily,
      }
      const { notices: told, events: own } = toTell(seen, at)
      const levels = begun.get(order.id)
      begun.delete(order.id)
      events.push(...own, ...(levels?.events ?? []))
      for (const notice of [...told, ...(levels ? [levels.notice] : [])]) {
        const later = tellLater(parts, order, notice, item.say)
        rows.push(...later.rows)
        mine.conversations.push(...later.rows.map((row) => row.conversation_id))
        for (const to of later.door) {
          await recorded
          const queued = await queueNotice(trx, parts, { ...to, at }, notice, 'door')
          notices.set(item, [...(notices.get(item) ?? []), queued])
        }
      }
    }
    if (order.purpose === 'open' && position && step.moved.executions.length > 0) mine.announce.push(position.id)
  }
  const first = after.get(moved[0]!.item)!
  for (const { moved: step, positionId } of moved) {
    const { before: was, order } = step
    const id = positionId ?? openIds.get(openKey(order))
    if (id === undefined) continue
    first.protect.push({ id, accountId: order.accountId })
    if (!isSameProtection(was, order)) first.announce.push(id)
  }
  if (changed.some(isOverReserved) || ofChunks.length > 0 || scaling.size > 0) await recorded
  for (const position of changed.filter(isOverReserved)) first.ends.push(...(await trimReservations(trx, position, at)))
  if (ofChunks.length > 0) {
    const followed = await followChunks(trx, parts, ofChunks, chunks, at)
    rows.push(...(followed.replies as typeof rows))
    events.push(...followed.events)
    first.conversations.push(...followed.conversations)
    first.chunks.push(...followed.next)
  }
  // Most of them have just ended with their last chunk.
  const still = scaling.size > 0 ? await lockRunningScaleouts(trx, [...scaling.keys()]) : scaling
  for (const position of ended) {
    const scaleout = still.get(position.id)
    if (!scaleout) continue
    const because = position.signedQuantity.eq(0) ? 'the position is closed' : 'the position has turned round'
    first.conversations.push(...(await cancelScaleout(trx, parts, scaleout, position, because, at)).conversations)
  }
  if (ended.length > 0) first.conversations.push(...(await endScheduledWith(trx, parts, ended, at)))
  const [{ conversations }] = await Promise.all([
    appendEvents(trx, parts, events),
    rows.length > 0 && trx.insertInto('replies').values(rows).execute(),
    recorded,
  ])
  first.conversations.push(...conversations)
  return items.map((item) => answerOf(item, notices.get(item) ?? [], after.get(item)!))

  async function stepOf(item: Item): Promise<Step | NotYet> {
    const order = orders.get(item.order.id)
    if (!order) throw new Error(`Order ${item.order.id} is gone`)
    const known = booked.get(order.id)!
    const own = order.purpose === 'open' ? undefined : positions.get(order.positionId)
    // A late fill has moved the order to another position since it was read.
    if (order.purpose !== 'open' && item.order.purpose !== 'open' && order.positionId !== item.order.positionId)
      return { movedTo: order }
    if (order.purpose !== 'open' && !own) return 'held'
    const fresh = item.news.fills.filter((fill) => !known.has(fill.venueFillId))
    let target = own
    if (fresh.length > 0 && (!own || own.signedQuantity.eq(0))) {
      // A late fill for a flat position changes the present open position in the symbol, or opens a new one.
      if (order.purpose !== 'open' && !item.withAccount) return 'needs the account'
      const openId = openIds.get(openKey(order))
      target = openId === undefined ? undefined : positions.get(openId)
      if (openId !== undefined && !target) return 'held'
      // The venue reverses the fills that closed the position, so it was never really closed.
      if (!target && own && fresh.every(({ reverses }) => reverses !== undefined)) target = own
      if (!target) {
        target = await newPosition(trx, order, at)
        positions.set(target.id, target)
        before.set(target.id, target)
        openIds.set(openKey(order), target.id)
      }
    }
    const begins = beginsToWait(order, item.news)
    if (begins && order.purpose !== 'open' && !item.withAccount) return 'needs the account'
    const { venue } = await parts.venues.of(order.accountId)
    const { holding, ...moved } = applyNews(order, target ?? flat, item.news, known, venue.name)
    if (begins && isLive(moved.order)) moved.order = { ...moved.order, number: await numberOrder(trx, order) }
    orders.set(order.id, moved.order)
    if (hasMoved(moved)) movePositions(moved, own, target, holding)
    return {
      item,
      moved,
      positionId: target?.id,
      after: target && positions.get(target.id),
      endsPartsDaily: venue.capabilities.endsPartsDaily,
    }
  }

  /** Moves the reserved quantity of an order with it, also to another position. */
  function movePositions(
    { before: was, order, executions }: AppliedNews,
    own: Position | undefined,
    target: Position | undefined,
    holding: object,
  ) {
    const [released, reserved] = [reservedBy(was), reservedBy(order)]
    const isSame =
      released.working.eq(reserved.working) &&
      released.resting.eq(reserved.resting) &&
      released.protecting.eq(reserved.protecting) &&
      isSameProtection(was, order)
    // Nothing changed, so the version stays the same for everybody who has read the position.
    if (isSame && executions.length === 0) return
    if (own && target && own.id !== target.id) {
      positions.set(own.id, reserve(own, released, none))
      positions.set(target.id, { ...reserve(target, none, reserved), ...holding })
    } else if (target) positions.set(target.id, { ...reserve(target, released, reserved), ...holding })
  }

  function toRecord(steps: Step[], changed: Position[]): OrdersToRecord {
    // An order with several pieces of news is written in its state after the last.
    const byOrder = new Map(steps.map((step) => [step.moved.order.id, step]))
    const closing = new Set(steps.flatMap(({ moved: { order }, positionId }) => (isClosing(order) ? [positionId] : [])))
    return {
      orders: [...byOrder.values()].map(({ moved: { order, before: was, executions }, item, positionId }) => ({
        order,
        positionId: executions.length > 0 || order.purpose !== 'open' ? positionId : undefined,
        because: isLive(was) && !isLive(order) && !order.cancelBecause ? item.news.words : undefined,
      })),
      fills: steps.flatMap(({ moved: { rows }, positionId }) =>
        rows.map((row) => ({ ...row, positionId: positionId! })),
      ),
      positions: changed,
      settled: changed.flatMap(({ id, signedQuantity }) => (signedQuantity.eq(0) && closing.has(id) ? [id] : [])),
      at,
    }
  }

  function answerOf(item: Item, notices: QueuedNotice[], after: AfterNews): Answer {
    const step = steps.get(item)!
    if (!isStep(step)) return step
    const position = step.positionId === undefined ? undefined : positions.get(step.positionId)
    return { order: orders.get(item.order.id)!, position, notices, isNew: hasMoved(step.moved), after }
  }
}

/**
 * Does a market order of a member begin to wait at the venue? It then gets a number, by which the member sees and cancels it.
 */
function beginsToWait(order: AnyOrder, { change }: News): boolean {
  const isByMember = order.purpose === 'open' || order.purpose === 'close' || order.purpose === 'trim'
  const isNew = order.number === undefined && order.venueOrderId === undefined && !order.cancelAskedAt
  return change === 'accepted' && isByMember && isNew
}

const isStep = (step: Step | NotYet): step is Step => typeof step !== 'string' && 'moved' in step

const noAfter = (): AfterNews => ({ conversations: [], chunks: [], announce: [], protect: [], ends: [] })

function hasEnded(before: Position | undefined, signedQuantity: Position['signedQuantity']): boolean {
  return (
    before !== undefined &&
    before.signedQuantity.s !== 0 &&
    !before.signedQuantity.eq(0) &&
    before.signedQuantity.times(signedQuantity).lte(0)
  )
}
