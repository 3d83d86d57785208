import { type Big, zero } from '../../base/amounts.ts'
import { announcePosition } from '../../infra/db/announce.ts'
import type { Trx } from '../../infra/db/client.ts'
import type { OrderReport } from '../../venues/venue.ts'
import { appendEvents } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { keepOrdersOfOthers, type OrderOfOthers } from '../orders/rows/orders-of-others.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { lockPosition } from '../positions/rows/positions.ts'
import { closingSide } from '../positions/rules/position.ts'
import { fenced, type LookedAt } from './fence.ts'
import { type BookedPosition, type Books, isUnchanged, readBooks, setExternal, setMissing } from './rows/books.ts'
import { endGap, type Gap, noteGap, noteGapAgain, openGap, type SeenGap, unexplainedGaps } from './rows/gaps.ts'
import { homeOf, noteLook } from './rows/looks.ts'
import { type Counted, gapOf, isSplitLike, missingOf } from './rules/books.ts'

/** Settings of a comparison that tests change. */
export interface CompareOptions {
  /** A difference is told when it stands at two looks that are this far apart, in milliseconds. */
  matchAfterMs: number
  /** So long may an order that is under way explain a difference, in milliseconds. */
  underWayMs: number
  /** So long may a difference wait for a corporate action that the venue has reported, in milliseconds. */
  actionMs: number
}

export const usualComparison: CompareOptions = { matchAfterMs: 8000, underWayMs: 120_000, actionMs: 1_800_000 }

/** What a venue showed at a look. */
export interface ShownByVenue {
  /** Net units by symbol; negative when short. */
  positions: Map<string, Big>
  /** Symbols with a reported corporate action that the quantities do not show yet. */
  waiting: Set<string>
  /** Orders that are open there and not the desk's. */
  others: OrderReport[]
  isFirst: boolean
}

/**
 * Compares the ledger of an account with its venue, if the ledger is still as it was before the venue was asked (`before`); otherwise
 * false, and the caller asks again. On the first look all that the ledger does not explain is external.
 */
export async function compareBooks(
  parts: Parts,
  looked: LookedAt,
  { before, shown }: { before: Books; shown: ShownByVenue },
  options: CompareOptions,
): Promise<boolean> {
  const at = parts.clock.now()
  const compared = await fenced(parts, looked, async (trx) => {
    const books = await readBooks(trx, looked.accountId)
    if (!isUnchanged(before, books)) return undefined
    await noteLook(trx, looked.accountId, shown.others.length, at)
    const told = await compareLocked(trx, parts, looked.accountId, books, shown, options, at)
    const met = await keepOrdersOfOthers(trx, looked.accountId, shown.others, at)
    told.conversations.push(...(await tellInTheWay(trx, parts, looked.accountId, { books, orders: met }, at)))
    return told
  })
  if (!compared) return false
  await Promise.all(compared.announce.map((id) => announcePosition(parts, id)))
  await wakeReplies(parts, compared.conversations)
  for (const id of compared.events) {
    await parts.queues
      .event('alerts', id)
      .catch((cause) => parts.log.warn({ err: cause, event_id: id }, 'an alert could not be queued'))
  }
  return true
}

interface Compared {
  /** Positions whose levels wait from now on, or no longer. */
  announce: number[]
  conversations: number[]
  events: number[]
}

async function compareLocked(
  trx: Trx,
  parts: Parts,
  accountId: number,
  books: Books,
  shown: ShownByVenue,
  options: CompareOptions,
  at: Date,
): Promise<Compared> {
  const gaps = await unexplainedGaps(trx, accountId)
  const told: Compared = { announce: [], conversations: [], events: [] }
  const symbols = new Set([
    ...books.positions.keys(),
    ...books.external.keys(),
    ...shown.positions.keys(),
    ...gaps.keys(),
  ])
  for (const symbol of [...symbols].sort()) {
    const position = books.positions.get(symbol)
    const counted = {
      ledger: position?.signedQuantity ?? zero,
      external: books.external.get(symbol) ?? zero,
      venue: shown.positions.get(symbol) ?? zero,
    }
    const gap = gapOf(counted)
    const known = gaps.get(symbol)
    // What an order under way may just have traded is the desk's.
    if (shown.isFirst && gap.times(counted.ledger).gte(0) && !explains(books, symbol, gap)) {
      if (!gap.eq(0)) await setExternal(trx, accountId, symbol, counted.external.plus(gap), at)
      continue
    }
    if (position && known?.isSplitLike && gap.eq(0)) told.announce.push(position.id)
    if (gap.eq(0)) {
      if (position) await setMissing(trx, position.id, zero)
      if (known) await agree(trx, parts, known, told, at)
      continue
    }
    const held = counted.ledger.plus(counted.external)
    const seen: SeenGap = {
      ...{ accountId, symbol, gap, ledger: counted.ledger, venue: counted.venue },
      isSplitLike: shown.waiting.has(symbol) || isSplitLike(held, counted.venue),
    }
    if (position && seen.isSplitLike !== (known?.isSplitLike ?? false)) told.announce.push(position.id)
    const ageMs = known?.gap.eq(gap) ? at.getTime() - known.seenAt.getTime() : 0
    const isUnderWay = explains(books, symbol, gap) && ageMs < options.underWayMs
    const waits = isUnderWay || (shown.waiting.has(symbol) && ageMs < options.actionMs)
    if (position && !isUnderWay) await setMissing(trx, position.id, unavailable(position, counted, known))
    if (!known) {
      await noteGap(trx, seen, at)
      continue
    }
    await noteGapAgain(trx, known, seen, at)
    const isSame = known.gap.eq(gap)
    if (!isSame || known.state !== 'seen' || waits || ageMs < options.matchAfterMs) continue
    if (position) await setMissing(trx, position.id, missingOf(counted))
    await open(trx, parts, { ...known, ...seen }, counted.external, told, at)
  }
  return told
}

/**
 * Units that no further order may take. At the first look a live exit may just have traded them; these are reserved already.
 */
function unavailable({ workingQuantity }: BookedPosition, counted: Counted, known: Gap | undefined): Big {
  const missing = missingOf(counted)
  if (known && known.state !== 'seen') return missing
  const rest = missing.minus(workingQuantity)
  return rest.gt(0) ? rest : zero
}

/** May live orders have traded the difference already, before the venue lists it? */
function explains({ underWay }: Books, symbol: string, gap: Big): boolean {
  const of = underWay.get(symbol)
  return of !== undefined && (gap.gt(0) ? of.buys.gte(gap) : of.sells.gte(gap.abs()))
}

async function open(trx: Trx, parts: Parts, gap: Gap, external: Big, told: Compared, at: Date): Promise<void> {
  if (!(await openGap(trx, gap.id, at))) return
  const { accountId, symbol } = gap
  const { memberId, conversationId, positionId } = await placeOf(trx, gap)
  if (conversationId !== undefined) {
    const notice = { kind: 'books.mismatch' as const, gap, external }
    await queueNotice(trx, parts, { conversationId, accountId, urgent: true, at }, notice, 'outbox')
    told.conversations.push(conversationId)
  }
  const { raised, conversations } = await appendEvents(trx, parts, [
    {
      type: 'books_differ',
      data: { ledger: gap.ledger.toFixed(), venue: gap.venue.toFixed(), gap: gap.gap.toFixed() },
      ...{ symbol, accountId, memberId, conversationId, positionId, at },
      dedupeKey: `gap-${gap.id}-open-${at.getTime()}`,
    },
  ])
  told.conversations.push(...conversations)
  told.events.push(...raised.map(({ id }) => id))
}

async function agree(trx: Trx, parts: Parts, gap: Gap, told: Compared, at: Date): Promise<void> {
  if (!(await endGap(trx, gap.id, 'agrees', at)) || gap.state === 'seen') return
  const { accountId, symbol } = gap
  const { memberId, conversationId, positionId } = await placeOf(trx, gap)
  if (conversationId !== undefined) {
    const notice = { kind: 'books.agree' as const, gap, explainedBy: 'agrees' as const }
    await queueNotice(trx, parts, { conversationId, accountId, at }, notice, 'outbox')
    told.conversations.push(conversationId)
  }
  const { raised, conversations } = await appendEvents(trx, parts, [
    {
      type: 'books_agree',
      data: { because: 'agrees' },
      ...{ symbol, accountId, memberId, conversationId, positionId, at },
      dedupeKey: `gap-${gap.id}-ended`,
    },
  ])
  told.conversations.push(...conversations)
  told.events.push(...raised.map(({ id }) => id))
}

/** The place to tell of a difference: the thread of the position, or that of the account. */
async function placeOf(trx: Trx, { accountId, symbol }: Gap) {
  const home = await homeOf(trx, accountId)
  const position = (await readBooks(trx, accountId)).positions.get(symbol)
  const own = position && (await lockPosition(trx, position.id)).conversationId
  return { memberId: home.memberId, conversationId: own ?? home.conversationId, positionId: position?.id }
}

/** Tells of orders that were met for the first time and keep an open position from being closed: they are of the other side than its exit. */
async function tellInTheWay(
  trx: Trx,
  parts: Parts,
  accountId: number,
  { books, orders }: { books: Books; orders: OrderOfOthers[] },
  at: Date,
): Promise<number[]> {
  const conversations: number[] = []
  for (const [symbol, own] of Map.groupBy(orders, (order) => order.symbol)) {
    const position = books.positions.get(symbol)
    if (!position || position.signedQuantity.eq(0)) continue
    const exit = closingSide(position.signedQuantity)
    const inTheWay = own.filter(({ side }) => side !== exit)
    if (inTheWay.length === 0) continue
    const home = await homeOf(trx, accountId)
    const conversationId = (await lockPosition(trx, position.id)).conversationId ?? home.conversationId
    if (conversationId === undefined) continue
    const notice = { kind: 'order.others_in_the_way' as const, symbol, orders: inTheWay, isBroken: false }
    await queueNotice(trx, parts, { conversationId, accountId, urgent: true, at }, notice, 'outbox')
    conversations.push(conversationId)
  }
  return conversations
}
