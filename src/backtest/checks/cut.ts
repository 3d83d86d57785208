import type { Columns } from '../../strategies/screeners/strategy.ts'

/** The first `count` bars, as copies: a view would let a strategy reach the bars behind it. */
export const headOf = (columns: Columns, count: number): Columns => slice(columns, 0, count)

/** The bars from one on. */
export const tailOf = (columns: Columns, from: number): Columns => slice(columns, from, columns.days.length)

/** The bars from a day on. */
export function since(columns: Columns, day: string): Columns {
  const from = columns.days.findIndex((own) => own >= day)
  return tailOf(columns, from < 0 ? columns.days.length : from)
}

function slice({ days, open, high, low, close, volume }: Columns, from: number, to: number): Columns {
  return {
    days: days.slice(from, to),
    open: open.slice(from, to),
    high: high.slice(from, to),
    low: low.slice(from, to),
    close: close.slice(from, to),
    volume: volume.slice(from, to),
  }
}
