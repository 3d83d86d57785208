import { draw, noise, noiseInto, seedOf } from './noise.ts'
import type { SimInstrument } from './sim-instruments.ts'

/** One minute of a path: logs of dollars, and the volume in lots. */
export interface Minute {
  open: number
  high: number
  low: number
  close: number
  lots: number
}

/** The price of one instrument as a pure function of market time: no state, no start, no end. */
export interface Path {
  /** The log of the price in dollars at `ms` of market time, and the heat of trading (1 is average). */
  at(ms: number): { logPrice: number; heat: number }
  /** The minute that begins at `minute` whole minutes since the epoch. */
  minute(minute: number): Minute
  /** So many minutes from one on, as one: bit for bit what they sum up to. */
  span(minute: number, count: number): Minute
}

/** The draws behind one octave of noise: a value every `minutes`, with a shift of its own so that octaves do not align. */
interface Octave {
  seed: number
  shift: number
  minutes: number
  amplitude: number
}

/** Rarer extremes are cut off, so that no minute leaves the reach by much. */
const rarestExtreme = 1e-4

/**
 * The most by which an extreme lies beyond both ends of its minute, in spreads: √(m² + s²·(−2·ln p)) is at most |m| + s·√(−2·ln p), of
 * which a half counts. A little more covers the rounding.
 */
const mostBeyond = Math.sqrt(-2 * Math.log(rarestExtreme)) / 2 + 1e-6

/** Memory for rows of minutes, of all paths in turn: a row is read before the next is written. */
let scratch = Array.from({ length: 4 }, () => new Float64Array(2048))

function scratchOf(count: number): [Float64Array, Float64Array, Float64Array, Float64Array] {
  if (scratch[0]!.length < count) scratch = scratch.map(() => new Float64Array(count))
  return scratch.map((memory) => memory.subarray(0, count)) as [Float64Array, Float64Array, Float64Array, Float64Array]
}

/** The path of an instrument for a seed. The formulas and their sources are in docs/markets.md. */
export function createPath(seed: string, instrument: SimInstrument): Path {
  const sigma = instrument.minuteMove / 10_000
  const octaves = octavesOf(seed, instrument, sigma)
  const of = (what: string) => seedOf(seed, instrument.symbol, what)
  const seeds = {
    heat: of('heat'),
    trend: of('trend'),
    high: of('high'),
    low: of('low'),
    volume: of('volume'),
    tide: of('tide'),
    ripple: of('ripple'),
    wave: of('wave'),
    swell: of('swell'),
  }
  const center = Math.log(instrument.base)
  const lotsPerMinute = instrument.minuteVolume * 10 ** instrument.lotDecimals

  /** From 0.4 (calm) to 2.5 (volatile), over about forty minutes. */
  const heatOf = (drawn: number) => 2 ** (1.3 * drawn)
  const heatAt = (minute: number) => heatOf(noise(seeds.heat, minute / 37))

  /** From 1 to 2.5 (trending): moves over half an hour grow, so that the price gets somewhere. */
  const trendOf = (drawn: number) => 1 + 1.5 * Math.max(0, drawn)

  function logPriceAt(minute: number, heat: number): number {
    const trend = trendOf(noise(seeds.trend, minute / 53))
    let sum = 0
    for (const octave of octaves) {
      const regime = octave.minutes <= 8 ? heat : octave.minutes <= 64 ? trend : 1
      sum += regime * octave.amplitude * noise(octave.seed, minute / octave.minutes + octave.shift)
    }
    return bounded(sum)
  }

  const bounded = (sum: number) => center + instrument.reach * Math.tanh(sum / instrument.reach)

  /** The same for a row of minutes, octave by octave in the same order. Returns views of memory that the next call writes again. */
  function rows(first: number, count: number): { heats: Float64Array; prices: Float64Array } {
    const [heats, trends, drawn, prices] = scratchOf(count)
    noiseInto(heats, seeds.heat, first, 37)
    noiseInto(trends, seeds.trend, first, 53)
    for (let at = 0; at < count; at++) {
      heats[at] = heatOf(heats[at]!)
      trends[at] = trendOf(trends[at]!)
    }
    prices.fill(0)
    for (const { seed: own, minutes, shift, amplitude } of octaves) {
      noiseInto(drawn, own, first, minutes, shift)
      if (minutes > 64) for (let at = 0; at < count; at++) prices[at]! += amplitude * drawn[at]!
      else {
        const regimes = minutes <= 8 ? heats : trends
        for (let at = 0; at < count; at++) prices[at]! += regimes[at]! * amplitude * drawn[at]!
      }
    }
    for (let at = 0; at < count; at++) prices[at] = bounded(prices[at]!)
    return { heats, prices }
  }

  /** The extreme of a Brownian bridge: exact in distribution for a chance that is uniform in (0, 1]. */
  function extreme(direction: 1 | -1, open: number, close: number, spread: number, chance: number): number {
    const move = close - open
    const root = Math.sqrt(move * move - 2 * spread * spread * Math.log(Math.max(chance, rarestExtreme)))
    return open + (move + direction * root) / 2
  }

  function shape(minute: number, open: number, close: number, heat: number) {
    const spread = sigma * heat
    const high = extreme(1, open, close, spread, 1 - draw(seeds.high, minute))
    const low = extreme(-1, open, close, spread, 1 - draw(seeds.low, minute))
    return { high, low }
  }

  function lotsIn(minute: number, move: number, heat: number): number {
    const tide = Math.exp(0.5 * noise(seeds.tide, minute / 29))
    const activity = 0.6 + 0.5 * Math.min(4, Math.abs(move) / sigma)
    return Math.max(1, Math.round(lotsPerMinute * heat * tide * activity * (0.4 + 1.2 * draw(seeds.volume, minute))))
  }

  // Bars are requested in order, and the close of one minute is the open of the next.
  let known = { minute: Number.NaN, heat: 0, logPrice: 0 }
  function edge(minute: number) {
    if (known.minute === minute) return known
    const heat = heatAt(minute)
    known = { minute, heat, logPrice: logPriceAt(minute, heat) }
    return known
  }

  return {
    at(ms) {
      const minute = Math.floor(ms / 60_000)
      const { heat, logPrice: open } = edge(minute)
      // Not through `edge`: the next request is most often for this minute again.
      const close = logPriceAt(minute + 1, heatAt(minute + 1))
      const { high, low } = shape(minute, open, close, heat)
      const part = ms / 60_000 - minute
      const second = ms / 1000
      // These weights give the sum a variance of about one: value noise has 0.248.
      const jitter =
        1.6 * noise(seeds.swell, second / 15) + noise(seeds.wave, second / 6) + 0.66 * noise(seeds.ripple, second / 2.5)
      const bridge = open + (close - open) * part + sigma * heat * Math.sqrt(part * (1 - part)) * jitter
      return { logPrice: Math.min(high, Math.max(low, bridge)), heat }
    },
    minute(minute) {
      const { heat, logPrice: open } = edge(minute)
      const close = edge(minute + 1).logPrice
      return { open, close, ...shape(minute, open, close, heat), lots: lotsIn(minute, close - open, heat) }
    },
    span(first, count) {
      const { heats, prices } = rows(first, count + 1)
      const open = prices[0]!
      let high = open
      let low = open
      let close = open
      let lots = 0
      for (let at = 0; at < count; at++) {
        const minute = first + at
        const from = close
        const heat = heats[at]!
        const spread = sigma * heat
        close = prices[at + 1]!
        lots += lotsIn(minute, close - from, heat)
        // Most minutes cannot reach the extremes so far, however rare their own are.
        if (Math.max(from, close) + mostBeyond * spread > high)
          high = Math.max(high, extreme(1, from, close, spread, 1 - draw(seeds.high, minute)))
        if (Math.min(from, close) - mostBeyond * spread < low)
          low = Math.min(low, extreme(-1, from, close, spread, 1 - draw(seeds.low, minute)))
      }
      return { open, high, low, close, lots }
    },
  }
}

/**
 * Octaves from two minutes up, each twice as long and √2 as high as the one before, as in Brownian motion, until together
 * they have a standard deviation of about half the reach.
 */
function octavesOf(seed: string, instrument: SimInstrument, sigma: number): Octave[] {
  // A one-minute step of the whole sum has a variance of about 0.8 · unit².
  const unit = sigma / Math.sqrt(0.8)
  const longest = (instrument.reach / 2 / unit) ** 2 / 0.496
  const octaves: Octave[] = []
  for (let minutes = 2; minutes <= Math.max(128, longest); minutes *= 2) {
    const own = seedOf(seed, instrument.symbol, `octave ${minutes}`)
    octaves.push({ seed: own, shift: draw(own, -1), minutes, amplitude: unit * Math.sqrt(minutes) })
  }
  return octaves
}
