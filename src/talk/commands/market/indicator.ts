import { Refusal } from '../../../base/refusal.ts'
import { calendarFor } from '../../../market/indicators/sessions.ts'
import type { Market } from '../../../market/market.ts'
import { barsToShow, quoteToShow } from '../../../market/to-show.ts'
import type { Parts } from '../../../trading/parts.ts'
import type { Given } from '../../language/slots.ts'
import type { Command, Option } from '../command.ts'
import { show } from '../picture.ts'
import { symbolMeant } from '../symbol.ts'
import type { Drawing } from './indicator-pictures.ts'
import { type Length, lengths, type Studied } from './studied.ts'

/** The result of an indicator: its numbers, their meaning, and a picture. */
export interface Finding {
  numbers: string[]
  meaning: string
  picture: Drawing
}

/** One indicator, and the words of its command. */
export interface Indicator extends Pick<Command, 'name' | 'aliases' | 'phrases' | 'description' | 'position'> {
  /** As in `📊 RSI — BYND`. */
  title: string
  detail: string
  /** The bar lengths to try, in this order, when none is named. */
  prefers: Length[]
  /** Bar lengths that make no sense for it, with the reason. */
  never?: { lengths: Length[]; because: string }
  /** The number of bars of a length that it reads. */
  wants(minutes: number): number
  /** The number of bars that it needs, in words: `15 bars`. */
  needs: string
  /** Undefined without enough bars. */
  study(studied: Studied): Promise<Finding | undefined> | Finding | undefined
}

const options: Option[] = [
  { name: 'symbol', type: 'symbol', description: 'Of what' },
  { name: 'interval', type: 'choice', choices: Object.keys(lengths), description: 'Length of a bar' },
]

/** The command that shows an indicator. */
export function showIndicator(indicator: Indicator): Command {
  const { title, name, aliases, phrases, description, position, detail } = indicator
  return {
    ...{ name, aliases, phrases, description, position },
    category: 'Indicators',
    effect: 'reads',
    usage: `${name} [SYMBOL] [1m|5m|15m|1h|1d]`,
    example: `${name} BYND 5m`,
    detail,
    needs: 'viewer',
    account: 'none',
    options,
    async run({ parts, ...hearing }, slots) {
      const asked = lengthIn(slots.words)
      if (asked instanceof Refusal) return asked
      const symbol = await symbolMeant({ parts, ...hearing }, slots)
      if (typeof symbol !== 'string') return symbol
      const { never } = indicator
      if (asked && never?.lengths.includes(asked)) {
        return new Refusal('LENGTH_MAKES_NO_SENSE', never.because, `Such as \`${name} ${symbol} 5m\``)
      }
      const found = await studyOf(
        parts,
        indicator,
        symbol,
        asked ? [asked] : indicator.prefers,
        hearing.speaker.timeZone,
      )
      if (found instanceof Refusal) return found
      const { finding, studied, stale } = found
      const text = [
        `📊 ${title} — ${symbol} (${studied.length} bars)`,
        ...finding.numbers,
        `💭 ${finding.meaning[0]!.toUpperCase()}${finding.meaning.slice(1)}`,
        ...(stale ? [`⚠️ The last price is stale: ${stale}`] : []),
      ].join('\n')
      const { alt, course, draw } = finding.picture
      return show(parts, text, { name: `${symbol}-${name}-${studied.length}.png`, alt, course }, draw)
    },
  }
}

/** A number with a unit of time. A length that the desk does not offer is refused, not ignored. */
const written =
  /(?:^|\s)(\d+\s?(?:s|secs?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|mo|months?|y|years?))(?=\s|$)/
/** The named bar length; undefined when none was named. */
function lengthIn(given: Given): Length | Refusal | undefined {
  const said = given.interval ?? written.exec(given.rest ?? '')?.[1]
  if (said === undefined) return undefined
  const length = said
    .replace(/\s/g, '')
    .replace(/(\d[mhd])(?!o)[a-z]+$/, '$1')
    .replace(/^60m$/, '1h')
    .replace(/^24h$/, '1d')
  if (Object.hasOwn(lengths, length)) return length as Length
  const all = Object.keys(lengths).join(', ')
  return new Refusal('LENGTH_NOT_OFFERED', `The desk has no bars of ${said.slice(0, 12)}.`, `One of ${all}`)
}

/** The result from the first bar length of which the market has enough bars. */
async function studyOf(
  { market }: Pick<Parts, 'market'>,
  indicator: Indicator,
  symbol: string,
  among: Length[],
  zone: string | null | undefined,
): Promise<{ finding: Finding; studied: Studied; stale?: string } | Refusal> {
  const instrument = market.instrument(symbol)!
  const quoted = quoteToShow(market, symbol)
  let most: { length: Length; count: number } | undefined
  for (const length of among) {
    const minutes = lengths[length]
    const bars = await barsToShow(market, symbol, minutes, indicator.wants(minutes))
    if (bars.length > (most?.count ?? 0)) most = { length, count: bars.length }
    const last = bars.at(-1)
    if (!last) continue
    const quote = await quoted
    const studied: Studied = {
      instrument,
      calendar: calendarFor(instrument),
      bars,
      minutes,
      length,
      zone,
      price: (quote?.last ?? last.close).toNumber(),
      days: (count) => barsToShow(market, symbol, 1440, count),
    }
    const finding = await indicator.study(studied)
    if (finding) return { finding, studied, stale: quote?.stale }
  }
  return tooFew(indicator, symbol, market, most, among)
}

function tooFew(
  { title, needs }: Indicator,
  symbol: string,
  market: Market,
  most: { length: Length; count: number } | undefined,
  among: Length[],
): Refusal {
  if (!most) {
    if (market.hasOnlyOutside?.(symbol)) {
      const sentence = `${symbol} was traded only before or after the sessions of the exchange, and ${title} counts sessions: it needs ${needs}.`
      return new Refusal(
        'NO_BARS',
        sentence,
        `\`quote ${symbol}\` shows its price now; there are bars with its first session`,
      )
    }
    const sentence = `The market in use (${market.name}) has no bars of ${among.join(', ')} of ${symbol}; ${title} needs ${needs}.`
    return new Refusal(
      'NO_BARS',
      sentence,
      'Another length of bars, or a MARKET that has some, such as sim or replay:FOLDER',
    )
  }
  const has = `${most.count} ${most.count === 1 ? 'bar' : 'bars'} of ${most.length}`
  return new Refusal(
    'NOT_ENOUGH_BARS',
    `${title} needs ${needs}; the market in use (${market.name}) has ${has} of ${symbol}.`,
    'Try again when there are more, or with shorter bars',
  )
}
