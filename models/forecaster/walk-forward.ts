import { horizonCount, knots } from '../../src/prediction/forecaster/horizons.ts'
import type { Samples } from './samples.ts'

/** Days (places in the calendar) of a test: those from `from` up to but not including `to`. */
export interface Fold {
  from: number
  to: number
  /** The first day on which no label of the training may be known any more. */
  trainedBefore: number
}

/** Days between the last label that is learned and the first day that is tested, beside the purge of labels that overlap. */
export const embargo = 100

/**
 * Tests of equal length over the second half of the days, each by a model that learned what was known an embargo before. Throws
 * when the recording is too short to learn a year before the first of them.
 */
export function expandingFolds(
  { day, count, calendar }: Pick<Samples, 'day' | 'count' | 'calendar'>,
  tests = 3,
): Fold[] {
  let first = calendar.length
  for (let at = 0; at < count; at++) first = Math.min(first, day[at]!)
  const begin = Math.ceil((first + calendar.length) / 2)
  const learned = begin - embargo - horizonCount - first
  if (learned < horizonCount)
    throw new Error(
      `${calendar.length} days of bars are too few: after a year for the inputs, ${horizonCount} days to learn, ${horizonCount} of labels and ${embargo} of embargo have to come before the first test`,
    )
  const length = (calendar.length - begin) / tests
  return Array.from({ length: tests }, (_, at) => {
    const from = begin + Math.round(at * length)
    return { from, to: begin + Math.round((at + 1) * length), trainedBefore: from - embargo }
  })
}

/** The samples whose every label is known before a day, of symbols that are not held out. */
export function learnable(
  samples: Samples,
  before: number,
  isHeld: (symbol: number) => boolean = () => false,
): Int32Array {
  const last = knots.length - 1
  return rowsWhere(samples, (at) => samples.known[at * knots.length + last]! < before && !isHeld(samples.symbol[at]!))
}

/** The samples of the days of a fold. */
export function tested(samples: Samples, { from, to }: Pick<Fold, 'from' | 'to'>): Int32Array {
  return rowsWhere(samples, (at) => samples.day[at]! >= from && samples.day[at]! < to)
}

/**
 * The ways in which a training could know of its test: labels that reach into the days of the test or into the embargo before
 * them. Empty when there are none.
 */
export function leaksIn(samples: Samples, trained: Int32Array, test: Int32Array): string[] {
  let begin = samples.calendar.length
  for (const at of test) begin = Math.min(begin, samples.day[at]!)
  let overlapping = 0
  let near = 0
  for (const at of trained) {
    const end = samples.known[at * knots.length + knots.length - 1]!
    if (end >= begin) overlapping++
    else if (end >= begin - embargo) near++
  }
  return [
    ...(overlapping > 0 ? [`${overlapping} labels overlap the days of the test`] : []),
    ...(near > 0 ? [`${near} labels end within the embargo before the test`] : []),
  ]
}

/** Symbols that are held out although another class of the same share is not: what is learned of one tells of the other. */
export function sharedAcross(
  symbols: string[],
  isHeld: (symbol: string) => boolean,
  groupOf: (symbol: string) => string,
): string[] {
  const groups = Map.groupBy(symbols, groupOf)
  return [...groups.values()].filter((group) => group.some(isHeld) && !group.every(isHeld)).flat()
}

function rowsWhere({ count }: Samples, isIn: (at: number) => boolean): Int32Array {
  const rows = new Int32Array(count)
  let kept = 0
  for (let at = 0; at < count; at++) if (isIn(at)) rows[kept++] = at
  return rows.slice(0, kept)
}
