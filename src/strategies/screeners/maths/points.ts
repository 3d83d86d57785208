import type { Gate, Item, Scored } from '../strategy.ts'

/**
 * A line from 0 points at `none` to `most` points at `full`, and level beyond both: `ramp(1.2, 1, 1.4, 10)` is 5. `none` may be
 * above `full`.
 */
export function ramp(value: number, none: number, full: number, most: number): number {
  const share = (value - none) / (full - none)
  return share <= 0 ? 0 : share >= 1 ? most : share * most
}

/** A part of the score; its points are rounded to hundredths, so that the shown parts sum to the shown score. */
export function item(part: string, name: string, points: number, of: number, text: string): Item {
  return { part, name, points: Math.round(points * 100) / 100, of, text }
}

/** The result of items and gates. Lacking data has no item: the score is in percent of what the items could give. */
export function scored(
  { items, gates, lacking }: { items: Item[]; gates: Gate[]; lacking: string[] },
  minScore: number,
  price: number,
  facts: Scored['facts'],
): Scored {
  let hundredths = 0
  let of = 0
  for (const part of items) {
    hundredths += Math.round(part.points * 100)
    of += part.of
  }
  const score = of === 0 ? 0 : Math.round((hundredths * 100) / of) / 100
  const reasons = gates.filter(({ passed }) => !passed).map(({ text }) => text)
  if (score < minScore) reasons.push(`score ${score.toFixed(2)}, of the ${minScore} that it needs`)
  return {
    passed: reasons.length === 0,
    score,
    items,
    gates,
    reasons,
    lacking,
    price: shownPrice(price),
    facts: shortened(facts),
  }
}

/** A close as it is shown everywhere: in cents from $10 on, to hundredths of a cent below. Adjusted ones have more decimals than any price. */
function shownPrice(price: number): number {
  return Number(price < 0.01 ? price.toPrecision(4) : price.toFixed(price < 10 ? 4 : 2))
}

/** Six digits say all that a price or a share has to say. */
function shortened(facts: Scored['facts']): Scored['facts'] {
  const short: Scored['facts'] = {}
  for (const [name, fact] of Object.entries(facts)) {
    short[name] = typeof fact === 'number' ? Number(fact.toPrecision(6)) : fact
  }
  return short
}
