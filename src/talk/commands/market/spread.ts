import { Big } from '../../../base/amounts.ts'
import { durationText, priceText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import {
  leastSpreads,
  type MeanSpread,
  meanSpread,
  type Spread,
  spreadMeaning,
  spreadMinutes,
  spreadOf,
} from '../../../market/indicators/spread.ts'
import { spreadsOf } from '../../../market/spreads.ts'
import { quoteToShow } from '../../../market/to-show.ts'
import type { Parts } from '../../../trading/parts.ts'
import { type Command, say } from '../command.ts'
import { symbolMeant } from '../symbol.ts'

/** The most symbols in one reply. */
const most = 10

export const showSpread: Command = {
  name: 'spread',
  aliases: ['bid ask spread', 'bid-ask spread'],
  phrases: [{ full: 'bid/ask spread, how wide is spread, current spread' }],
  description: 'Spread between bid and ask, against its mean',
  category: 'Indicators',
  position: 139,
  effect: 'reads',
  usage: 'spread [SYMBOL …]',
  example: 'spread BYND',
  detail: `The spread of now, in cents and in basis points of the price halfway between bid and ask, against its mean of the last ${spreadMinutes} minutes. The mean is of the quotes that came in since somebody first asked for a spread; it takes ${leastSpreads} of them.`,
  needs: 'viewer',
  account: 'none',
  options: [{ name: 'symbol', type: 'symbol', description: 'Of what', several: true }],
  async run(hearing, slots) {
    const symbols = slots.symbols?.slice(0, most) ?? [await symbolMeant(hearing, slots)]
    const texts = await Promise.all(
      symbols.map((symbol) => (typeof symbol === 'string' ? spreadText(hearing.parts, symbol) : symbol)),
    )
    return texts.find((one) => typeof one !== 'string') ?? say(texts.join('\n\n'))
  },
}

async function spreadText({ market, clock }: Parts, symbol: string): Promise<string | Refusal> {
  const minutes = spreadsOf(market).of(symbol)
  const quote = await quoteToShow(market, symbol)
  if (!quote) {
    const sentence = `The market (${market.name}) tells no price for ${symbol} now.`
    return new Refusal('NO_PRICE', sentence, 'Try again in a moment')
  }
  const spread = spreadOf(quote)
  const mean = meanSpread(minutes, clock.now())
  return [
    `📊 SPREAD — ${symbol}`,
    `Spread: ${widthText(spread)} of ${priceText(quote.bid.plus(quote.ask).div(2))}`,
    ...meanLines(spread, mean),
    ...(quote.isAssumed ? ['⚠️ Bid and ask are assumed around the last price: this market has none.'] : []),
    ...(quote.stale ? [`⚠️ Stale: ${quote.stale}. It is not traded on.`] : []),
  ].join('\n')
}

/** A crossed market, with the bid above the ask, has a negative spread. */
function numberText(value: number, decimals: number): string {
  const rounded = new Big(value.toFixed(decimals))
  return `${rounded.lt(0) ? '-' : ''}${quantityText(rounded)}`
}

const widthText = ({ cents, basisPoints }: Spread) => `${numberText(cents, 4)}¢ | ${numberText(basisPoints, 1)} bp`

function meanLines(spread: Spread, mean: MeanSpread | undefined): string[] {
  if (!mean) return [`Mean: not known yet; its quotes are counted from now on, ${leastSpreads} are needed`]
  const of = `${mean.count} ${mean.count === 1 ? 'quote' : 'quotes'} over ${durationText(mean.overMs)}`
  if (mean.count < leastSpreads) return [`Mean: not known yet: ${of} so far, ${leastSpreads} are needed`]
  const meaning = spreadMeaning(spread.basisPoints, mean.basisPoints)
  const rounded = { ...mean, cents: Number(mean.cents.toFixed(2)) }
  return [`Mean: ${widthText(rounded)}, of ${of}`, `💭 ${meaning[0]!.toUpperCase()}${meaning.slice(1)}`]
}
