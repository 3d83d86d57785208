/** The vertical scale of a panel, from its bottom to its top. */
export interface Scale {
  low: number
  high: number
  /** The y of a value, in points from the top of the page. */
  y(value: number): number
}

/** The scale from `low` to `high` between two heights of the page; an empty range is widened. */
export function scaleOf(low: number, high: number, top: number, bottom: number): Scale {
  const spread = high > low ? high - low : Math.max(Math.abs(high) * 0.02, 1e-9)
  const from = high > low ? low : low - spread / 2
  return { low: from, high: from + spread, y: (value) => bottom - ((value - from) / spread) * (bottom - top) }
}

/**
 * Round values within a range, at most `most` of them, and the decimals that tell them apart. Steps are 1, 2, 2.5 and 5 times
 * a power of ten.
 */
export function roundTicks(low: number, high: number, most: number): { ticks: number[]; decimals: number } {
  const rough = (high - low) / Math.max(1, most)
  if (!(rough > 0) || !Number.isFinite(rough)) return { ticks: [], decimals: 2 }
  const power = Math.floor(Math.log10(rough))
  for (let exponent = power; ; exponent += 1) {
    for (const factor of [1, 2, 2.5, 5]) {
      const step = factor * 10 ** exponent
      const first = Math.ceil(low / step - 1e-9)
      const count = Math.floor(high / step + 1e-9) - first + 1
      if (count > most) continue
      const ticks = Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step)
      return { ticks, decimals: Math.max(0, -exponent + (factor === 2.5 ? 1 : 0)) }
    }
  }
}

/** A number with fixed decimals and separated thousands: `63,250.00`. Zero has no sign. */
export function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals)
  const [whole = '0', fraction] = text.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const sign = value < 0 && Number(text) !== 0 ? '-' : ''
  return `${sign}${grouped}${fraction ? `.${fraction}` : ''}`
}

/** A large number in short form: `950`, `12.5K`, `3M`, `1.2B`. */
export function short(value: number): string {
  const size = Math.abs(value)
  for (const [unit, letter] of [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'K'],
  ] as const) {
    // From here on, three digits would round up to a thousand of the smaller unit.
    if (size >= unit * 0.9995) return `${Number((value / unit).toPrecision(3))}${letter}`
  }
  return `${Number(value.toPrecision(3))}`
}
