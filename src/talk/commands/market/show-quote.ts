import type { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { pairPriceText } from '../../../market/currency.ts'
import { confirmedToShow } from '../../../market/to-show.ts'
import type { Parts } from '../../../trading/parts.ts'
import { type Command, say } from '../command.ts'
import { symbolMeant } from '../symbol.ts'

/** The most symbols in one reply. */
const most = 10

export const showQuote: Command = {
  name: 'quote',
  aliases: ['price', 'q'],
  phrases: [
    {
      full: `price of, where is trading, where's trading, where is at, where's at, what is trading at,
        what's trading at, last price, current price, what is price of, what's price of, get quote,
        last trade, bid ask, bid and ask, price check, quote for, what does cost, px, how much costs, how much does cost`,
      thin: `how much is, what is at, what's at, where is, where's, what is price, what's price, how's trading,
        how is trading`,
    },
  ],
  description: 'Bid, ask, last, age and source',
  category: 'Market',
  position: 130,
  effect: 'reads',
  usage: 'quote [SYMBOL …]',
  example: 'quote BYND',
  detail:
    'Best bid, best ask, last price, how old they are and where they come from. A stale quote is shown as such and not traded on.',
  anyCurrency: true,
  needs: 'viewer',
  account: 'none',
  options: [{ name: 'symbol', type: 'symbol', description: 'What to quote', several: true }],
  async run(hearing, slots) {
    const symbols = slots.symbols?.slice(0, most) ?? [await symbolMeant(hearing, slots)]
    const quotes = await Promise.all(
      symbols.map((symbol) => (typeof symbol === 'string' ? quoteText(hearing.parts, symbol) : symbol)),
    )
    return quotes.find((one) => typeof one !== 'string') ?? say(quotes.join('\n\n'))
  },
}

async function quoteText({ market, clock }: Parts, symbol: string): Promise<string | Refusal> {
  // Of several sources all are asked, so that the answer tells when they differ.
  const quote = await confirmedToShow(market, symbol)
  if (!quote)
    return new Refusal(
      'NO_PRICE',
      `The market (${market.name}) tells no price for ${symbol} now.`,
      'Try again in a moment',
    )
  const age = Math.max(0, clock.now().getTime() - quote.at.getTime()) / 1000
  const priceText = (price: Big) => pairPriceText(symbol, price)
  const lines = [
    `💵 ${symbol} - ${market.instrument(symbol)?.name ?? symbol}`,
    `Bid: ${priceText(quote.bid)} | Ask: ${priceText(quote.ask)} | Last: ${priceText(quote.last)}`,
    `Age: ${age < 10 ? age.toFixed(1) : Math.round(age)} s | Source: ${quote.source}`,
  ]
  if (quote.stale) lines.push(`⚠️ Stale: ${quote.stale}. It is not traded on.`)
  if (quote.weak) lines.push(`📡 Weak: ${quote.weak}. Alone it triggers no stop or target of a linked account.`)
  return lines.join('\n')
}
