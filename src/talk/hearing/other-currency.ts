import { Refusal } from '../../base/refusal.ts'
import { currencyOf } from '../../market/currency.ts'
import { openPositions } from '../../trading/positions/rows/positions.ts'
import type { Command, Hearing } from '../commands/command.ts'
import type { Given } from '../language/slots.ts'

/** The symbols that a command names, in the market's spelling. */
const namedIn = ({ parts: { market } }: Hearing, { symbol, symbols }: Given): string[] =>
  [...(symbol ? [symbol] : []), ...(symbols?.split(' ') ?? [])].map((one) => market.instrument(one)?.symbol ?? one)

/**
 * The refusal of a command about a pair whose prices are no dollars: the desk counts and speaks in dollars, and would say a wrong price.
 * Commands whose texts name the currency pass, and so does everything about a position that is open.
 */
export async function inOtherCurrency(hearing: Hearing, command: Command, given: Given): Promise<Refusal | undefined> {
  if (command.anyCurrency) return undefined
  const symbol = namedIn(hearing, given).find((one) => currencyOf(one) !== undefined)
  if (symbol === undefined) return undefined
  const { parts, speaker } = hearing
  if ((await openPositions(parts.db, speaker.accountId)).some((one) => one.symbol === symbol)) return undefined
  const sentence = `${symbol} is priced in ${currencyOf(symbol)}, and the desk counts in dollars, so it does not trade or measure it. Nothing was done.`
  return new Refusal(
    'OTHER_CURRENCY',
    sentence,
    `\`quote ${symbol}\`, \`chart\` and \`alert\` show its prices; \`${symbol.split('-')[0]}-USD\` is the pair with dollars`,
  )
}
