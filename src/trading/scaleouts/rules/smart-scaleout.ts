import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { type Big, floorTo, zero } from '../../../base/amounts.ts'
import { chunksOf, type PlannedChunk } from './scaleout-plan.ts'

/** The expected market conditions while a scaleout runs. */
export interface SmartConditions {
  /** Expected volume of each bucket from now until the market closes, in units. */
  volumes: number[]
  /** The length of a bucket in planned milliseconds. */
  bucketMs: number
  /** Standard deviation of the return over a bucket: 0.002 is a fifth of a percent. */
  volatility: number
  /** The length of a session in planned milliseconds, for converting the volatility of a bucket to that of a day. */
  sessionMs: number
}

/** The plan of a scaleout that follows volume and volatility. */
export interface SmartPlan {
  chunks: PlannedChunk[]
  /** The total quantity over the volume that is expected during the plan. */
  participation: number
  /** The horizon of the plan in planned milliseconds; its last chunk is due before its end. */
  horizonMs: number
  /**
   * Planned milliseconds that a chunk waits for a wide spread to narrow. All such waits together take at most a quarter of the
   * horizon.
   */
  deferMs: number
}

/** The length of a smart scaleout, and its share of the market's volume. */
export type SmartPace = Pick<SmartPlan, 'participation' | 'horizonMs'>

/** The share of the expected volume that a plan aims at, and the most for any part of it, unless the whole exceeds that. */
export const participations = { aim: 0.05, most: 0.1 }

const minute = 60_000
/** The shortest and the longest plan, while the market stays open. */
const horizon = { least: 10 * minute, most: 60 * minute }
const chunkEvery = 3 * minute
const counts = { least: 10, most: 20 }

/** Risk aversion as a share of the sold value: Almgren and Chriss's 1e-6 per dollar, for ten million dollars. */
const aversion = 10
/**
 * Temporary impact in days' volatilities per unit of participation: 0.142·ρ^0.6 (see `slippageShare`) along its chord to ρ =
 * 0.1.
 */
const impact = (0.142 * participations.most ** 0.6) / participations.most
/** With a higher urgency nearly everything would be sold at once. */
const mostUrgency = 6

/**
 * The number of waits for a narrower spread before a chunk is cut, the multiple of the usual spread that counts as wide, and
 * the share left after a cut.
 */
export const patience = { waits: 2, wideFrom: 1.5, cutTo: 0.5 }

/**
 * Plans a scaleout of `total` along the optimal trajectory of Almgren and Chriss, "Optimal
 * Execution of Portfolio Transactions" (2000), x(u) = sinh(κ(1-u)) / sinh(κ). Here u is not time, but the share of the volume
 * that is expected until the horizon. The horizon is the shortest in which the total is a twentieth of that volume, from ten
 * minutes to an hour. No chunk is more than a tenth of the volume that is expected around it, unless the total is. The same
 * seed and conditions give the same plan.
 */
export function planSmartScaleout(total: Big, lot: Big, conditions: SmartConditions, seed: number): SmartPlan {
  const { bucketMs } = conditions
  const size = total.toNumber()
  const volumes = volumesUntilHorizon(size, conditions)
  const volume = volumes.reduce((all, one) => all + one, 0)
  const horizonMs = volumes.length * bucketMs
  const wanted = Math.min(counts.most, Math.max(counts.least, Math.round(horizonMs / chunkEvery)))
  const count = chunksOf(total, lot, wanted)
  const sold = limited(trajectory(count, urgency(size, volume, volumes.length, conditions)), size / volume)
  const random = xoroshiro128plus(seed)
  const chunks: PlannedChunk[] = []
  let [before, left] = [0, total]
  for (let index = 0; index < count; index++) {
    const share = (index + 0.25 + uniformFloat64(random) / 2) / count
    const last = index === count - 1
    const until = last ? zero : total.minus(floorTo(total.times(sold[index]!.toFixed(12)), lot))
    const quantity = left.minus(until)
    if (quantity.lte(0)) continue
    // Due times stay distinct and within the horizon, however thin the volume is.
    const due = Math.min(
      Math.max(Math.round(whenTraded(volumes, volume * share) * bucketMs), before + 1),
      horizonMs - count + index,
    )
    chunks.push({ number: chunks.length + 1, quantity, delayMs: due - before })
    before = due
    left = until
  }
  const deferMs = Math.floor(horizonMs / 4 / (patience.waits * chunks.length))
  return { chunks, participation: size / volume, horizonMs, deferMs }
}

/** The volumes of the plan's buckets: enough for the total to be a twentieth of them, within the bounds of the horizon. */
function volumesUntilHorizon(size: number, { volumes, bucketMs }: SmartConditions): number[] {
  const most = Math.max(1, Math.floor(horizon.most / bucketMs))
  let volume = 0
  for (let count = 1; count <= Math.min(most, volumes.length); count++) {
    volume += volumes[count - 1]!
    if (count * bucketMs >= horizon.least && size <= participations.aim * volume) return volumes.slice(0, count)
  }
  return volumes.slice(0, most)
}

/** κ of the trajectory, from κ² = λσ²/η in units of the total, the horizon and its volume. */
function urgency(size: number, volume: number, buckets: number, conditions: SmartConditions): number {
  const { volatility, sessionMs, bucketMs } = conditions
  const dailyVolatility = volatility * Math.sqrt(sessionMs / bucketMs)
  const risk = aversion * volatility ** 2 * buckets
  const cost = impact * dailyVolatility * (size / volume)
  return cost > 0 ? Math.min(mostUrgency, Math.sqrt(risk / cost)) : 0
}

/** The share of the total that each of `count` slices of equal expected volume sells. */
function trajectory(count: number, kappa: number): number[] {
  const left = (share: number) => (kappa < 1e-6 ? 1 - share : Math.sinh(kappa * (1 - share)) / Math.sinh(kappa))
  return Array.from({ length: count }, (_, index) => left(index / count) - left((index + 1) / count))
}

/** The cumulative shares, with the excess over a tenth of a slice's volume moved to later slices. */
function limited(shares: number[], participation: number): number[] {
  const even = 1 / shares.length
  const most = Math.max(even, (participations.most / participation) * even)
  const sold: number[] = []
  let [excess, total] = [0, 0]
  for (const share of shares) {
    const now = Math.min(most, share + excess)
    excess += share - now
    total += now
    sold.push(Math.min(1, total))
  }
  return sold
}

/** The number of buckets after which this much volume is expected to have been traded. */
function whenTraded(volumes: number[], wanted: number): number {
  let before = 0
  for (const [index, volume] of volumes.entries()) {
    if (volume > 0 && before + volume >= wanted) return index + (wanted - before) / volume
    before += volume
  }
  return volumes.length
}

/** The decision about a due chunk. */
export type Adapted = { kind: 'go' } | { kind: 'wait' } | { kind: 'cut'; quantity: Big }

/**
 * Trades later, then less, while the spread is wider than one and a half times the usual spread (dollars) at the start of the
 * scaleout. A chunk waits twice, then sells half of itself and leaves the rest to the next one. The last chunk waits, and then
 * sells everything left.
 */
export function adaptChunk(
  spread: Big,
  usual: Big,
  chunk: { quantity: Big; adapted: number; isLast: boolean },
  lot: Big,
): Adapted {
  if (spread.lte(usual.times(patience.wideFrom))) return { kind: 'go' }
  if (chunk.adapted < patience.waits) return { kind: 'wait' }
  if (chunk.isLast || chunk.adapted > patience.waits) return { kind: 'go' }
  const quantity = floorTo(chunk.quantity.times(patience.cutTo), lot)
  return quantity.gt(0) ? { kind: 'cut', quantity } : { kind: 'go' }
}
