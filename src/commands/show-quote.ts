import { Refusal } from '../chat/refusal.ts'
import { priceText } from '../trading/format.ts'
import { type Command, say } from './command.ts'
import { knownSymbol, symbolMeant } from './symbol.ts'

export const showQuote: Command = {
  usage: 'quote [SYMBOL]',
  example: 'quote BYND',
  detail:
    'Best bid, best ask, last price, how old they are and where they come from. A stale quote is shown as such and not traded on.',
  needs: 'viewer',
  options: [{ name: 'symbol', type: 'symbol', description: 'What to quote' }],
  async run(hearing, given) {
    const { parts } = hearing
    const meant = await symbolMeant(hearing, given)
    if (typeof meant !== 'string') return meant
    const symbol = knownSymbol(parts.market, meant)
    if (symbol instanceof Refusal) return symbol
    const quote = await parts.market.quote(symbol)
    if (!quote)
      return new Refusal(
        'NO_PRICE',
        `The market (${parts.market.name}) has no price for ${symbol} yet.`,
        'Try again in a moment',
      )
    const age = Math.max(0, parts.clock.now().getTime() - quote.at.getTime()) / 1000
    const lines = [
      `💵 ${symbol} - ${parts.market.instrument(symbol)?.name ?? symbol}`,
      `Bid: ${priceText(quote.bid)} | Ask: ${priceText(quote.ask)} | Last: ${priceText(quote.last)}`,
      `Age: ${age < 10 ? age.toFixed(1) : Math.round(age)} s | Source: ${quote.source}`,
    ]
    if (quote.stale) lines.push(`⚠️ Stale: ${quote.stale}. It is not traded on.`)
    return say(lines.join('\n'))
  },
}
