import { type Big, zero } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import { announcePosition } from '../../infra/db/announce.ts'
import type { Trx } from '../../infra/db/client.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import { beginDay } from '../accounts/rows/day-equity.ts'
import { appendEvent } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { QueuedNotice } from '../notice.ts'
import { type AfterNews, afterNews } from '../orders/after-news.ts'
import { trimReservations } from '../orders/trim-reservations.ts'
import type { Parts } from '../parts.ts'
import type { PriceTaken } from '../positions/notices.ts'
import { noteRecorded } from '../positions/rows/note-recorded.ts'
import { keepAdjustment } from '../positions/rows/position-adjustments.ts'
import { lockOpenPosition, newPosition, type Position, savePosition } from '../positions/rows/positions.ts'
import { unrealizedPnl } from '../positions/rules/position.ts'
import { cancelScaleout } from '../scaleouts/cancel-scaleout.ts'
import { lockRunningScaleout } from '../scaleouts/rows/scaleouts.ts'
import { endScheduledWith } from '../schedule/end-with-position.ts'
import { costAtBroker } from './cost-at-broker.ts'
import { fenced } from './fence.ts'
import type { ReconcileNotice } from './notices.ts'
import { externalIn, setExternal, setMissing } from './rows/books.ts'
import { endGap, ignoreGap, unexplainedGaps } from './rows/gaps.ts'
import { adjusted, ownUnits } from './rules/adjusted.ts'
import { missingOf } from './rules/books.ts'
import { costOfRest } from './rules/cost-of-rest.ts'

/** A member's word about a difference between the desk and the broker. */
export interface Word {
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  /** `adopted`: the broker is right; `done`: the member traded, at the price. */
  as: 'adopted' | 'done'
  /** Dollars a unit. */
  price?: Big
}

type Told = QueuedNotice<ReconcileNotice>[] | Refusal

/**
 * Takes the broker's quantity over into the ledger, by an adjustment and not by an invented fill. `no gap` when both agree. Protection
 * follows the position; a scaleout of a position that is gone ends.
 */
export async function takeVenueQuantity(parts: Parts, word: Word): Promise<Told | 'no gap'> {
  const quote = await marksOf(parts.market).quote(word.symbol)
  const cost = word.price ? undefined : await costAtBroker(parts, word.accountId, word.symbol)
  const taken = await fenced(parts, word, (trx) => takeLocked(trx, parts, word, { quote, cost }))
  if (taken instanceof Refusal || taken === 'no gap') return taken
  await afterNews(parts, taken.after)
  return taken.told
}

interface Taken {
  told: QueuedNotice<ReconcileNotice>[]
  after: AfterNews
}

async function takeLocked(
  trx: Trx,
  parts: Parts,
  word: Word,
  { quote, cost }: { quote?: Quote; cost?: Big },
): Promise<Taken | Refusal | 'no gap'> {
  const { accountId, memberId, conversationId, symbol, as } = word
  const at = parts.clock.now()
  const gap = (await unexplainedGaps(trx, accountId)).get(symbol)
  if (!gap) return 'no gap'
  const open = await lockOpenPosition(trx, accountId, symbol)
  const ledger = open?.signedQuantity ?? zero
  const target = ledger.plus(gap.gap)
  const own = ownUnits(ledger, gap.gap)
  const grows = own.abs().gt(ledger.abs())
  const came = grows && !word.price ? priceOfNew(open, own, gap.venue, { quote, cost }) : undefined
  const price = word.price ?? came?.price
  if (grows && !price) return noPriceFor(symbol)
  await beginDay(trx, accountId, at)
  const before = open ?? (await newPosition(trx, { accountId, symbol, conversationId }, at))
  if (open) await setMissing(trx, open.id, zero)
  const base = open ? await lockAgain(trx, open) : before
  const { holding, gone } = adjusted(base, own, price)
  const position = await savePosition(trx, base, holding, at)
  if (!own.eq(target)) {
    await setExternal(trx, accountId, symbol, (await externalIn(trx, accountId, symbol)).plus(target), at)
  }
  await keepAdjustment(
    trx,
    {
      gapId: gap.id,
      because: as === 'done' ? 'the member traded at the broker' : 'the broker’s quantity was adopted',
      positionId: position.id,
      accountId,
      before: { ...base, symbol },
      after: { ...holding, symbol },
      paidOut: gone,
    },
    at,
  )
  await endGap(trx, gap.id, as, at, memberId)
  const mark = quote && !quote.stale ? quote.last : undefined
  // Units without a known price are no result of this day.
  const brought = mark && !word.price ? unrealizedPnl(position, mark).minus(unrealizedPnl(base, mark)) : zero
  if (mark) await noteRecorded(trx, position, mark, brought.plus(word.price ? zero : (gone?.realizedPnl ?? zero)), at)
  const conversations = await endWith(trx, parts, position, at)
  const ends = position.workingQuantity.gt(position.signedQuantity.abs())
    ? await trimReservations(trx, position, at)
    : []
  const notice = { kind: 'books.adopted' as const, position, before: base, gap, as, gone, price: word.price, came }
  const told = await queueNotice(trx, parts, { conversationId, accountId, at }, notice, 'door')
  const watching = await appendEvent(trx, parts, {
    type: 'books_agree',
    data: { because: as },
    ...{ symbol, accountId, memberId, conversationId, positionId: position.id, at },
    dedupeKey: `gap-${gap.id}-ended`,
  })
  await announcePosition(parts, position.id)
  return {
    told: [told],
    after: {
      conversations: [...conversations, ...watching],
      chunks: [],
      announce: [position.id],
      protect: [{ id: position.id, accountId }],
      ends,
    },
  }
}

/**
 * The price of units that came without one. The broker's average is that of all its units: where these are the desk's, what came costs
 * what they leave.
 */
function priceOfNew(
  open: Position | undefined,
  own: Big,
  venue: Big,
  { quote, cost }: { quote?: Quote; cost?: Big },
): { price: Big; from: PriceTaken } | undefined {
  if (!cost) return quote && { price: quote.last, from: 'at market' }
  const units = own.abs().minus(open?.signedQuantity.abs() ?? zero)
  return { price: own.eq(venue) ? costOfRest(cost, units, open) : cost, from: 'at cost' }
}

const lockAgain = async (trx: Trx, { accountId, symbol }: Position) => (await lockOpenPosition(trx, accountId, symbol))!

/** Ends the scaleout and the orders for later of a position that is gone. */
async function endWith(trx: Trx, parts: Parts, position: Position, at: Date): Promise<number[]> {
  if (!position.signedQuantity.eq(0)) return []
  const because = 'the position is closed'
  const scaleout = await lockRunningScaleout(trx, position.id)
  const ended = scaleout ? (await cancelScaleout(trx, parts, scaleout, position, because, at)).conversations : []
  return [...ended, ...(await endScheduledWith(trx, parts, [position], at))]
}

/**
 * Leaves a difference as it is, without a further word. Units that the broker shows more are not the desk's from then on, and nothing
 * is frozen. Units that it shows fewer stay frozen: nobody may sell them.
 */
export async function leaveGap(
  parts: Parts,
  { accountId, memberId, conversationId, symbol }: Omit<Word, 'as' | 'price'>,
): Promise<Told | 'no gap'> {
  const at = parts.clock.now()
  return fenced(parts, { accountId }, async (trx) => {
    const gap = (await unexplainedGaps(trx, accountId)).get(symbol)
    if (!gap) return 'no gap'
    const open = await lockOpenPosition(trx, accountId, symbol)
    const ledger = open?.signedQuantity ?? zero
    const external = await externalIn(trx, accountId, symbol)
    const venue = ledger.plus(external).plus(gap.gap)
    const isMissing = missingOf({ ledger, venue }).gt(0)
    if (isMissing) await ignoreGap(trx, gap.id, memberId)
    else {
      await setExternal(trx, accountId, symbol, external.plus(gap.gap), at)
      await endGap(trx, gap.id, 'external', at, memberId)
    }
    const notice = { kind: 'books.ignored' as const, gap, isFrozen: isMissing }
    return [await queueNotice(trx, parts, { conversationId, accountId, at }, notice, 'door')]
  })
}

function noPriceFor(symbol: string): Refusal {
  return new Refusal(
    'NO_FRESH_PRICE',
    `There is no current price for ${symbol}, so the cost of these units is not known. Nothing was done.`,
    `Say it: \`adopt ${symbol} @ 1.25\``,
  )
}
