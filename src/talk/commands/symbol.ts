import { distance } from 'fastest-levenshtein'
import { Refusal } from '../../base/refusal.ts'
import type { Market } from '../../market/market.ts'
import { openPositions, type Position } from '../../trading/positions/rows/positions.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { Given } from '../language/slots.ts'
import { plain } from '../language/words.ts'
import { type Ask, choose, enter, type Hearing, numbered } from './command.ts'
import type { SlotValues } from './slot-values.ts'

/** Which symbol is meant: the one that was named, else the thread's. Asks, numbered from the open positions, when none is known. */
export async function symbolMeant(
  hearing: Hearing,
  { words: given, symbol }: Pick<SlotValues, 'words' | 'symbol'>,
): Promise<string | Ask | Refusal> {
  const { parts, speaker } = hearing
  if (symbol) return symbol
  const here = speaker.symbol && parts.market.instrument(speaker.symbol)
  if (here) return here.symbol
  const open = await openPositions(parts.db, speaker.accountId)
  return open.length > 0 ? askWhich(open, given) : enter('symbol', 'text', 'Symbol', '❓ Which symbol?', given)
}

/** Which open position is meant: the one that was named, else the thread's when it is open. Asks when none is known. */
export async function positionMeant(
  hearing: Hearing,
  { words: given, symbol: named }: Pick<SlotValues, 'words' | 'symbol'>,
): Promise<Position | Ask | Refusal> {
  const { parts, speaker } = hearing
  const symbol = named ?? speaker.symbol
  if (symbol instanceof Refusal) return symbol
  const open = await openPositions(parts.db, speaker.accountId)
  const position = open.find((one) => one.symbol === symbol)
  if (position) return position
  if (named || open.length === 0) return nothingOpen(open, exampleSymbol(parts.market), symbol)
  return askWhich(open, given, symbol)
}

/** Asks which of the open positions is meant; `here` is the thread's symbol, in which nothing is open. */
function askWhich(open: Position[], given: Given, here?: string): Ask {
  const lines = numbered(open.map((position) => `${position.symbol} - ${positionText(position)}`))
  const hint = open.length === 1 ? 'Reply with 1' : `Reply with a number from 1 to ${open.length}`
  const yes = open.length === 1 ? ['yes', 'y'] : []
  const choices = open.map(({ symbol }) => ({ value: symbol, label: symbol, aliases: [`$${symbol}`, ...yes] }))
  const none = here ? `You have no open position in ${here}. ` : ''
  const which = open.length === 1 ? 'Do you mean this one?' : 'Which one do you mean?'
  return choose('symbol', 'Which symbol?', `❓ ${none}${which}\n${lines}\n\n💡 ${hint}`, choices, given)
}

/** Nothing is open, or nothing in the symbol that is meant. */
export function nothingOpen(open: Position[], example: string, symbol?: string): Refusal {
  const where = symbol ? ` in ${symbol}` : ''
  const instead =
    open.length > 0
      ? `Open: ${open.map((position) => position.symbol).join(', ')}`
      : `Record one with \`long ${symbol ?? example} 100\``
  return new Refusal('NO_POSITION', `You have no open position${where}.`, instead)
}

/** The symbol as the market spells it, or a refusal with the nearest ones. */
export function knownSymbol(market: Market, named: string): string | Refusal {
  const symbol = plain(named).toUpperCase().replace(/^\$/, '')
  const known = market.instrument(symbol)
  if (known) return known.symbol
  const near = market
    .instruments()
    .map((instrument) => ({ symbol: instrument.symbol, away: distance(instrument.symbol, symbol) }))
    .filter((one) => one.away <= Math.min(2, Math.ceil(symbol.length / 3)))
    .sort((a, b) => a.away - b.away)
    .slice(0, 3)
    .map((one) => one.symbol)
  const instead =
    near.length > 0
      ? `Did you mean ${near.join(', ')}?`
      : `The market in use (${market.name}) has others, such as ${exampleSymbol(market)}`
  return new Refusal('UNKNOWN_SYMBOL', `I don't know the symbol ${symbol.slice(0, 20)}. Nothing was done.`, instead, {
    askAgain: true,
  })
}

/** Symbols of which each is known, or the refusal of the first that is not. */
export function allKnown(symbols: (string | Refusal)[]): string[] | Refusal {
  const unknown = symbols.find((one) => one instanceof Refusal)
  return unknown instanceof Refusal ? unknown : (symbols as string[])
}

/** A symbol to show in an example: one that the market in use has. */
export function exampleSymbol(market: Market): string {
  return market.instrument('BYND')?.symbol ?? market.instruments()[0]?.symbol ?? 'BYND'
}

/** A position in something that the present market does not have. */
export function notTraded(symbol: string, market: string): Refusal {
  return new Refusal(
    'NOT_TRADED_HERE',
    `The market in use (${market}) has no ${symbol}, so it cannot be traded now.`,
    'Start the desk with a MARKET that has it',
  )
}
