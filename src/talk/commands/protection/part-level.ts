import { priceText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { announcePosition } from '../../../infra/db/announce.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { coveredBy, type ProtectPart, partsOfKind, protectPart } from '../../../trading/protection/protect-part.ts'
import type { PartLevel } from '../../../trading/protection/rows/part-levels.ts'
import { type Protection, protectionOf } from '../../../trading/protection/rows/protective-orders.ts'
import type { WantedLevel } from '../../../trading/protection/wanted-level.ts'
import type { Given } from '../../language/slots.ts'
import { repliesOf } from '../../wording/index.ts'
import { type Ask, choose, type Hearing, numbered, type Outcome, say } from '../command.ts'
import { instrumentMeant } from '../instrument-meant.ts'
import { notAQuantity, partOf } from '../quantity.ts'
import type { SlotValues } from '../slot-values.ts'
import { notTraded } from '../symbol.ts'

/**
 * Sets a level for a part of a position. When the parts that have such a level already leave too little for it, it asks which
 * of them the new one takes the place of.
 */
export async function setPart(
  { parts, speaker }: Hearing,
  position: Position,
  level: WantedLevel,
  slots: SlotValues,
): Promise<Outcome> {
  const { words: given } = slots
  if (given.inPlaceOf === 'none') return say(`OK, no ${level.kind} was changed.`)
  const quantity = await quantityMeant({ parts }, position, slots)
  if (quantity instanceof Refusal) return quantity
  const protection = await protectionOf(parts.db, position.id)
  const inPlaceOf = placesIn(given, protection, level.kind)
  const { accountId, memberId, conversationId } = speaker
  const who = { accountId, memberId, conversationId, symbol: position.symbol }
  const done = await protectPart(parts, { ...who, level, quantity, inPlaceOf })
  if (done instanceof Refusal) return mayAsk(done, position, level, quantity, protection, given) ?? done
  await announcePosition(parts, done.positionId)
  return { replies: repliesOf(done.told) }
}

/** The units of the part, for the position at the time of the act. */
async function quantityMeant(
  { parts }: Pick<Hearing, 'parts'>,
  position: Position,
  { part }: SlotValues,
): Promise<ProtectPart['quantity'] | Refusal> {
  if (part instanceof Refusal) return part
  if (!part || (part.dollars ?? part.price) !== undefined) return notAQuantity()
  const instrument = await instrumentMeant(parts, position.accountId, position.symbol, part)
  if (!instrument) return notTraded(position.symbol, parts.market.name)
  return partOf(part, instrument)
}

/** The ids of the levels that an answer names. */
function placesIn({ inPlaceOf }: Given, protection: Protection, kind: PartLevel['kind']): number[] {
  if (inPlaceOf === undefined) return []
  return inPlaceOf === 'all' ? partsOfKind(protection, kind).map(({ id }) => id) : [Number(inPlaceOf)]
}

/** The question which levels make room; undefined when that is not what is wrong, or would not help. */
function mayAsk(
  refusal: Refusal,
  position: Position,
  level: WantedLevel,
  quantity: ProtectPart['quantity'],
  protection: Protection,
  given: Given,
): Ask | undefined {
  const wanted = quantity(position)
  const open = position.signedQuantity.abs()
  const present = partsOfKind(protection, level.kind)
  if (refusal.code !== 'QUANTITY_EXCEEDS_POSITION' || wanted instanceof Refusal || present.length === 0)
    return undefined
  if (given.inPlaceOf !== undefined || wanted.gt(open)) return undefined
  const { kind } = level
  const fit = present.filter((one) => wanted.plus(coveredBy(protection, kind, [one])).lte(open))
  const ways = [
    ...fit.map((one) => ({ value: String(one.id), label: `${quantityText(one.quantity)} @ ${priceText(one.price)}` })),
    ...(present.length > 1 ? [{ value: 'all', label: 'All of them' }] : []),
    { value: 'none', label: 'NO - Leave them' },
  ]
  const covered = quantityText(coveredBy(protection, kind))
  const text = [
    `🤔 ${covered} OF ${quantityText(open)} ${position.symbol} HAVE A ${kind.toUpperCase()} ALREADY`,
    `Which one does the ${kind} for ${quantityText(wanted)} take the place of?`,
    numbered(ways.map(({ label }) => label)),
    '',
    `💡 Reply with a number from 1 to ${ways.length}`,
  ].join('\n')
  const choices = ways.map(({ value, label }) => ({ value, label: label.replace(/ - .*/, '') }))
  return choose('inPlaceOf', 'Which one makes room?', text, choices, { ...given, symbol: position.symbol })
}
