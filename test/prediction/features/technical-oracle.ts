import {
  ADX,
  ATR,
  BollingerBands,
  CCI,
  EMA,
  getCorrelation,
  LinearRegression,
  MACD,
  MFI,
  OBV,
  RSI,
  SMA,
  StochasticOscillator,
  WSMA,
} from 'trading-signals'

/** A bar as plain numbers. */
export interface Candle {
  open: number
  high: number
  low: number
  close: number
  volume: number
}

/**
 * The 50 technical features of the last of some bars, with no code of the desk: the indicators are those of the library
 * `trading-signals`, the rest plain sums over arrays. They are given exactly the bars that count.
 */
export function technicalOracle(candles: readonly Candle[]): Record<string, number> {
  const closes = candles.map(({ close }) => close)
  const last = candles.at(-1)!
  const returns = closes.slice(1).map((close, at) => Math.log(close / closes[at]!))
  const sigma = weighted(returns, 0.94)
  const slow = weighted(returns, 0.985)
  const year = Math.sqrt(average(returns.slice(-252).map((value) => value ** 2)))
  const ranges = candles.map(({ high, low }) => Math.log(high / low))
  const macd = fed(new MACD(new EMA(12), new EMA(26), new EMA(9)), closes)
  const bands = fed(new BollingerBands(20, 2), closes)
  const widths = closes.map((_, at) => {
    if (at < 19) return Number.NaN
    const { upper, middle, lower } = fed(new BollingerBands(20, 2), closes.slice(at - 19, at + 1))
    return (upper - lower) / middle
  })
  const stochastic = fed(new StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 1, dPeriod: 3 }), candles)
  const adx = new ADX(14, WSMA)
  for (const candle of candles) adx.update(candle, false)
  const atr14 = fed(new ATR(14, WSMA), candles)
  const volumes = candles.map(({ volume }) => volume)
  const usualVolume = average(volumes.slice(-20))
  const balances = balancesOf(candles).slice(-20)
  const changes = volumes.slice(1).map((volume, at) => Math.log((volume + 1) / (volumes[at]! + 1)))
  const before = closes.at(-2)!

  return {
    ...byDays('return', [1, 2, 3, 5, 10, 21, 42, 63, 126, 252], (days) => {
      return Math.log(last.close / closes.at(-1 - days)!) / (sigma * Math.sqrt(days))
    }),
    ...byDays('sma', [5, 10, 20, 50, 100, 200], (days) => {
      return (last.close - fed(new SMA(days), closes)) / (last.close * sigma * Math.sqrt(days))
    }),
    ...byDays('rsi', [2, 7, 14, 28], (days) => fed(new RSI(days, WSMA), closes) / 50 - 1),
    macd: macd.macd / (last.close * sigma),
    macd_signal: macd.signal / (last.close * sigma),
    macd_histogram: macd.histogram / (last.close * sigma),
    bollinger_b: (last.close - bands.lower) / (bands.upper - bands.lower),
    bollinger_width: (bands.upper - bands.lower) / bands.middle,
    bollinger_width_rank: widths.slice(-252, -1).filter((width) => width < widths.at(-1)!).length / 251,
    atr_14: atr14 / last.close,
    atr_14_to_63: atr14 / fed(new ATR(63, WSMA), candles),
    volatility: Math.log(sigma * Math.sqrt(252)),
    volatility_to_slow: Math.log(sigma / slow),
    volatility_slow_to_year: Math.log(slow / year),
    parkinson_to_volatility: Math.log(weighted(ranges, 0.94) / Math.sqrt(4 * Math.log(2)) / sigma),
    stochastic_k: stochastic.stochK / 100,
    stochastic_d: stochastic.stochD / 100,
    adx_14: adx.getResultOrThrow() / 100,
    di_14: adx.pdi! - adx.mdi!,
    cci_20: fed(new CCI(20), candles) / 100,
    mfi_14: fed(new MFI(14), candles) / 100,
    ...byDays('place', [20, 55, 252], (days) => {
      const lowest = Math.min(...candles.slice(-days).map(({ low }) => low))
      return (last.close - lowest) / (Math.max(...candles.slice(-days).map(({ high }) => high)) - lowest)
    }),
    since_high_252: sinceBest(candles.slice(-252).map(({ high }) => high)) / 252,
    since_low_252: sinceBest(candles.slice(-252).map(({ low }) => -low)) / 252,
    volume_to_20: Math.log((last.volume + 1) / (usualVolume + 1)),
    volume_5_to_60: Math.log((average(volumes.slice(-5)) + 1) / (average(volumes.slice(-60)) + 1)),
    obv_slope_20: fed(new LinearRegression(20), balances).slope / usualVolume,
    return_volume_correlation_20: getCorrelation(returns.slice(-20), changes.slice(-20)),
    gap: Math.log(last.open / before) / sigma,
    close_in_day: last.high > last.low ? (last.close - last.low) / (last.high - last.low) : 0.5,
    range_to_atr: (last.high - last.low) / atr14,
  }
}

interface Indicator<Input, Result> {
  update(input: Input, replace: boolean): unknown
  getResultOrThrow(): Result
}

function fed<Input, Result>(indicator: Indicator<Input, Result>, inputs: readonly Input[]): Result {
  for (const input of inputs) indicator.update(input, false)
  return indicator.getResultOrThrow()
}

function byDays(name: string, all: readonly number[], of: (days: number) => number): Record<string, number> {
  return Object.fromEntries(all.map((days) => [`${name}_${days}`, of(days)]))
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** The root of the weighted mean of squares; the recursion of RiskMetrics, oldest first, over the sum of its weights. */
function weighted(values: readonly number[], decay: number): number {
  let [sum, weights] = [0, 0]
  for (const value of values) {
    sum = decay * sum + value ** 2
    weights = decay * weights + 1
  }
  return Math.sqrt(sum / weights)
}

function balancesOf(candles: readonly Candle[]): number[] {
  const obv = new OBV(2)
  return candles.map((candle) => {
    obv.update(candle, false)
    return obv.isStable ? obv.getResultOrThrow() : 0
  })
}

/** The values behind the last of the largest ones. */
const sinceBest = (values: readonly number[]) => values.length - 1 - values.lastIndexOf(Math.max(...values))
