import { type SentimentSource, sentimentSources, sentimentValueNames } from './names.ts'
import type { Score } from './score.ts'

/** An item of a source with its score. */
export interface ScoredItem extends Score {
  source: Exclude<SentimentSource, 'all'>
  publisher: string
  /** Milliseconds of the epoch. */
  publishedAt: number
}

const dayMs = 86_400_000
/** Older items do not count. */
export const daysUsed = 30
const halfLifeDays = 2
const weekHours = 168

/**
 * The 72 values at a moment, in milliseconds of the epoch. `available`: the sources that answered; the values of others are 0,
 * whatever items they had. Items that were not published by then, or are older than 30 days, do not count.
 */
export function sentimentValues(
  items: readonly ScoredItem[],
  at: number,
  available: ReadonlySet<SentimentSource>,
): Float64Array {
  const known = items.filter(
    ({ source, publishedAt }) => available.has(source) && publishedAt <= at && at - publishedAt < daysUsed * dayMs,
  )
  // One order of adding up, however the rows came.
  known.sort((a, b) => b.publishedAt - a.publishedAt || a.score - b.score)
  const values = new Float64Array(sentimentSources.length * sentimentValueNames.length)
  for (const [nth, source] of sentimentSources.entries()) {
    const isThere = source === 'all' ? available.size > 0 : available.has(source)
    const own = source === 'all' ? known : known.filter((item) => item.source === source)
    if (isThere) values.set(valuesOf(own, at), nth * sentimentValueNames.length)
  }
  return values
}

/** The 18 values of a source, in the order of `sentimentValueNames`. */
function valuesOf(items: readonly ScoredItem[], at: number): number[] {
  const within = (days: number) => items.filter(({ publishedAt }) => at - publishedAt < days * dayMs)
  const scores = (days: number) => within(days).map(({ score }) => score)
  const [day, week] = [scores(1), scores(7)]
  const newest = items.length > 0 ? (at - items[0]!.publishedAt) / 3_600_000 : daysUsed * 24
  return [
    1,
    Math.log(1 + day.length),
    Math.log(1 + week.length),
    mean(day),
    mean(scores(3)),
    mean(week),
    mean(scores(daysUsed)),
    deviation(week),
    share(week, (score) => score > 0),
    share(week, (score) => score < 0),
    week.length > 0 ? Math.max(...week) : 0,
    week.length > 0 ? Math.min(...week) : 0,
    fading(items, at),
    mean(day) - mean(week),
    unusualCount(items, at),
    newest / weekHours,
    Math.log(1 + new Set(within(7).map(({ publisher }) => publisher.toLowerCase())).size),
    mean(within(7).map(({ known }) => known)),
  ]
}

const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

const share = (values: readonly number[], counts: (value: number) => boolean) =>
  values.length === 0 ? 0 : values.filter(counts).length / values.length

function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}

/** The mean score with weights that halve in two days. */
function fading(items: readonly ScoredItem[], at: number): number {
  let [sum, weights] = [0, 0]
  for (const { publishedAt, score } of items) {
    const weight = 0.5 ** ((at - publishedAt) / (halfLifeDays * dayMs))
    sum += weight * score
    weights += weight
  }
  return weights > 0 ? sum / weights : 0
}

/** The number of items of the last day against those of each of the 30 days, in their deviations, of which one item is the least. */
function unusualCount(items: readonly ScoredItem[], at: number): number {
  const counts = Array<number>(daysUsed).fill(0)
  for (const { publishedAt } of items) counts[Math.floor((at - publishedAt) / dayMs)]! += 1
  return (counts[0]! - mean(counts)) / Math.max(1, deviation(counts))
}
