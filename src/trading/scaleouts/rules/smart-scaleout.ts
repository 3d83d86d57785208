import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { type Big, floorTo, zero } from '../../../base/amounts.ts'
import type { PlannedChunk } from './scaleout-plan.ts'

/** What is expected of the market while a scaleout runs. */
export interface SmartConditions {
  /** Units that are expected to be traded in each bucket from now on, until the market closes. */
  volumes: number[]
  /** Planned milliseconds of a bucket. */
  bucketMs: number
  /** Standard deviation of the return over a bucket: 0.002 is a fifth of a percent. */
  volatility: number
  /** Planned milliseconds of a session, which makes a day's volatility of a bucket's. */
  sessionMs: number
}

/** A scaleout that follows volume and volatility. */
export interface SmartPlan {
  chunks: PlannedChunk[]
  /** The whole over the units that are expected to be traded meanwhile. */
  participation: number
  /** Planned milliseconds that the plan has; its last chunk is due before they are over. */
  horizonMs: number
  /** Planned milliseconds that a chunk waits for a wide spread to narrow; all such waits together are a quarter of the horizon at most. */
  deferMs: number
}

/** How long a smart scaleout takes, and how much of the market's volume it is. */
export type SmartPace = Pick<SmartPlan, 'participation' | 'horizonMs'>

/** The shares of the expected volume that a plan aims at on average, and that no part of it exceeds unless all must. */
export const participations = { aim: 0.05, most: 0.1 }

const minute = 60_000
/** The least and the most time that a plan takes, where the market stays open. */
const horizon = { least: 10 * minute, most: 60 * minute }
const chunkEvery = 3 * minute
const counts = { least: 10, most: 20 }

/**
 * Risk aversion per share of the value that is sold: Almgren and Chriss's 1e-6 per dollar for ten million dollars.
 */
const aversion = 10
/** Temporary impact in days' volatilities per unit of participation: 0.142·ρ^0.6 (see `slippageShare`) along its chord to ρ = 0.1. */
const impact = (0.142 * participations.most ** 0.6) / participations.most
/** Beyond this nearly all would be sold at once. */
const mostUrgency = 6

/** How often a chunk waits for a spread to narrow before it is cut, and from how many times the usual spread on. */
export const patience = { waits: 2, wideFrom: 1.5, cutTo: 0.5 }

/**
 * Plans a scaleout of `total` (a positive multiple of `lot`) along the optimal trajectory of Almgren and Chriss,
 * "Optimal Execution of Portfolio Transactions" (2000), x(u) = sinh(κ(1-u)) / sinh(κ), with the share u of the volume
 * that is expected until the horizon for time. The horizon is the shortest in which the whole is a twentieth of that
 * volume, from ten minutes to an hour; no chunk is more than a tenth of the volume that is expected around it, unless
 * the whole is. The same seed and conditions make the same plan.
 */
export function planSmartScaleout(total: Big, lot: Big, conditions: SmartConditions, seed: number): SmartPlan {
  const { bucketMs } = conditions
  const size = total.toNumber()
  const volumes = volumesUntilHorizon(size, conditions)
  const volume = volumes.reduce((all, one) => all + one, 0)
  const horizonMs = volumes.length * bucketMs
  const lots = total.div(lot)
  const wanted = Math.min(counts.most, Math.max(counts.least, Math.round(horizonMs / chunkEvery)))
  const count = lots.lt(wanted) ? lots.toNumber() : wanted
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
    // Times stay apart and within the horizon, however thin the volume is somewhere.
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

/** The volumes that the plan counts on: as many as it takes to trade a twentieth of them, within the bounds. */
function volumesUntilHorizon(size: number, { volumes, bucketMs }: SmartConditions): number[] {
  const most = Math.max(1, Math.floor(horizon.most / bucketMs))
  let volume = 0
  for (let count = 1; count <= Math.min(most, volumes.length); count++) {
    volume += volumes[count - 1]!
    if (count * bucketMs >= horizon.least && size <= participations.aim * volume) return volumes.slice(0, count)
  }
  return volumes.slice(0, most)
}

/** κ of the trajectory, from κ² = λσ²/η in units of the whole, the horizon and its volume. */
function urgency(size: number, volume: number, buckets: number, conditions: SmartConditions): number {
  const { volatility, sessionMs, bucketMs } = conditions
  const dailyVolatility = volatility * Math.sqrt(sessionMs / bucketMs)
  const risk = aversion * volatility ** 2 * buckets
  const cost = impact * dailyVolatility * (size / volume)
  return cost > 0 ? Math.min(mostUrgency, Math.sqrt(risk / cost)) : 0
}

/** What each of `count` slices of the same expected volume sells, as a share of the whole. */
function trajectory(count: number, kappa: number): number[] {
  const left = (share: number) => (kappa < 1e-6 ? 1 - share : Math.sinh(kappa * (1 - share)) / Math.sinh(kappa))
  return Array.from({ length: count }, (_, index) => left(index / count) - left((index + 1) / count))
}

/** The same, summed up, with what is more than a tenth of a slice's volume left to the slices after it. */
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

/** After how many buckets this much of the volume is expected to have been traded. */
function whenTraded(volumes: number[], wanted: number): number {
  let before = 0
  for (const [index, volume] of volumes.entries()) {
    if (volume > 0 && before + volume >= wanted) return index + (wanted - before) / volume
    before += volume
  }
  return volumes.length
}

/** What is done with a chunk whose time has come. */
export type Adapted = { kind: 'go' } | { kind: 'wait' } | { kind: 'cut'; quantity: Big }

/**
 * Trades later, then less, while the spread is wider than one and a half times what was usual when the scaleout began
 * (dollars): a chunk waits twice, then sells half of itself and leaves the rest to the next one. The last chunk waits,
 * and then sells all that is left.
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
