import type { Bar } from '../market.ts'

/** A bar in plain numbers: what is only shown, and never booked, needs no decimals. */
export interface Candle {
  open: number
  high: number
  low: number
  close: number
  volume: number
}

/** A bar in plain numbers. */
export function candle(bar: Bar): Candle {
  return {
    open: bar.open.toNumber(),
    high: bar.high.toNumber(),
    low: bar.low.toNumber(),
    close: bar.close.toNumber(),
    volume: bar.volume.toNumber(),
  }
}
