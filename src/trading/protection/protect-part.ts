import { type Big, sum } from '../../base/amounts.ts'
import { priceText, quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import { marksOf } from '../../market/marks.ts'
import { appendEvent } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { noPrice } from '../orders/fresh-price.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { lockOpenPosition, type Position } from '../positions/rows/positions.ts'
import { keepUndoable, keptPart } from '../positions/rows/undoables.ts'
import { positionText } from '../positions/rules/describe.ts'
import { noPosition } from '../scaleouts/begin.ts'
import type { ProtectionResult } from './protect.ts'
import { partWasSet, wasEnded } from './protection-event.ts'
import { cancelPartLevels, type PartLevel, setPartLevel } from './rows/part-levels.ts'
import { lockProtection, type Protection, touchedLevel } from './rows/protective-orders.ts'
import { isBehind } from './rules/protection.ts'
import { beingClosed, levelOf, noFreshPrice, reasonAgainstLevel, type WantedLevel } from './wanted-level.ts'
import { watchedWeakly } from './watched-weakly.ts'

/** A request to set a level that closes a part of a position. */
export interface ProtectPart {
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  /** A price, or a return; nothing trails for a part. */
  level: WantedLevel
  /** The units of the part, given the open position; a refusal when the request makes no sense. */
  quantity: (position: Position) => Big | Refusal
  /** The ids of the levels that it takes the place of. A level at the same price always makes room. */
  inPlaceOf?: number[]
}

/**
 * Sets a stop or a target for a part of an open position, in units. All parts of a kind are together at most what is open, and a
 * part lies before the level that closes everything. What holds for a whole level holds for its price, too.
 */
export async function protectPart(parts: Parts, wanted: ProtectPart): Promise<ProtectionResult | Refusal> {
  const { accountId, memberId, conversationId, symbol, inPlaceOf = [] } = wanted
  const { kind } = wanted.level
  const quote = await marksOf(parts.market).quote(symbol)
  const weak = quote?.weak && (await watchedWeakly(parts, accountId, symbol))
  const at = parts.clock.now()
  const result = await parts.db.transaction().execute(async (trx) => {
    const position = await lockOpenPosition(trx, accountId, symbol)
    if (!position) return noPosition(symbol)
    const unusable = noPrice(quote)
    if (unusable) return noFreshPrice(symbol, unusable)
    const touched = await touchedLevel(trx, position.id)
    if (touched) return beingClosed(symbol, kind, touched)
    const before = await lockProtection(trx, position.id)
    const { price } = levelOf(position, wanted.level, quote!)
    const quantity = wanted.quantity(position)
    if (quantity instanceof Refusal) return quantity
    const replaced = partsOfKind(before, kind).filter((one) => one.price.eq(price) || inPlaceOf.includes(one.id))
    const wrong =
      reasonAgainstLevel(position, { kind, price }, quote!) ??
      behindAll(position, kind, price, before) ??
      moreThanOpen(position, kind, quantity, coveredBy(before, kind, replaced))
    if (wrong) return wrong
    await cancelPartLevels(trx, position.id, replaced, 'replaced', at)
    const level = await setPartLevel(trx, position, { kind, price, quantity, memberId, conversationId }, at)
    const watching: number[] = []
    for (const one of replaced) watching.push(...(await appendEvent(trx, parts, wasEnded(one, wanted, 'replaced', at))))
    watching.push(...(await appendEvent(trx, parts, partWasSet(level, at))))
    const state = { positionId: position.id, levels: [], parts: { set: [level.id], ended: replaced.map(keptPart) } }
    const what = `${kind} ${priceText(price)} for ${quantityText(quantity)} of ${positionText(position)}`
    await keepUndoable(trx, { kind: 'levels', accountId, memberId, conversationId, symbol, what, at, state })
    const others = (before.parts ?? []).filter((one) => !replaced.includes(one))
    const protection = { ...before, parts: [...others, level] }
    const notice = {
      kind: 'protection.part_set' as const,
      level,
      position,
      quote: quote!,
      protection,
      replaced,
      ...(weak && { weak }),
    }
    const told = [await queueNotice(trx, parts, { conversationId, accountId, at }, notice, 'door')]
    return { positionId: position.id, told, watching }
  })
  if (result instanceof Refusal) return result
  await wakeReplies(parts, result.watching)
  return result
}

/** The levels of parts of a kind. */
export function partsOfKind({ parts = [] }: Protection, kind: PartLevel['kind']): PartLevel[] {
  return parts.filter((level) => level.kind === kind)
}

/** The units that the levels of parts of a kind close together, without `replaced`. */
export function coveredBy(protection: Protection, kind: PartLevel['kind'], replaced: PartLevel[] = []): Big {
  return sum(partsOfKind(protection, kind).flatMap((one) => (replaced.includes(one) ? [] : one.quantity)))
}

function behindAll(
  { symbol, signedQuantity }: Position,
  kind: PartLevel['kind'],
  price: Big,
  protection: Protection,
): Refusal | undefined {
  const whole = protection[kind]
  if (!whole || !isBehind(kind, signedQuantity, price, whole.price)) return undefined
  const sentence = `The ${kind} of ${symbol} at ${priceText(whole.price)} closes everything before the price gets to ${priceText(price)}. Nothing was done.`
  const instead = `Name a price before ${priceText(whole.price)}, or \`${kind} ${symbol} off\` first`
  return new Refusal('PART_BEHIND_WHOLE', sentence, instead)
}

function moreThanOpen(
  { symbol, signedQuantity }: Position,
  kind: PartLevel['kind'],
  quantity: Big,
  covered: Big,
): Refusal | undefined {
  const open = signedQuantity.abs()
  if (quantity.plus(covered).lte(open)) return undefined
  const others = covered.gt(0) ? ` ${kind === 'stop' ? 'Stops' : 'Targets'} for ${quantityText(covered)} are set.` : ''
  return new Refusal(
    'QUANTITY_EXCEEDS_POSITION',
    `${quantityText(quantity)} is more than is left of ${quantityText(open)} ${symbol}.${others} Nothing was done.`,
    covered.gt(0) ? `\`${kind} ${symbol} off\` takes them away` : `Use a quantity up to ${quantityText(open)}`,
  )
}
