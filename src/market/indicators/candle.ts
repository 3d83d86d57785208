import type { Bar } from '../market.ts'

/** A bar in plain numbers: values that are only shown, and never booked, need no decimals. */
export interface Candle {
  open: number
  high: number
  low: number
  close: number
  volume: number
}

/** Converts a bar to plain numbers. */
export function candle(bar: Bar): Candle {
  return {
    open: bar.open.toNumber(),
    high: bar.high.toNumber(),
    low: bar.low.toNumber(),
    close: bar.close.toNumber(),
    volume: bar.volume.toNumber(),
  }
}
