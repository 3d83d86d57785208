import { Big } from '../../base/amounts.ts'
import { averageText, dollarsText, priceText } from '../../base/format.ts'
import type { Scaleout } from '../../trading/scaleouts/rows/scaleouts.ts'
import { implementationShortfall, type Shortfall } from '../../trading/scaleouts/rules/shortfall.ts'

/** The implementation shortfall of a scaleout. */
export function shortfallOf({ side, decisionPrice, soldQuantity, proceeds }: Scaleout): Shortfall {
  return implementationShortfall(side, decisionPrice, soldQuantity, proceeds)
}

/** The result of a scaleout: its average price against the price at the start. */
export function shortfallText(scaleout: Scaleout): string {
  const shortfall = shortfallOf(scaleout)
  const verdict = verdictText(shortfall.total)
  const each = verdict === noDifference ? '' : `${averageText(shortfall.perUnit.abs())} each, `
  return `📊 Average ${averageText(shortfall.averagePrice)} against ${priceText(scaleout.decisionPrice)} at the start: ${each}${verdict}`
}

const noDifference = 'no difference'

/** A shortfall in words: `$1.20 worse`, or `no difference` if it rounds to zero cents. */
export function verdictText(shortfall: Big): string {
  if (shortfall.round(2, Big.roundHalfEven).eq(0)) return noDifference
  return `${dollarsText(shortfall.abs())} ${shortfall.gt(0) ? 'worse' : 'better'}`
}
