import { Big } from '../../../base/amounts.ts'
import { createLane } from '../../../base/lane.ts'
import type { Trx } from '../../../infra/db/client.ts'
import { queueNotice } from '../../events/queue-notice.ts'
import { finishFreed } from '../../orders/finish-exit.ts'
import { askLater } from '../../orders/order-clock.ts'
import { type Order, restsToProtect } from '../../orders/rows/orders.ts'
import { lockAccountRow } from '../../orders/rows/working-orders.ts'
import { isLive, leftOf } from '../../orders/rules/order-lifecycle.ts'
import { sendOrder } from '../../orders/send-order.ts'
import { type Parts, wakeReplies } from '../../parts.ts'
import { lockPosition, type Position } from '../../positions/rows/positions.ts'
import { averageEntryPrice } from '../../positions/rules/position.ts'
import type { ProtectionNotice } from '../notices.ts'
import type { Followed, Protector } from '../protector.ts'
import { atVenueOf } from '../rows/at-venue.ts'
import { lockProtection, type ProtectiveOrder } from '../rows/protective-orders.ts'
import {
  aroundProtection,
  liveProtection,
  noteProtectionTold,
  placeProtection,
  positionsToProtect,
} from '../rows/venue-protection.ts'
import { isAsWanted, protectionWanted } from '../rules/resting-protection.ts'
import { takeBackProtection } from './take-back.ts'

/** While the next chunk of a scaleout is due within this many milliseconds, nothing rests between two chunks. */
const quietMs = 5000
/** A trailing stop is moved at the venue at most once in so many milliseconds. */
const trailEveryMs = 15_000
/** The most steps of one look: take back, place, and once more when something has changed meanwhile. */
const mostSteps = 4
const askAgainMs = 2000
/** An order that the venue has not confirmed after so many milliseconds is told. */
const unconfirmedMs = 5000

type Next = { kind: 'nothing' } | { kind: 'take back'; because: string } | { kind: 'send'; order: Order }

/**
 * Lets the protection at the venue follow a position: takes back an order that is not the wanted one any more, and places the wanted
 * one. Exits that have waited until an order was given back are sent first. However many processes do this at once, one order rests:
 * each is written under the lock of its account and its position, and only when none is live.
 */
export async function followProtection(parts: Parts, { id, accountId }: Followed): Promise<void> {
  const { venue } = await parts.venues.of(accountId)
  if (!venue.capabilities.isLinked) return
  await finishFreed(parts, id)
  for (let step = 0; step < mostSteps; step++) {
    const next = await nextOf(parts, id, accountId)
    if (next.kind === 'nothing') return
    if (next.kind === 'take back') {
      if (await takeBackProtection(parts, id, next.because, { isForOrder: false })) continue
      return
    }
    const { outcome, order } = await sendOrder(parts, next.order, { postedBy: 'outbox' })
    if (outcome === 'unknown') await askLater(parts, order, askAgainMs)
    if (restsToProtect(order)) await tell(parts, next.order)
    // What changed while it was sent is seen by another look.
    if (isLive(order)) continue
    return
  }
}

async function nextOf(parts: Parts, positionId: number, accountId: number): Promise<Next> {
  const { db, clock, market, venues } = parts
  const { venue } = await venues.of(accountId)
  const { next, told } = await db.transaction().execute(async (trx): Promise<{ next: Next; told: number[] }> => {
    await lockAccountRow(trx, accountId)
    const position = await lockPosition(trx, positionId)
    const [live] = await liveProtection(trx, positionId)
    const at = clock.now()
    const around = await aroundProtection(trx, position, at)
    const nothing = { next: { kind: 'nothing' as const }, told: [] }
    // Its levels have ended, and its order is about to be left standing: people were told that it rests on.
    if (around.isUnlinked) return nothing
    const { stop, target } = await lockProtection(trx, positionId)
    const wanted = protectionWanted({
      ...around,
      ...position,
      capabilities: venue.capabilities,
      stop: stop?.price,
      target: target?.price,
      tick: market.instrument(position.symbol)?.tick ?? new Big('0.01'),
      isScalingOut: around.nextChunkAt !== null && around.nextChunkAt.getTime() - at.getTime() < quietMs,
    })
    if (live) {
      if (live.cancelAskedAt) return nothing
      const mayWait = stop?.trail !== undefined && at.getTime() - live.createdAt.getTime() < trailEveryMs
      const resting = { ...live.protects, quantity: leftOf(live) }
      if (wanted.kind === 'rests' && isAsWanted(resting, wanted.order, mayWait))
        return { ...nothing, told: await tellState(trx, live, position) }
      return { next: { kind: 'take back', because: 'it follows the position' }, told: [] }
    }
    if (wanted.kind === 'none') {
      const because = wanted.because
      const isNew = because !== undefined && (await noteProtectionTold(trx, positionId, `desk: ${because}`))
      return {
        ...nothing,
        told: isNew ? await say(trx, { kind: 'protection.by_desk', position, because }, position) : [],
      }
    }
    const { memberId, conversationId } = (stop ?? target)!
    const expectedPrice = wanted.order.stop ?? wanted.order.target ?? averageEntryPrice(position)
    const placing = {
      order: wanted.order,
      times: around.times,
      isAgain: around.isAgain,
      memberId,
      conversationId,
      expectedPrice,
    }
    return { next: { kind: 'send', order: await placeProtection(trx, position, placing, at) }, told: [] }

    /** Tells, once each, that an order which was sent before rests there, and that the venue has not confirmed it for some seconds. */
    async function tellState(trx: Trx, order: Order, of: Position): Promise<number[]> {
      if (restsToProtect(order)) {
        const isNew = await noteProtectionTold(trx, positionId, restsAs(order, stop))
        return isNew ? say(trx, { kind: 'protection.at_venue', order, position: of }, of) : []
      }
      if (order.venueOrderId !== undefined || at.getTime() - order.createdAt.getTime() < unconfirmedMs) return []
      if (!(await noteProtectionTold(trx, positionId, 'unconfirmed'))) return []
      const isNowhere = (await atVenueOf(trx, positionId)) === 'nowhere'
      return say(trx, { kind: 'protection.unconfirmed', order, position: of, isNowhere }, of)
    }

    async function say(trx: Trx, notice: ProtectionNotice, of: Position): Promise<number[]> {
      const conversationId = (stop ?? target)?.conversationId ?? of.conversationId
      if (conversationId === null || conversationId === undefined) return []
      await queueNotice(trx, parts, { conversationId, accountId, at }, notice, 'outbox')
      return [conversationId]
    }
  })
  await wakeReplies(parts, told)
  return next
}

/** The levels of an order that rests, as they are noted when they were told; a trailing stop is told once. */
function restsAs({ protects }: Order, stop: ProtectiveOrder | undefined): string {
  const levels = [stop?.trail ? 'trail' : protects?.stop?.toFixed(), protects?.target?.toFixed()]
  return `venue: ${levels.join(' ')}`
}

/** Tells the thread that protection rests at the venue, once for its levels. */
async function tell(parts: Parts, order: Order): Promise<void> {
  const { positionId, conversationId, accountId } = order
  const told = await parts.db.transaction().execute(async (trx) => {
    const position = await lockPosition(trx, positionId)
    const { stop } = await lockProtection(trx, positionId)
    if (!(await noteProtectionTold(trx, positionId, restsAs(order, stop)))) return []
    const to = { conversationId, accountId, at: parts.clock.now() }
    await queueNotice(trx, parts, to, { kind: 'protection.at_venue', order, position }, 'outbox')
    return [conversationId]
  })
  await wakeReplies(parts, told)
}

/** Lets the protection at venues follow positions, in the parts that it is given once they are made. */
export function createProtector(partsOf: () => Parts): Protector {
  const lane = createLane<Followed>(
    async (all) => {
      for (const one of all)
        await followProtection(partsOf(), one).catch((cause) =>
          partsOf().log.warn({ err: cause, position_id: one.id }, 'the protection at the venue is left to the sweep'),
        )
    },
    () => {},
  )
  return {
    follow: (positions) => {
      for (const one of positions) lane.put(String(one.id), one)
    },
    rest: lane.rest,
  }
}

/** Looks after the protection at venues of all positions; for the sweep. */
export async function sweepProtection(parts: Parts): Promise<void> {
  const followed = await positionsToProtect(parts.db)
  for (const one of followed)
    await followProtection(parts, one).catch((cause) =>
      parts.log.warn({ err: cause, position_id: one.id }, 'the protection at the venue is left to the next sweep'),
    )
}
