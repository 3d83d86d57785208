import { z } from 'zod'
import { estimateLabel, leapContractOf, leapEstimate } from './maths/leap-contract.ts'
import type { OptionChain } from './maths/option-chain.ts'
import { item, ramp, scored } from './maths/points.ts'
import { lastRsi } from './maths/rsi.ts'
import { distance, percent } from './maths/text.ts'
import { logReturns, percentileOfLast, volatilityOf, yearOfVolatilities } from './maths/volatility.ts'
import { highest, mean } from './maths/windows.ts'
import { tradingDays } from './maths/year.ts'
import { commonParameters } from './parameters.ts'
import type { Columns, Gate, Item, Scored, Strategy } from './strategy.ts'

const parameters = z.object(commonParameters)

/** An average counts as near only while the close is not further below it than this. */
const leastOfAverage = 0.97
/** Fewer days of implied volatilities give no percentile. */
const leastVolatilities = 60

/** Stocks that turn up again after a pullback in a long uptrend, for the purchase of a call of a year or longer. */
export const leapEntry: Strategy<z.infer<typeof parameters>> = {
  name: 'leap_entry',
  aliases: ['leap', 'leaps'],
  title: 'LEAP call entry',
  summary:
    'Stocks that turn up after a pullback in a long uptrend, for the purchase of a call that runs for a year or longer',
  parameters,
  barsNeeded: 272,
  barsUsed: 272,
  horizon: 252,
  stages: ['data_download', 'analysis', 'ranking'],
  usesChain: true,
  score(bars, { min_score }, { index, vix, chain }) {
    const lacking: string[] = []
    const stock = stockOf(bars)
    const option = chain ? withChain(chain, bars.days.at(-1)!, lacking) : withoutChain(bars, stock.close, lacking)
    const items = [
      ...trendItems(stock),
      ...pullbackItems(stock),
      ...turnItems(bars, stock),
      ...regimeItems(bars.days.at(-1)!, index, vix, lacking),
      ...option.items,
    ]
    const gates = [...gatesOf(stock), ...option.gates]
    return scored({ items, gates, lacking }, min_score, stock.close, { drawdown: stock.drawdown, ...option.facts })
  },
}

interface Stock {
  close: number
  highBefore: number
  sma10: number
  sma50: number
  sma200: number
  /** SMA200 65 bars ago. */
  sma200Before: number
  yearAgo: number
  /** From the high of 52 weeks, as a share. */
  drawdown: number
  /** Distance from the nearer of SMA50 and SMA200, as a share; undefined while the close is too far below both. */
  fromAverage: number | undefined
  rsi: number
}

function stockOf({ close, high }: Columns): Stock {
  const end = close.length
  const last = close[end - 1]!
  const [sma50, sma200] = [mean(close, end, 50), mean(close, end, 200)]
  const distances = [sma50, sma200].filter((sma) => last >= leastOfAverage * sma).map((sma) => Math.abs(last / sma - 1))
  return {
    close: last,
    highBefore: high[end - 2]!,
    sma10: mean(close, end, 10),
    sma50,
    sma200,
    sma200Before: mean(close, end - 65, 200),
    yearAgo: close[end - 1 - tradingDays]!,
    drawdown: 1 - last / highest(high, end, tradingDays),
    fromAverage: distances.length > 0 ? Math.min(...distances) : undefined,
    rsi: lastRsi(close),
  }
}

function trendItems({ close, sma50, sma200, sma200Before, yearAgo }: Stock): Item[] {
  const met = (name: string, isMet: boolean, of: number, text: string) => item('trend', name, isMet ? of : 0, of, text)
  return [
    met('above SMA200', close > sma200, 8, `${distance(close / sma200)} SMA200`),
    met('SMA200 rises', sma200 > sma200Before, 5, `SMA200 ${distance(sma200 / sma200Before)} that of 65 days ago`),
    met('SMA50 above SMA200', sma50 > sma200, 4, `SMA50 ${distance(sma50 / sma200)} SMA200`),
    met('above a year ago', close > yearAgo, 3, `${distance(close / yearAgo)} the close of a year ago`),
  ]
}

function pullbackItems({ drawdown, fromAverage, rsi }: Stock): Item[] {
  const near = fromAverage === undefined ? 0 : ramp(fromAverage, 0.06, 0.02, 10)
  const fallen = Math.min(ramp(drawdown, 0.03, 0.08, 8), ramp(drawdown, 0.3, 0.2, 8))
  return [
    item('pullback', 'near an average', near, 10, nearText(fromAverage)),
    item('pullback', 'drawdown', fallen, 8, `${percent(drawdown)} below the high of 52 weeks`),
    item('pullback', 'RSI', ramp(Math.abs(rsi - 45), 20, 7, 7), 7, `RSI14 ${rsi.toFixed(1)}, best near 45`),
  ]
}

const nearText = (fromAverage: number | undefined) =>
  fromAverage === undefined
    ? 'more than 3% below SMA50 and SMA200'
    : `${percent(fromAverage)} from the nearer of SMA50 and SMA200`

function turnItems({ close, volume }: Columns, stock: Stock): Item[] {
  const end = close.length
  let [up, down] = [0, 0]
  for (let at = end - 10; at < end; at++) {
    if (close[at]! > close[at - 1]!) up += volume[at]!
    else if (close[at]! < close[at - 1]!) down += volume[at]!
  }
  const share =
    up + down > 0 ? `${percent(up / (up + down))} of the volume of ten days on rising days` : 'no change in ten days'
  return [
    item('turn', 'over yesterday', stock.close > stock.highBefore ? 5 : 0, 5, overText(stock)),
    item('turn', 'over SMA10', stock.close > stock.sma10 ? 5 : 0, 5, `${distance(stock.close / stock.sma10)} SMA10`),
    item('turn', 'up-volume', up > down ? 5 : 0, 5, share),
  ]
}

const overText = ({ close, highBefore }: Stock) => `${distance(close / highBefore)} the high of the day before`

/** The market as a whole: SPY, and its volatility. SPY's bars after the stock's last one do not count. */
function regimeItems(today: string, index: Columns | undefined, vix: number | undefined, lacking: string[]): Item[] {
  const end = index ? index.days.findLastIndex((day) => day <= today) + 1 : 0
  const isKnown = index !== undefined && end >= 200 && index.days[end - 1] === today
  if (!isKnown)
    lacking.push(`regime: ${index && end > 0 ? `SPY has ${end} bars up to ${index.days[end - 1]}` : 'no bars of SPY'}`)
  const items: Item[] = []
  if (isKnown) {
    const [last, sma50, sma200] = [index.close[end - 1]!, mean(index.close, end, 50), mean(index.close, end, 200)]
    items.push(
      item('regime', 'SPY above SMA200', last > sma200 ? 8 : 0, 8, `SPY ${distance(last / sma200)} its SMA200`),
      item(
        'regime',
        'SPY SMA50 above SMA200',
        sma50 > sma200 ? 3 : 0,
        3,
        `its SMA50 ${distance(sma50 / sma200)} its SMA200`,
      ),
    )
  }
  if (vix !== undefined) items.push(item('regime', 'VIX', ramp(vix, 30, 20, 4), 4, `VIX ${vix.toFixed(1)}`))
  else if (isKnown) {
    const estimate = 100 * volatilityOf(logReturns(index.close.subarray(end - 21, end)), 20, 20) + 4
    const text = `${estimate.toFixed(1)}: SPY's volatility of 20 days + 4, in place of the VIX`
    items.push(item('regime', 'VIX', ramp(estimate, 30, 20, 4), 4, text))
    lacking.push("VIX: SPY's volatility of 20 days + 4 stands for it")
  }
  return items
}

function gatesOf({ close, sma200, sma200Before, drawdown, fromAverage, highBefore }: Stock): Gate[] {
  return [
    { name: 'at SMA200', passed: close >= leastOfAverage * sma200, text: `close ${distance(close / sma200)} SMA200` },
    {
      name: 'SMA200 rises',
      passed: sma200 > sma200Before,
      text: `SMA200 ${distance(sma200 / sma200Before)} that of 65 days ago`,
    },
    {
      name: 'drawdown',
      passed: drawdown >= 0.05 && drawdown <= 0.3,
      text: `${percent(drawdown)} below the high of 52 weeks, of 5% to 30%`,
    },
    { name: 'near an average', passed: fromAverage !== undefined && fromAverage <= 0.05, text: nearText(fromAverage) },
    {
      name: 'over yesterday',
      passed: close > highBefore,
      text: `close ${distance(close / highBefore)} the high of the day before`,
    },
  ]
}

interface OptionPart {
  items: Item[]
  gates: Gate[]
  facts: Scored['facts']
}

function withChain(chain: OptionChain, today: string, lacking: string[]): OptionPart {
  const contract = leapContractOf(chain, today)
  const basis = { basis: 'with chain', chain_from: chain.source }
  if (!contract) {
    const text = 'no call of a year or longer with a delta of .70 to .80 is quoted'
    lacking.push(`option: ${text}`)
    return { items: [], gates: [{ name: 'contract', passed: false, text }], facts: basis }
  }
  const { strike, expires, delta, middle, bid, ask, openInterest, extrinsicPerYear } = contract
  const spread = (ask - bid) / middle
  const part = (name: string, value: number, none: number, full: number, of: number, text: string) =>
    item('option', name, ramp(value, none, full, of), of, text)
  const items = [
    part('extrinsic value', extrinsicPerYear, 0.1, 0.06, 5, `${percent(extrinsicPerYear)} of the price a year`),
    part('spread', spread, 0.1, 0.02, 5, `spread ${percent(spread)} of the middle`),
    part('open interest', openInterest, 10, 100, 5, `open interest ${openInterest}`),
  ]
  const { volatilities = [] } = chain
  if (volatilities.length < leastVolatilities) {
    lacking.push(`IV percentile: ${volatilities.length} of ${leastVolatilities} days of implied volatility`)
  } else {
    const percentile = percentileOfLast(volatilities)
    items.unshift(part('IV percentile', percentile, 70, 30, 10, `percentile ${percentile.toFixed(0)} of the year`))
  }
  return {
    items,
    gates: [{ name: 'contract', passed: true, text: `call ${strike} of ${expires}, delta ${delta.toFixed(2)}` }],
    facts: { ...basis, strike, expires, delta, option_price: middle },
  }
}

function withoutChain({ close }: Columns, spot: number, lacking: string[]): OptionPart {
  // Only the bars that are used, so that the work is the same however many there are.
  const returns = logReturns(close.subarray(-(tradingDays + 20)))
  const volatility = volatilityOf(returns, returns.length, tradingDays)
  const facts = {
    basis: 'underlying only',
    volatility,
    volatility_percentile: percentileOfLast(yearOfVolatilities(returns)),
  }
  const estimate = leapEstimate(spot, volatility)
  lacking.push('option chain: underlying only')
  if (!estimate) return { items: [], gates: [], facts }
  return {
    items: [],
    gates: [],
    facts: {
      ...facts,
      estimate: estimateLabel,
      estimated_strike: estimate.strike,
      estimated_price: estimate.price,
      'estimated_price_at_1.25σ': estimate.priceAtMore,
      estimated_extrinsic: estimate.extrinsic,
    },
  }
}
