import { readFileSync } from 'node:fs'
import BigJs from 'big.js'

/**
 * The indicators from their textbook definitions, in plain loops over exact decimals, without any code of the desk or of its
 * library.
 */
const Exact = BigJs()
Exact.DP = 30
export type Exact = InstanceType<typeof Exact>
const number = (value: number | string) => new Exact(value)
const zero = number(0)

/** A row of a CSV file of bars. */
export interface Row {
  /** As in the file: `2006-01-03T09:01:00+01:00` or `2020-03-04`. */
  time: string
  open: Exact
  high: Exact
  low: Exact
  close: Exact
  volume: Exact
}

export function rowsOf(file: string): Row[] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line) => {
    const [time = '', open, high, low, close, volume] = line.split(',')
    const [o, h, l, c, v] = [open, high, low, close, volume].map((text) => number(text!))
    return { time, open: o!, high: h!, low: l!, close: c!, volume: v! }
  })
}

const larger = (a: Exact, b: Exact) => (a.gt(b) ? a : b)
const total = (values: Exact[]) => values.reduce((sum, value) => sum.plus(value), zero)
const mean = (values: Exact[]) => total(values).div(values.length)

/** Wilder's average: the mean of the first `period` values, then (13 times the last one plus the new one) / 14. */
function wilder(values: Exact[], period: number): (Exact | undefined)[] {
  const averages: (Exact | undefined)[] = []
  for (let at = 0; at < values.length; at++) {
    const before = averages[at - 1]
    if (at < period - 1) averages.push(undefined)
    else if (at === period - 1) averages.push(mean(values.slice(0, period)))
    else
      averages.push(
        before!
          .times(period - 1)
          .plus(values[at]!)
          .div(period),
      )
  }
  return averages
}

export function exactRsi(rows: Row[], period = 14): (number | undefined)[] {
  const changes = rows.slice(1).map((row, at) => row.close.minus(rows[at]!.close))
  const gains = wilder(
    changes.map((change) => larger(change, zero)),
    period,
  )
  const losses = wilder(
    changes.map((change) => larger(change.neg(), zero)),
    period,
  )
  const values = gains.map((gain, at) => {
    if (!gain) return undefined
    const both = gain.plus(losses[at]!)
    return both.eq(0) ? 50 : gain.div(both).times(100).toNumber()
  })
  return [undefined, ...values]
}

export function exactAtr(rows: Row[], period = 14): (number | undefined)[] {
  const ranges = rows.map(({ high, low }, at) => {
    const before = rows[at - 1]?.close
    const own = high.minus(low)
    return before ? larger(own, larger(high.minus(before).abs(), low.minus(before).abs())) : own
  })
  return wilder(ranges, period).map((value) => value?.toNumber())
}

/** Exponential averages; the first one is the mean of `seed` values. */
function exponential(values: Exact[], length: number, seed: number): (Exact | undefined)[] {
  const averages: (Exact | undefined)[] = []
  for (const [at, value] of values.entries()) {
    const before = averages[at - 1]
    if (before)
      averages.push(
        before.plus(
          value
            .minus(before)
            .times(2)
            .div(length + 1),
        ),
      )
    else averages.push(at === seed - 1 ? mean(values.slice(0, seed)) : undefined)
  }
  return averages
}

/** The last MACD; each average begins at its first value, or at the mean of its first `length` values. */
export function exactMacd(rows: Row[], seeds: 'first' | 'mean'): { macd: number; signal: number; histogram: number } {
  const seed = (length: number) => (seeds === 'first' ? 1 : length)
  const closes = rows.map(({ close }) => close)
  const [fast, slow] = [exponential(closes, 12, seed(12)), exponential(closes, 26, seed(26))]
  const differences = closes.flatMap((_, at) => (at >= 25 ? [fast[at]!.minus(slow[at]!)] : []))
  const macd = differences.at(-1)!
  const signal = exponential(differences, 9, seed(9)).at(-1)!
  return { macd: macd.toNumber(), signal: signal.toNumber(), histogram: macd.minus(signal).toNumber() }
}

/** The session of a row is its date, as in the file. */
export function exactVwap(rows: Row[]): number[] {
  return rows.map((row, at) => {
    const session = rows.slice(0, at + 1).filter(({ time }) => time.slice(0, 10) === row.time.slice(0, 10))
    const dollars = total(session.map((one) => one.high.plus(one.low).plus(one.close).div(3).times(one.volume)))
    return dollars.div(total(session.map(({ volume }) => volume))).toNumber()
  })
}

/**
 * The volume of the last day so far over the mean of up to 20 earlier days until the same minute; the first day is left out.
 */
export function exactRvol(rows: Row[]): number {
  const dayOf = ({ time }: Row) => time.slice(0, 10)
  const minuteOf = ({ time }: Row) => time.slice(11, 16)
  const last = rows.at(-1)!
  const until = (day: string) =>
    total(rows.filter((row) => dayOf(row) === day && minuteOf(row) <= minuteOf(last)).map(({ volume }) => volume))
  const days = [...new Set(rows.map(dayOf))]
  return until(dayOf(last))
    .div(mean(days.slice(1, -1).slice(-20).map(until)))
    .toNumber()
}

/** The volume of every row of a profile, from `low` in steps of `step`. */
export function exactProfile(rows: Row[], low: string, step: string, count: number): Exact[] {
  return Array.from({ length: count }, (_, index) => {
    const bottom = number(low).plus(number(step).times(index))
    const top = bottom.plus(step)
    return total(
      rows.map((row) => {
        if (row.high.eq(row.low)) {
          const isHere = row.low.gte(bottom) && (row.low.lt(top) || (index === count - 1 && row.low.eq(top)))
          return isHere ? row.volume : zero
        }
        const from = larger(row.low, bottom)
        const to = row.high.lt(top) ? row.high : top
        return to.gt(from) ? row.volume.times(to.minus(from)).div(row.high.minus(row.low)) : zero
      }),
    )
  })
}

/** The first and the last row of the value area around a row. */
export function exactValueArea(volumes: Exact[], control: number): [from: number, to: number] {
  const wanted = total(volumes).times('0.7')
  const inside = new Set([control])
  while (total([...inside].map((row) => volumes[row]!)).lt(wanted)) {
    const [from, to] = [Math.min(...inside), Math.max(...inside)]
    const above = [to + 1, to + 2].filter((row) => row < volumes.length)
    const below = [from - 1, from - 2].filter((row) => row >= 0)
    const worth = (some: number[]) => total(some.map((row) => volumes[row]!))
    const takesAbove = below.length === 0 || (above.length > 0 && worth(above).gte(worth(below)))
    for (const row of takesAbove ? above : below) inside.add(row)
  }
  return [Math.min(...inside), Math.max(...inside)]
}

/** Highs above those of the two rows before, and not below those of the two after; lows likewise. */
export function exactTurns(rows: Row[]): number[] {
  const found: number[] = []
  for (const [at, { high, low }] of rows.entries()) {
    const near = [-2, -1, 1, 2].map((by) => ({ by, row: rows[at + by] }))
    if (near.some(({ row }) => !row)) continue
    if (near.every(({ by, row }) => (by < 0 ? row!.high.lt(high) : row!.high.lte(high)))) found.push(high.toNumber())
    if (near.every(({ by, row }) => (by < 0 ? row!.low.gt(low) : row!.low.gte(low)))) found.push(low.toNumber())
  }
  return found.sort((a, b) => a - b)
}
