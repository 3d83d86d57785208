import { Big, sum } from '../../../base/amounts.ts'
import { percentText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { drawCandles, type Level, looks } from '../../../charts/index.ts'
import { pairAverageText, pairPriceText } from '../../../market/currency.ts'
import { anchoredVwap } from '../../../market/indicators/anchored-vwap.ts'
import { candle } from '../../../market/indicators/candle.ts'
import { calendarFor, sessionStarts } from '../../../market/indicators/sessions.ts'
import { vwap } from '../../../market/indicators/vwap.ts'
import type { Bar, Instrument, Market } from '../../../market/market.ts'
import { barsToShow, quoteToShow } from '../../../market/to-show.ts'
import { unfinishedBar } from '../../../market/unfinished-bar.ts'
import { type Filled, filledBetween } from '../../../trading/orders/rows/fills.ts'
import { restingOrders } from '../../../trading/orders/rows/working-orders.ts'
import { openPosition, type Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { averageEntryPrice } from '../../../trading/positions/rules/position.ts'
import { type Protection, protectionOf } from '../../../trading/protection/rows/protective-orders.ts'
import { protectionText } from '../../wording/levels.ts'
import type { Command, Hearing, Outcome } from '../command.ts'
import { axisOf, show, spanText, whenText, zoneText } from '../picture.ts'
import { equityChart } from '../positions/equity-chart.ts'
import type { SlotValues } from '../slot-values.ts'
import { knownSymbol, symbolMeant } from '../symbol.ts'
import { type Interval, intervalIn, intervals, looksLikeLength, readChartWords } from './chart-interval.ts'

/** The most candles that a phone shows clearly. */
const mostBars = 66
/** A market that builds its weekly bars from minutes needs a while for them, so a chart has fewer. */
const mostWeeks = 26
const dayMinutes = 1440

/** Words after `chart` that mean the account instead of a symbol. */
const ofAccount = ['pl', 'p&l', 'pnl', 'equity', 'account']

export const showChart: Command = {
  name: 'chart',
  aliases: ['candles', 'graph'],
  phrases: [
    {
      full: 'show chart, chart of, pull up chart, draw chart, draw me, plot me, candlestick',
      thin: 'draw, plot, graph, candles',
    },
  ],
  description: 'Candles, your levels and fills',
  category: 'Market',
  position: 138,
  effect: 'reads',
  usage: 'chart [SYMBOL] [1m|5m|15m|30m|1h|4h|1d|1w]',
  example: 'chart BYND 1d',
  detail:
    'A picture of the last bars: candles (hollow up, filled down), volume and VWAP, with your entry, stop, target, working orders and fills. VWAP is that of the session; with bars of a day or longer, that since the first of them. `pl chart` shows your equity and P&L.',
  anyCurrency: true,
  needs: 'viewer',
  account: 'looks',
  options: [
    { name: 'symbol', type: 'symbol', description: 'Of what' },
    { name: 'interval', type: 'choice', choices: [...intervals], description: 'Length of a bar' },
    { name: 'view', type: 'choice', choices: ofAccount, description: 'Your account: equity, P&L' },
  ],
  async run(hearing, slots) {
    const { words: given } = slots
    const { interval, others } = readChartWords(given.rest ?? '')
    if (given.view !== undefined) return equityChart(hearing)
    const length = others.find(looksLikeLength)
    if (length !== undefined) {
      const sentence = `The desk has no bars of ${length.slice(0, 12)}.`
      return new Refusal('LENGTH_NOT_OFFERED', sentence, `Such as ${intervals.join(', ')}; a week at most`)
    }
    const symbol = await symbolOf(hearing, slots, others)
    if (typeof symbol !== 'string') return symbol
    const asked = (given.interval === undefined ? undefined : intervalIn(given.interval)) ?? interval
    return chartOf(hearing, hearing.parts.market.instrument(symbol)!, asked)
  },
}

/** The symbol of the chart. An unknown word is refused, because the thread's symbol would be a wrong answer. */
async function symbolOf(hearing: Hearing, slots: SlotValues, others: string[]): Promise<string | Outcome> {
  const { market } = hearing.parts
  const [word] = others
  if (slots.symbol === undefined && word !== undefined) return knownSymbol(market, word)
  return symbolMeant(hearing, slots)
}

/** The data of a chart. */
interface Charted {
  instrument: Instrument
  interval: Interval
  /** The finished bars. */
  bars: Bar[]
  /** The bar under way, if something of it is known. */
  unfinished?: Bar
  vwap: (number | undefined)[]
  /** The columns in which a session begins, and VWAP with it. */
  starts: number[]
  /** The member's time zone. */
  zone?: string | null
  /** In the symbol's currency: the last price, or the last close without a quote. */
  last: Big
  /** The reason why the last price is stale. */
  stale?: string
  position?: Position
  protection?: Protection
  resting: { price: Big; number: number }[]
  /** The fills by side and bar. Fills after the end of the last bar have the index after the last bar. */
  fills: Filled[]
}

async function chartOf(hearing: Hearing, instrument: Instrument, asked: Interval | undefined): Promise<Outcome> {
  const { parts, speaker } = hearing
  const { market, db } = parts
  const found = await barsFrom(market, instrument, asked)
  if (found instanceof Refusal) return found
  const { symbol } = instrument
  const last = found.bars.at(-1)!
  const shown: Pick<Market, 'bars' | 'quote'> = {
    bars: (...asked) => barsToShow(market, ...asked),
    quote: (asked) => quoteToShow(market, asked),
  }
  const [quote, unfinished, position, resting, fills] = await Promise.all([
    quoteToShow(market, symbol),
    unfinishedBar(shown, parts.clock, symbol, found.interval.minutes, last),
    openPosition(db, speaker.accountId, symbol),
    restingOrders(db, speaker.accountId),
    filledBetween(db, speaker.accountId, symbol, [...found.bars.map(({ at }) => at), endOf(found.bars)]),
  ])
  const charted: Charted = {
    ...found,
    instrument,
    unfinished,
    zone: speaker.timeZone,
    last: quote?.last ?? last.close,
    stale: quote?.stale,
    position,
    protection: position && (await protectionOf(db, position.id)),
    resting: resting
      .filter((order) => order.symbol === symbol)
      .flatMap(({ limitPrice, stopPrice: price = limitPrice, number }) => (price ? [{ price, number }] : [])),
    fills,
  }
  const { text, alt } = inWords(charted)
  const course = charted.bars.map(({ close }) => close.toNumber())
  return show(parts, text, { name: `${symbol}-${found.interval.text}.png`, alt, course }, () => draw(charted))
}

/** The last bars of the named length, or of the first length with bars; with their VWAP. */
async function barsFrom(
  market: Market,
  instrument: Instrument,
  asked: Interval | undefined,
): Promise<Pick<Charted, 'interval' | 'bars' | 'vwap' | 'starts'> | Refusal> {
  const { symbol } = instrument
  const wanted = asked ? [asked] : intervals.map((text) => intervalIn(text)!)
  for (const interval of wanted) {
    const { minutes } = interval
    const count = minutes > dayMinutes ? mostWeeks : mostBars
    // VWAP begins with the session, and the session may begin before the first shown bar.
    const before = minutes < dayMinutes ? Math.ceil(dayMinutes / minutes) : 0
    const bars = await barsToShow(market, symbol, minutes, count + before)
    if (bars.length < 2) continue
    const shown = bars.slice(-count)
    if (minutes >= dayMinutes) return { interval, bars: shown, vwap: anchoredVwap(shown.map(candle)), starts: [] }
    const calendar = calendarFor(instrument)
    const averages = vwap(bars, calendar).slice(-count)
    return { interval, bars: shown, vwap: averages, starts: sessionStarts(shown, calendar) }
  }
  return noBars(market, symbol, asked)
}

/** The refusal of a chart of a symbol that was traded only before or after sessions. */
function onlyOutside(market: Market, symbol: string): Refusal {
  const sentence = `${symbol} was traded only before or after the sessions of the exchange, and a chart shows sessions. There is nothing to draw yet (${market.name}).`
  return new Refusal(
    'NO_BARS',
    sentence,
    `\`quote ${symbol}\` shows its price now; the chart begins with its first session`,
  )
}

async function noBars(market: Market, symbol: string, asked: Interval | undefined): Promise<Refusal> {
  const others = asked ? intervals.map((text) => intervalIn(text)!).filter(({ text }) => text !== asked.text) : []
  for (const { minutes, text } of others) {
    if ((await barsToShow(market, symbol, minutes, 2)).length < 2) continue
    const sentence = `The market in use (${market.name}) has no two bars of ${asked!.text} of ${symbol} yet.`
    return new Refusal('NO_BARS', sentence, `It has others: \`chart ${symbol} ${text}\``)
  }
  if (market.hasOnlyOutside?.(symbol)) return onlyOutside(market, symbol)
  const sentence = `The market in use (${market.name}) has no bars of ${symbol}, so there is nothing to draw.`
  const instead = `\`quote ${symbol}\` shows its price; a MARKET such as sim or replay:FOLDER has bars`
  return new Refusal('NO_BARS', sentence, instead)
}

/** The chart in words: the text beside the picture, and its alternative text. */
function inWords(charted: Charted): { text: string; alt: string } {
  const { instrument, interval, bars, unfinished, zone, last, position, protection, resting, fills } = charted
  const all = unfinished ? [...bars, unfinished] : bars
  const { symbol } = instrument
  const priceText = (price: Big) => pairPriceText(symbol, price)
  const { times, timeZone } = axisOf(bars, interval.minutes, instrument, zone)
  const clock = interval.minutes < dayMinutes
  const [from, to] = [whenText(times[0]!, timeZone, clock), whenText(times.at(-1)!, timeZone, clock)]
  const move = percentText(last.div(bars[0]!.open).minus(1))
  const high = priceText(all.map((bar) => bar.high).reduce((a, b) => (b.gt(a) ? b : a)))
  const low = priceText(all.map((bar) => bar.low).reduce((a, b) => (b.lt(a) ? b : a)))
  const average = charted.vwap.findLast((one) => one !== undefined)
  const filled = (own: Filled['side']) =>
    fills.reduce((count, { side, fills }) => count + (side === own ? fills : 0), 0)
  const orders = resting.map(({ number, price }) => `order ${number} @ ${priceText(price)}`).join(' · ')
  const own = position && [positionText(position), protectionText(protection, last)].filter(Boolean).join(' · ')
  const mine = [
    ...(own ? [own] : []),
    ...(orders ? [`Working: ${orders}`] : []),
    ...(fills.length > 0 ? [`Your fills in it: ${filled('buy')} bought, ${filled('sell')} sold`] : []),
  ]
  const prices = `Last: ${priceText(last)} (${move}) | High: ${high} | Low: ${low}`
  const text = [
    `📈 ${symbol} ${interval.text} — ${bars.length} bars, ${from} to ${to}${clock ? ` (${zoneText(timeZone)})` : ''}`,
    prices,
    `VWAP${clock ? '' : ` since ${from}`}: ${average === undefined ? 'none, nothing was traded' : pairAverageText(symbol, new Big(average))} | Volume: ${quantityText(sum(all.map((bar) => bar.volume)))}`,
    ...(unfinished ? [underWayText(symbol, unfinished)] : []),
    ...(charted.stale ? [`⚠️ The last price is stale: ${charted.stale}`] : []),
    ...mine,
  ].join('\n')
  const alt = `Candles of ${symbol}, ${bars.length} bars of ${interval.text} from ${from} to ${to}, with volume and VWAP. ${[prices, ...mine].join('. ')}.`
  return { text, alt }
}

function draw(charted: Charted) {
  const { instrument, interval, bars, unfinished, zone, last, position, protection, resting, fills } = charted
  const axis = axisOf(unfinished ? [...bars, unfinished] : bars, interval.minutes, instrument, zone)
  if (unfinished) axis.candles.at(-1)!.isUnfinished = true
  const clock = interval.minutes < dayMinutes
  const priceText = (price: Big) => pairPriceText(instrument.symbol, price)
  const { times, timeZone } = axis
  const level = (look: Partial<Level>, price: Big, text = priceText(price)) =>
    ({ colour: 'axis', ...look, value: price.toNumber(), text }) as Level
  const entry = position && averageEntryPrice(position)
  const move = last.div(bars[0]!.open).minus(1)
  return drawCandles({
    ...axis,
    title: `${instrument.symbol} · ${interval.text}`,
    headline: { text: priceText(last), move: { text: percentText(move), isUp: move.gte(0) } },
    note: `${spanText(times[0]!, times.at(-1)!, timeZone, clock)}${unfinished ? ' · dashed: not over' : ''}`,
    lines: [
      {
        name: clock ? 'VWAP' : `VWAP since ${whenText(times[0]!, timeZone, false)}`,
        values: charted.vwap,
        breaks: charted.starts,
      },
    ],
    levels: [
      level(looks.last, last),
      ...(entry ? [level(looks.entry, entry, pairAverageText(instrument.symbol, entry))] : []),
      ...(protection?.stop ? [level(looks.stop, protection.stop.price)] : []),
      ...(protection?.target ? [level(looks.target, protection.target.price)] : []),
      ...resting.map(({ number, price }) => level({ ...looks.order, name: `Order ${number}` }, price)),
    ],
    marks: fills.map(({ index, price, side }) => ({ column: index, value: price.toNumber(), side })),
  })
}

/** The range of the bar under way. */
function underWayText(symbol: string, { low, high }: Bar): string {
  return `The bar under way is drawn with dashes: ${pairPriceText(symbol, low)} to ${pairPriceText(symbol, high)} so far`
}

/** The end of the last bar. The smallest step between bars is the length of a bar; steps across a pause are longer. */
function endOf(bars: Bar[]): Date {
  const step = Math.min(...bars.slice(1).map(({ at }, index) => at.getTime() - bars[index]!.at.getTime()))
  return new Date(bars.at(-1)!.at.getTime() + step)
}
