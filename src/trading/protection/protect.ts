import type { Big } from '../../base/amounts.ts'
import { priceText, quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import { marksOf } from '../../market/marks.ts'
import { appendEvent } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { QueuedNotice } from '../notice.ts'
import { noPrice } from '../orders/fresh-price.ts'
import { othersInTheWay } from '../orders/in-the-way.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { lockOpenPosition, type Position } from '../positions/rows/positions.ts'
import { keepUndoable, keptLevel, keptPart, type NewUndoable } from '../positions/rows/undoables.ts'
import { positionText } from '../positions/rules/describe.ts'
import { closingSide } from '../positions/rules/position.ts'
import { noPosition } from '../scaleouts/begin.ts'
import { allClosedBefore, wasEnded, wasSet } from './protection-event.ts'
import { cancelPartLevels, type PartLevel } from './rows/part-levels.ts'
import {
  cancelProtectiveOrder,
  type Level,
  lockProtection,
  type Protection,
  type ProtectionKind,
  setProtectiveOrder,
  touchedLevel,
} from './rows/protective-orders.ts'
import { isTighter, partsBehind } from './rules/protection.ts'
import { isThere, thereAlready } from './there-already.ts'
import { beingClosed, levelOf, noFreshPrice, outOfRange, reasonAgainstLevel, type WantedLevel } from './wanted-level.ts'
import { watchedWeakly } from './watched-weakly.ts'

/** A request to set levels. */
export interface Protect {
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  levels: WantedLevel[]
  /** Refuse a stop that is not tighter than the working one. */
  onlyTighter?: boolean
}

/** The position whose levels changed, and the notices for the member. */
export interface ProtectionResult {
  positionId: number
  told: QueuedNotice[]
}

/**
 * Sets the stop, the target, or both, of an open position, for exactly the open quantity: all given levels or none. It refuses
 * a level that the price has passed already, naming both numbers, and refuses every level while the price is not fresh. A level
 * that is there already stays as it is, and a request for nothing else is refused. Levels of parts behind a new level end, since
 * the whole position is closed before the price gets there.
 */
export async function protectPosition(parts: Parts, wanted: Protect): Promise<ProtectionResult | Refusal> {
  const quote = await marksOf(parts.market).quote(wanted.symbol)
  const weak = quote?.weak && (await watchedWeakly(parts, wanted.accountId, wanted.symbol))
  const result = await parts.db.transaction().execute(async (trx) => {
    const position = await lockOpenPosition(trx, wanted.accountId, wanted.symbol)
    if (!position) return noPosition(wanted.symbol)
    const unusable = noPrice(quote)
    if (unusable) return noFreshPrice(wanted.symbol, unusable)
    const touched = await touchedLevel(trx, position.id)
    if (touched) return beingClosed(wanted.symbol, wanted.levels.map(({ kind }) => kind).join(' and '), touched)
    const before = await lockProtection(trx, position.id)
    const levels: Level[] = []
    for (const one of wanted.levels) {
      const level = levelOf(position, one, quote!)
      const wrong =
        (level.trail && outOfRange(level.trail, quote!)) ??
        reasonAgainstLevel(position, level, quote!) ??
        (wanted.onlyTighter && looser(position, level, before))
      if (wrong) return wrong
      if (isThere(level, before[level.kind])) continue
      levels.push({ ...level, memberId: wanted.memberId, conversationId: wanted.conversationId })
    }
    if (levels.length === 0) return thereAlready(wanted.symbol, wanted.levels, before)
    const at = parts.clock.now()
    const after: Protection = { ...before }
    const watching: number[] = []
    for (const level of levels) {
      const order = await setProtectiveOrder(trx, position, level, at)
      watching.push(...(await appendEvent(trx, parts, wasSet(order, before[level.kind], at))))
      after[level.kind] = order
    }
    const behind = partsBehind(before.parts ?? [], levels, position.signedQuantity)
    await cancelPartLevels(trx, position.id, behind, allClosedBefore, at)
    for (const level of behind)
      watching.push(...(await appendEvent(trx, parts, wasEnded(level, wanted, allClosedBefore, at))))
    after.parts = before.parts?.filter((level) => !behind.includes(level))
    const kinds = levels.map(({ kind }) => kind)
    const name = `${kinds.map((kind) => `${kind} ${priceText(after[kind]!.price)}`).join(' and ')} of ${positionText(position)}`
    await keepUndoable(trx, undoableOf(wanted, position, { kinds, before, after, behind }, name, at))
    const to = { conversationId: wanted.conversationId, accountId: wanted.accountId, at }
    const notice = {
      kind: 'protection.set' as const,
      kinds,
      position,
      quote: quote!,
      protection: after,
      before,
      behind,
      ...(weak && { weak }),
    }
    const exit = { ...position, side: closingSide(position.signedQuantity) }
    return { positionId: position.id, told: [await queueNotice(trx, parts, to, notice, 'door')], watching, exit }
  })
  if (result instanceof Refusal) return result
  const { exit, ...done } = result
  await wakeReplies(parts, done.watching)
  parts.protector.follow([{ id: done.positionId, accountId: wanted.accountId }])
  return { ...done, told: [...done.told, ...(await othersInTheWay(parts, exit))] }
}

/** The part of a position's protection that a member names: one level, the trailing stop, or all of it. */
export type Protecting = ProtectionKind | 'trail' | 'bracket'

/** A request to remove protection. */
export interface Unprotect {
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  kind: Protecting
  /** Only the level at this price in dollars. */
  price?: Big
}

/** Removes protection from an open position. */
export async function unprotectPosition(parts: Parts, wanted: Unprotect): Promise<ProtectionResult | Refusal> {
  const kinds: ProtectionKind[] =
    wanted.kind === 'bracket' ? ['stop', 'target'] : [wanted.kind === 'target' ? 'target' : 'stop']
  const at = parts.clock.now()
  const result = await parts.db.transaction().execute(async (trx) => {
    const position = await lockOpenPosition(trx, wanted.accountId, wanted.symbol)
    if (!position) return noPosition(wanted.symbol)
    const before = await lockProtection(trx, position.id)
    const isMeant = ({ kind, price }: Pick<PartLevel, 'kind' | 'price'>) =>
      kinds.includes(kind) && (wanted.price?.eq(price) ?? true)
    const orders = [before.stop, before.target]
      .filter((order) => order !== undefined)
      .filter(isMeant)
      .filter(({ trail }) => wanted.kind !== 'trail' || trail)
    const gone = wanted.kind === 'trail' ? [] : (before.parts ?? []).filter(isMeant)
    if (orders.length + gone.length === 0) return notProtected(wanted)
    const after: Protection = { ...before }
    const watching: number[] = []
    for (const order of orders) {
      await cancelProtectiveOrder(trx, order, 'taken back', at)
      after[order.kind] = undefined
      watching.push(...(await appendEvent(trx, parts, wasEnded(order, wanted, 'taken back', at))))
    }
    await cancelPartLevels(trx, position.id, gone, 'taken back', at)
    for (const level of gone)
      watching.push(...(await appendEvent(trx, parts, wasEnded(level, wanted, 'taken back', at))))
    after.parts = before.parts?.filter((level) => !gone.includes(level))
    const what = [
      ...orders.map(({ kind, price }) => `${kind} ${priceText(price)}`),
      ...gone.map(({ kind, price, quantity }) => `${kind} ${priceText(price)} for ${quantityText(quantity)}`),
    ].join(' and ')
    const name = `taking the ${what} of ${positionText(position)} away`
    const change = { kinds: orders.map(({ kind }) => kind), before, after, behind: gone }
    await keepUndoable(trx, undoableOf(wanted, position, change, name, at))
    const to = { conversationId: wanted.conversationId, accountId: wanted.accountId, at }
    const notice = { kind: 'protection.removed' as const, position, ended: [...orders, ...gone] }
    return { positionId: position.id, told: [await queueNotice(trx, parts, to, notice, 'door')], watching }
  })
  if (result instanceof Refusal) return result
  await wakeReplies(parts, result.watching)
  parts.protector.follow([{ id: result.positionId, accountId: wanted.accountId }])
  return result
}

/** The state needed to undo a change of levels. */
function undoableOf(
  { accountId, memberId, conversationId, symbol }: Protect | Unprotect,
  { id: positionId }: Position,
  {
    kinds,
    before,
    after,
    behind,
  }: { kinds: ProtectionKind[]; before: Protection; after: Protection; behind: PartLevel[] },
  what: string,
  at: Date,
): NewUndoable {
  const levels = kinds.map((kind) => ({
    kind,
    isNow: after[kind]?.id ?? null,
    was: before[kind] && keptLevel(before[kind]),
  }))
  const parts = behind.length > 0 ? { set: [], ended: behind.map(keptPart) } : undefined
  return { kind: 'levels', accountId, memberId, conversationId, symbol, what, at, state: { positionId, levels, parts } }
}

function looser(position: Position, level: Pick<Level, 'kind' | 'price'>, before: Protection): Refusal | undefined {
  const now = before[level.kind]
  if (level.kind !== 'stop' || !now || isTighter(position.signedQuantity, level.price, now.price)) return undefined
  return new Refusal(
    'STOP_NOT_TIGHTER',
    `The stop of ${position.symbol} at ${priceText(now.price)} saves as much as one at ${priceText(level.price)}, or more. Nothing was done.`,
    `\`stop ${position.symbol} ${level.price.toFixed()}\` ${now.trail ? 'asks, and sets' : 'sets'} it there all the same`,
  )
}

function notProtected({ symbol, kind, price }: Unprotect): Refusal {
  const at = price ? ` at ${priceText(price)}` : ''
  const what = kind === 'trail' ? 'trailing stop' : kind === 'bracket' ? 'stop and no target' : kind
  return new Refusal(
    'NOT_PROTECTED',
    `${symbol} has no ${what}${at}. Nothing was done.`,
    '`positions` shows what there is',
  )
}
