import type { Big } from '../../../base/amounts.ts'

/** The level of a price alert, in the symbol's currency a unit: one of the two is set. */
export interface AlertLevel {
  above?: Big
  below?: Big
}

/** Has a price got to the level of an alert? */
export function isReached({ above, below }: AlertLevel, price: Big): boolean {
  return above ? price.gte(above) : below !== undefined && price.lte(below)
}

/** The side of a level without one, such as `240`: the price has to cross it from where it is now. */
export function sideOf(level: Big, price: Big): AlertLevel {
  return level.gt(price) ? { above: level } : { below: level }
}
