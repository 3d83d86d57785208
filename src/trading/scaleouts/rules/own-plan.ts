import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Big } from '../../../base/amounts.ts'
import {
  chunksOf,
  evenChunks,
  type PlainSpeed,
  type PlannedChunk,
  paces,
  type Range,
  randomWaits,
} from './scaleout-plan.ts'
import type { SmartPace } from './smart-scaleout.ts'

/** A member's own terms of a scaleout, each instead of the speed's. */
export interface OwnTerms {
  /** The whole time, in planned milliseconds. */
  lengthMs?: number
  chunks?: number
}

/** How long a scaleout takes: as its speed, as the volume allows, or a length of its own in planned milliseconds. */
export type PlannedPace = PlainSpeed | SmartPace | { lengthMs: number }

const minute = 60_000

/** The bounds of own terms: the length in milliseconds, the count of chunks, and the least mean wait between two chunks. */
export const ownLimits = {
  lengthMs: { least: minute, most: 24 * 60 * minute },
  chunks: { least: 2, most: 100 },
  apartMs: 3000,
} as const

/** A length without a count has a chunk for so many milliseconds, within these counts. */
const chunkEvery = 5 * minute
const counts: Range = { least: 6, most: 40 }

/** The whole time of a scaleout, in planned milliseconds. With a length of its own it ends in the last twentieth of it. */
export function windowOf(speed: PlainSpeed, { lengthMs }: OwnTerms): Range {
  return lengthMs === undefined ? paces[speed].wholeMs : { least: Math.ceil(lengthMs * 0.95), most: lengthMs }
}

/** The most chunks that fit into the window with their least distance. */
export function mostChunksIn({ least }: Range): number {
  return Math.min(ownLimits.chunks.most, Math.floor(least / ownLimits.apartMs))
}

/** The count of chunks of a length that names none. */
export function chunksFor(lengthMs: number): number {
  const wanted = Math.round(lengthMs / chunkEvery)
  return Math.min(counts.most, Math.max(counts.least, wanted))
}

/** The speed that is nearest to a length in milliseconds. */
export function nearestSpeed(lengthMs: number): PlainSpeed {
  return lengthMs <= 5 * minute ? 'fast' : lengthMs <= 20 * minute ? 'medium' : 'slow'
}

/**
 * Draws a scaleout of `total` with a length or a count of its own. The same seed gives the same
 * plan. The quantities are even; each wait is between a half and one and a half times an even one, and the waits differ as in
 * `planScaleout`. With fewer lots than chunks there is a chunk for each lot.
 */
export function planOwnScaleout(total: Big, lot: Big, speed: PlainSpeed, own: OwnTerms, seed: number): PlannedChunk[] {
  const wholeMs = windowOf(speed, own)
  const wanted = own.chunks ?? chunksFor(wholeMs.most)
  const count = chunksOf(total, lot, wanted)
  const delayMs = {
    least: Math.floor(wholeMs.least / count / 2),
    most: Math.min(wholeMs.most, Math.ceil((wholeMs.most / count) * 1.5)),
  }
  return evenChunks(total, lot, randomWaits(xoroshiro128plus(seed), count, { delayMs, wholeMs }))
}
