import { Big, least, sum, zero } from '../../../base/amounts.ts'
import { inNewUnits, priceOfNewUnit, type Ratio, wholeLots } from './split.ts'

/** A remaining chunk: its quantity, and the index of the waiting chunk whose turn it takes. */
export interface SplitChunk {
  turn: number
  quantity: Big
}

/**
 * Divides `rest`, whole lots in new units, among the waiting chunks, in proportion to their quantities. With fewer lots than
 * chunks there are fewer chunks, over the same time. The sum is exactly `rest`, and no chunk is empty.
 */
export function splitChunks(waiting: Big[], rest: Big, lot: Big): SplitChunk[] {
  const lots = rest.div(lot)
  const count = lots.lt(waiting.length) ? lots.toNumber() : waiting.length
  const positive = waiting.map((quantity) => (quantity.gt(0) ? quantity : zero))
  const weights = sum(positive).gt(0) ? positive : positive.map(() => new Big(1))
  const whole = sum(weights)
  const chunks: SplitChunk[] = []
  let before = zero
  for (let index = 0; index < count; index++) {
    const turn = Math.floor(((index + 1) * waiting.length) / count) - 1
    const share = lots.times(sum(weights.slice(0, turn + 1)))
    const until = share.minus(share.mod(whole)).div(whole)
    // At least one lot, leaving at least one for each later chunk.
    const one = before.plus(1)
    const reached = least(until.gt(one) ? until : one, lots.minus(count - 1 - index))
    chunks.push({ turn, quantity: reached.minus(before).times(lot) })
    before = reached
  }
  return chunks
}

/** The amounts of a scaleout that a split changes. */
export interface ScaleoutAmounts {
  totalQuantity: Big
  soldQuantity: Big
  /** Dollars a unit. */
  decisionPrice: Big
  /** Of a smart scaleout, in dollars. */
  usualSpread?: Big
  /** Its floor or cap, in dollars a unit. */
  boundPrice?: Big
}

/**
 * The amounts of a scaleout after a split. The sold quantity is converted for the same dollars, so the shortfall stays the
 * same. The rest is whole lots, and no more than the open quantity (`open`).
 */
export function splitScaleout<Amounts extends ScaleoutAmounts>(
  scaleout: Amounts,
  ratio: Ratio,
  lot: Big,
  open: Big,
): Amounts & { rest: Big } {
  const left = scaleout.totalQuantity.minus(scaleout.soldQuantity)
  const rest = left.gt(0) ? least(wholeLots(left, ratio, lot), open) : zero
  const soldQuantity = inNewUnits(scaleout.soldQuantity, ratio)
  return {
    ...scaleout,
    soldQuantity,
    totalQuantity: soldQuantity.plus(rest),
    decisionPrice: priceOfNewUnit(scaleout.decisionPrice, ratio),
    boundPrice: scaleout.boundPrice && priceOfNewUnit(scaleout.boundPrice, ratio),
    usualSpread: scaleout.usualSpread && priceOfNewUnit(scaleout.usualSpread, ratio),
    rest,
  }
}
