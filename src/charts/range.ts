import type { Layer, Panel } from './chart.ts'

/** The data keep at least this share of the height; levels further out only get an arrow at the edge. */
const leastShare = 0.4

/** Candles keep at least this share of the height beside the lines over them. */
const leastBesideLines = 0.75

/** The largest rounding error of a sum of floats, as a ratio. */
const rounding = 1e-9

/** The lowest and highest value of a panel: its data, and as many of its levels and marks as leave room for the data. */
export function rangeOf({ layers, range }: Panel): [low: number, high: number] {
  if (range) return range
  const hasCandles = layers.some(({ kind }) => kind === 'candles')
  const lines = hasCandles
    ? layers
        .filter(({ kind }) => kind === 'line')
        .flatMap(valuesOf)
        .filter(Number.isFinite)
    : []
  const data = hasCandles ? layers.filter(({ kind }) => kind !== 'line') : layers
  const values = data.flatMap(valuesOf).filter(Number.isFinite)
  const levels = layers.flatMap((layer) => {
    if (layer.kind === 'level') return layer.level.value
    return layer.kind === 'marks' ? layer.marks.map(({ value }) => value) : []
  })
  let [low, high] = withLines(extent(values.length > 0 ? values : levels), lines)
  const spread = high - low
  const middle = (low + high) / 2
  for (const level of levels.toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle))) {
    const [lower, higher] = [Math.min(low, level), Math.max(high, level)]
    if (spread > 0 && spread / (higher - lower) < leastShare) continue
    ;[low, high] = [lower, higher]
  }
  const hasBars = layers.some(({ kind }) => kind === 'bars')
  if (hasBars && low === 0 && high === 0) return [0, 1]
  // A constant price needs an axis too.
  const air = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.01
  return [hasBars && low === 0 ? 0 : low - air, hasBars && high === 0 ? 0 : high + air]
}

/** The extent of candles, with as much of the lines over them as leaves the candles large. */
function withLines([low, high]: [number, number], lines: number[]): [number, number] {
  const room = ((high - low) * (1 / leastBesideLines - 1)) / 2
  const near = lines.filter((value) => value >= low - room && value <= high + room)
  if (near.length === 0 || high === low) return high === low ? extent([low, ...lines]) : [low, high]
  const [least, most] = extent(near)
  return [Math.min(low, least), Math.max(high, most)]
}

function extent(values: number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return [0, 1]
  // An average of constant prices differs from them by rounding errors; this is no movement.
  const isStill = high - low <= Math.max(Math.abs(low), Math.abs(high)) * rounding
  return isStill ? [low, low] : [low, high]
}

function valuesOf(layer: Layer): number[] {
  switch (layer.kind) {
    case 'candles':
      return layer.candles.flatMap(({ high, low }) => [high, low])
    case 'bars':
      return [0, ...layer.values.filter((value) => value !== undefined)]
    case 'line':
      return layer.values.filter((value) => value !== undefined)
    case 'profile':
      return layer.buckets.flatMap(({ low, high }) => [low, high])
    case 'ladder':
    case 'zone':
    case 'level':
    case 'marks':
      return []
  }
}
