import { Big, isMultiple } from '../../../base/amounts.ts'

/** From so many lots on, chunks are whole lots, and the last one takes the part of a lot. */
const manyLots = 40
/** The least worth of the step of chunks, in dollars: brokers take no order for a part of a share that is worth less. */
const leastWorth = new Big(1)
const ten = new Big(10)

/**
 * The step of the chunks of a scaleout of `total` units, worth `price` dollars each. Whole lots stay whole. A position with a part of a
 * lot, and with few lots, is sold in parts, where the venue trades them (`step`): in the smallest decimal one that is worth a dollar.
 */
export function chunkStep(total: Big, { lot, step = lot }: { lot: Big; step?: Big }, price: Big): Big {
  if (step.gte(lot) || isMultiple(total, lot) || total.gte(lot.times(manyLots))) return lot
  let part = lot
  for (;;) {
    const finer = part.div(ten)
    if (finer.lt(step) || finer.times(price).lt(leastWorth)) return part
    part = finer
  }
}
