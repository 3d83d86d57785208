import { Big, zero } from '../../base/amounts.ts'
import { announcePosition } from '../../infra/db/announce.ts'
import type { Trx } from '../../infra/db/client.ts'
import { instrumentNamed } from '../../market/held-symbols.ts'
import type { Instrument } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import type { VenueCorporateAction } from '../../venues/venue.ts'
import { moveAccount } from '../corporate-actions/move-account.ts'
import { sendUnsent } from '../corporate-actions/place-anew.ts'
import { priceOfOldUnit } from '../corporate-actions/prices.ts'
import { quieten, shortLooks } from '../corporate-actions/quiet.ts'
import { affectedBy } from '../corporate-actions/rows/affected.ts'
import { advance } from '../corporate-actions/rows/corporate-actions.ts'
import { inNewUnits, type Ratio, unchanged, wholeLots } from '../corporate-actions/rules/split.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { openPosition } from '../positions/rows/positions.ts'
import { type BookedCash, bookCash } from './cash-in-lieu.ts'
import { fenced, type LookedAt } from './fence.ts'
import { type Books, externalIn, readBooks, setExternal } from './rows/books.ts'
import { fractionOwed, unusedCash, useCash } from './rows/cash-in-lieu.ts'
import { homeOf, lastLook, saveActionsCursor } from './rows/looks.ts'
import { beginOwnAction, noteAction, settleAction, type VenueAction, waitingActions } from './rows/venue-actions.ts'
import { ratioOf } from './rules/ratio.ts'

const mostPages = 50
/** Units below a lot of one that a venue may keep. */
const finest = new Big('0.000000001')

/**
 * Writes the corporate actions that a venue has reported since the last look. On the first look they are the past. A split or another
 * symbol of something that the account holds waits until the venue's quantity shows it; other actions change no quantity.
 */
export async function importActions(parts: Parts, looked: LookedAt, isFirst: boolean): Promise<void> {
  const { accountId } = looked
  const { venue, account } = await parts.venues.of(accountId)
  if (!venue.corporateActions) return
  let cursor = (await lastLook(parts.db, accountId))?.actionsCursor
  for (let page = 0; page < mostPages; page++) {
    const { actions, cursor: next } = await venue.corporateActions(account, cursor)
    for (const action of actions) await importAction(parts, looked, action, isFirst)
    if (next !== cursor) await saveActionsCursor(parts.db, accountId, next)
    if (actions.length === 0 || next === cursor) break
    cursor = next
  }
}

async function importAction(
  parts: Parts,
  looked: LookedAt,
  action: VenueCorporateAction,
  isFirst: boolean,
): Promise<void> {
  const { accountId } = looked
  const done = await fenced(parts, looked, async (trx) => {
    const books = await readBooks(trx, accountId)
    const isHeld = books.positions.has(action.symbol) || books.external.has(action.symbol)
    const moves = (action.kind === 'split' || action.kind === 'symbol') && isHeld && !isFirst
    const id = await noteAction(trx, accountId, action, moves ? 'waiting' : 'noted')
    if (id === undefined || moves || isFirst || action.kind === 'split' || action.kind === 'symbol') return undefined
    const [paid] = action.kind === 'cash_in_lieu' ? await unusedCash(trx, accountId, id) : []
    const booked = paid && (await bookCash(trx, parts, accountId, paid))
    return isHeld || booked ? tellAction(trx, parts, accountId, { ...action, kind: action.kind }, booked) : undefined
  })
  if (done) await afterTold(parts, done)
}

interface ToldAction {
  conversationId?: number
  booked?: BookedCash
}

/** Queues the notice about an action that changes no quantity, with the P&L that it has brought. */
async function tellAction(
  trx: Trx,
  parts: Parts,
  accountId: number,
  {
    symbol,
    kind: what,
    cash,
    words,
  }: Pick<VenueCorporateAction, 'symbol' | 'cash' | 'words'> & {
    kind: 'dividend' | 'cash_in_lieu' | 'other'
  },
  booked: BookedCash | undefined,
): Promise<ToldAction> {
  const conversationId = booked?.conversationId ?? (await homeOf(trx, accountId)).conversationId
  if (conversationId === undefined) return { booked }
  const notice = { kind: 'books.action' as const, symbol, what, cash, words, booked }
  await queueNotice(trx, parts, { conversationId, accountId, at: parts.clock.now() }, notice, 'outbox')
  return { conversationId, booked }
}

async function afterTold(parts: Parts, { conversationId, booked }: ToldAction): Promise<void> {
  if (booked) await announcePosition(parts, booked.positionId)
  if (conversationId !== undefined) await wakeReplies(parts, [conversationId])
}

/**
 * Books cash for fractions that came before its split had moved the account, and that the split did not count: another process may
 * have applied the split meanwhile.
 */
export async function bookLateCash(parts: Parts, looked: LookedAt): Promise<void> {
  const { accountId } = looked
  for (const unused of await unusedCash(parts.db, accountId)) {
    if (!(await fractionOwed(parts.db, accountId, unused))) continue
    const done = await fenced(parts, looked, async (trx) => {
      const [paid] = await unusedCash(trx, accountId, unused.id)
      const booked = paid && (await bookCash(trx, parts, accountId, paid))
      return booked && tellAction(trx, parts, accountId, { ...paid, kind: 'cash_in_lieu' }, booked)
    })
    if (done) await afterTold(parts, done)
  }
}

/** The effect of a waiting action that the venue's quantities show by now. */
interface Shown {
  action: VenueAction
  ratio: Ratio
  newSymbol: string
  lot: Big
}

/**
 * Carries out the waiting actions of an account that agree with the quantities at its venue (`shown`, by symbol). Returns whether
 * anything moved, and the symbols of actions that the quantities do not show yet.
 */
export async function applyActions(
  parts: Parts,
  looked: LookedAt,
  shown: Map<string, Big>,
): Promise<{ hasMoved: boolean; waiting: Set<string> }> {
  const waiting = new Set<string>()
  let hasMoved = false
  for (const action of await waitingActions(parts.db, looked.accountId)) {
    const books = await readBooks(parts.db, looked.accountId)
    const effect = effectOf(action, books, shown)
    if (effect === 'nothing held') await settleAction(parts.db, action.id, 'noted')
    else if (effect === 'not shown') {
      waiting.add(action.symbol)
      if (action.newSymbol) waiting.add(action.newSymbol)
    } else if (await carryOut(parts, looked, effect)) hasMoved = true
    else waiting.add(action.symbol)
  }
  return { hasMoved, waiting }
}

/** The effect that the venue's quantity shows; the fraction of a unit may be paid out. */
function effectOf(action: VenueAction, books: Books, shown: Map<string, Big>): Shown | 'nothing held' | 'not shown' {
  const held = books.positions.get(action.symbol)?.signedQuantity ?? zero
  const total = held.plus(books.external.get(action.symbol) ?? zero)
  if (held.eq(0) && total.eq(0)) return 'nothing held'
  const newSymbol = action.newSymbol ?? action.symbol
  const now = shown.get(newSymbol) ?? zero
  const isRenamed = newSymbol !== action.symbol
  // Units in the old symbol: the venue has not renamed them yet.
  if (isRenamed && shown.has(action.symbol)) return 'not shown'
  const ratio = action.kind === 'symbol' && !action.ratio ? unchanged : ratioOf(action, now)
  if (!ratio || (now.eq(total) && !isRenamed && !ratio.to.eq(ratio.from))) return 'not shown'
  const expected = inNewUnits(total, ratio)
  const off = expected.minus(now)
  const isThere = off.abs().lt(1) && off.times(total).gte(0)
  if (!isThere) return 'not shown'
  return { action, ratio, newSymbol, lot: now.mod(1).eq(0) && off.abs().lt(1) ? new Big(1) : finest }
}

/** Moves the account as the desk's own action does. False while something is under way that cannot be taken back. */
async function carryOut(parts: Parts, looked: LookedAt, { action, ratio, newSymbol, lot }: Shown): Promise<boolean> {
  const { accountId } = looked
  const at = parts.clock.now()
  const known = (await instrumentNamed(parts.market, newSymbol)) ?? parts.market.instrument(action.symbol)
  const instrument: Pick<Instrument, 'symbol' | 'lot' | 'tick'> = {
    lot,
    tick: known?.tick ?? new Big('0.01'),
    symbol: newSymbol,
  }
  const [quote, affected] = await Promise.all([
    marksOf(parts.market).quote(action.symbol),
    affectedBy(parts.db, action.symbol),
  ])
  const oldPrice = newSymbol === action.symbol ? priceOfOldUnit(affected, quote, ratio) : undefined
  const own = await fenced(parts, looked, async (trx) => {
    const home = await homeOf(trx, accountId)
    const books = await readBooks(trx, accountId)
    const held = books.positions.get(action.symbol)
    const fraction = held && fractionOf(held.signedQuantity, ratio, lot)
    // Without a conversation nobody ever traded here: only what is external moves.
    if (home.conversationId === undefined) return undefined
    const cash = fraction?.gt(0) ? (await unusedCash(trx, accountId)).find(isFor(action)) : undefined
    const own = await beginOwnAction(
      trx,
      {
        ...{
          action,
          accountId,
          memberId: home.memberId,
          conversationId: home.conversationId,
          ratio,
          newSymbol,
          oldPrice,
        },
        cashPrice: cash?.cash.abs().div(atLeast(fraction!, cash.quantity)),
      },
      at,
    )
    if (cash && own.isNew) await useCash(trx, cash.id, own.id)
    return own
  })
  if (own && own.state !== 'done') {
    const account = { accountId, name: '' }
    const terms = { ratio, instrument }
    let left = await moveAccount(parts, own, account, terms)
    if (left.length > 0 && (await quieten(parts, own, shortLooks, accountId)).length === 0)
      left = await moveAccount(parts, own, account, terms)
    await sendUnsent(parts, own)
    if (left.length > 0) return false
    await advance(parts.db, own, 'done', parts.clock.now())
    const moved = await openPosition(parts.db, accountId, newSymbol)
    if (moved) parts.protector.follow([{ id: moved.id, accountId }])
  }
  await fenced(parts, looked, async (trx) => {
    const external = await externalIn(trx, accountId, action.symbol)
    if (!external.eq(0)) {
      const units = wholeLots(external.abs(), ratio, lot).times(external.lt(0) ? -1 : 1)
      await setExternal(trx, accountId, action.symbol, zero, at)
      await setExternal(trx, accountId, newSymbol, units.plus(await externalIn(trx, accountId, newSymbol)), at)
    }
    await settleAction(trx, action.id, 'applied')
  })
  return true
}

/** Is cash for a fraction that of this split? */
const isFor =
  ({ symbol, newSymbol, at }: VenueAction) =>
  (cash: { symbol: string; at: Date }) =>
    (cash.symbol === symbol || cash.symbol === newSymbol) && cash.at >= at

/** The units that cash was paid for: the desk's own fraction, or more where something external was paid out with it. */
const atLeast = (fraction: Big, quantity?: Big) => (quantity?.abs().gt(fraction) ? quantity.abs() : fraction)

const fractionOf = (signedQuantity: Big, ratio: Ratio, lot: Big) =>
  inNewUnits(signedQuantity.abs(), ratio).minus(wholeLots(signedQuantity.abs(), ratio, lot))
