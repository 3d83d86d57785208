import { Refusal } from '../../../base/refusal.ts'
import type { Market } from '../../../market/market.ts'
import { valuesOf } from '../read-slots.ts'
import type { SlotValues } from '../slot-values.ts'

/** The values with the answered own terms in the place of the choice; a refusal when they cannot be read. */
export function withCustomTerms(slots: SlotValues, market: Market): SlotValues | Refusal {
  const { terms, words } = slots
  if (terms === undefined || terms instanceof Refusal) return terms ?? slots
  const { terms: _, speed: __, ...rest } = words
  return valuesOf({ ...rest, ...terms }, market)
}
