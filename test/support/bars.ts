import { Big } from '../../src/base/amounts.ts'
import type { Bar } from '../../src/market/market.ts'

/**
 * Finished bars of this many minutes, the last one ending now or shortly before. The first closes at `first` dollars, each
 * other one `step` above the one before it. Open and close are equal, high and low two tenths of a cent around them.
 */
export function steadyBars(
  of: { count: number; first: number; step: number; minutes?: number; volume?: number },
  now = new Date(),
): Bar[] {
  const { count, first, step, minutes = 5, volume = 1000 } = of
  const length = minutes * 60_000
  const end = Math.floor(now.getTime() / length) * length
  return Array.from({ length: count }, (_, at) => {
    const close = new Big((first + at * step).toFixed(4))
    const wick = new Big('0.002')
    const begin = new Date(end - (count - at) * length)
    return { at: begin, open: close, high: close.plus(wick), low: close.minus(wick), close, volume: new Big(volume) }
  })
}

/** Finished bars as `steadyBars`, of which the close rises and falls around $50, ever higher. */
export function waveBars(of: { count: number; minutes: number }, now = new Date()): Bar[] {
  return steadyBars({ ...of, first: 50, step: 0 }, now).map((bar, at) => {
    const price = (place: number) => new Big((50 + 0.02 * place + 8 * Math.sin(place / 9)).toFixed(4))
    const [open, close] = [price(at - 1), price(at)]
    const [low, high] = open.lt(close) ? [open, close] : [close, open]
    return { ...bar, open, high: high.times('1.004'), low: low.times('0.996'), close }
  })
}
