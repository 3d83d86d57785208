import { distance } from 'fastest-levenshtein'
import { Refusal } from '../../base/refusal.ts'
import type { Market } from '../../market/market.ts'
import { symbolNamed } from '../../market/names.ts'
import type { Speaker } from '../../trading/accounts/rows/members.ts'
import { openPositions, type Position } from '../../trading/positions/rows/positions.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { Given } from '../language/slots.ts'
import { plain } from '../language/words.ts'
import { type Ask, choose, enter, type Hearing, numbered } from './command.ts'
import type { SlotValues } from './slot-values.ts'

/**
 * The symbol of a command: the named one, or else the thread's. Without one it asks, with the open positions as numbered
 * choices.
 */
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

/**
 * The symbol of a sale that may also open a short position: the named one. Without a name it is that of an open position, if
 * any is open.
 */
export async function symbolSold(
  hearing: Hearing,
  slots: Pick<SlotValues, 'words' | 'symbol'>,
): Promise<string | Ask | Refusal> {
  const { parts, speaker } = hearing
  const isFree = slots.symbol !== undefined || (await openPositions(parts.db, speaker.accountId)).length === 0
  if (isFree) return symbolMeant(hearing, slots)
  const position = await positionMeant(hearing, slots)
  return 'version' in position ? position.symbol : position
}

/**
 * The open position of a command: in the named symbol, or else the one that this thread is certainly about. Otherwise it asks,
 * because a symbol that was only looked at chooses nothing.
 */
export async function positionMeant(
  hearing: Hearing,
  { words: given, symbol: named }: Pick<SlotValues, 'words' | 'symbol'>,
): Promise<Position | Ask | Refusal> {
  const { parts, speaker } = hearing
  if (named instanceof Refusal) return named
  const open = await openPositions(parts.db, speaker.accountId)
  const position = named ? open.find((one) => one.symbol === named) : positionHere(open, speaker)
  if (position) return position
  if (named || open.length === 0) return nothingOpen(open, exampleSymbol(parts.market), named ?? speaker.symbol)
  const isOpen = open.some((one) => one.symbol === speaker.symbol)
  return askWhich(open, given, isOpen ? undefined : speaker.symbol)
}

/**
 * The position that a thread is about: in the symbol that was named last there, if it is the only open one, or the only one
 * of several that this thread opened.
 */
export function positionHere(
  open: Position[],
  { symbol, conversationId }: Pick<Speaker, 'symbol' | 'conversationId'>,
): Position | undefined {
  const here = open.filter((one) => one.conversationId === conversationId)
  const [only, another] = open.length === 1 ? open : here
  return another === undefined && only?.symbol === symbol ? only : undefined
}

/** Asks for one of the open positions; `here` is the thread's symbol, without an open position. */
function askWhich(open: Position[], given: Given, here?: string): Ask {
  const lines = numbered(open.map((position) => `${position.symbol} - ${positionText(position)}`))
  const hint = open.length === 1 ? 'Reply with 1' : `Reply with a number from 1 to ${open.length}`
  const yes = open.length === 1 ? ['yes', 'y'] : []
  const choices = open.map(({ symbol }) => ({ value: symbol, label: symbol, aliases: [`$${symbol}`, ...yes] }))
  const none = here ? `You have no open position in ${here}. ` : ''
  const which = open.length === 1 ? 'Do you mean this one?' : 'Which one do you mean?'
  return choose('symbol', 'Which symbol?', `❓ ${none}${which}\n${lines}\n\n💡 ${hint}`, choices, given)
}

/** No position is open, or none in this symbol. */
export function nothingOpen(open: Position[], example: string, symbol?: string): Refusal {
  const where = symbol ? ` in ${symbol}` : ''
  const instead =
    open.length > 0
      ? `Open: ${open.map((position) => position.symbol).join(', ')}`
      : `Record one with \`long ${symbol ?? example} 100\``
  return new Refusal('NO_POSITION', `You have no open position${where}.`, instead)
}

/** The symbol of a symbol or a name, in the market's spelling, or a refusal with similar symbols. */
export function knownSymbol(market: Market, named: string): string | Refusal {
  const symbol = plain(named).toUpperCase().replace(/^\$/, '')
  const known = market.instrument(symbol)?.symbol ?? symbolNamed(market, symbol)
  if (known) return known
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
      : `The market in use (${market.name}) has others, such as ${exampleSymbol(market)}; \`symbols\` lists them`
  return new Refusal('UNKNOWN_SYMBOL', `I don't know the symbol ${symbol.slice(0, 20)}. Nothing was done.`, instead, {
    askAgain: true,
  })
}

/** All symbols if each one is known, or the refusal of the first unknown one. */
export function allKnown(symbols: (string | Refusal)[]): string[] | Refusal {
  const unknown = symbols.find((one) => one instanceof Refusal)
  return unknown instanceof Refusal ? unknown : (symbols as string[])
}

/** A symbol for examples, from the market in use. */
export function exampleSymbol(market: Market): string {
  return market.instrument('BYND')?.symbol ?? market.instruments()[0]?.symbol ?? 'BYND'
}

/** The market in use does not have the position's symbol. */
export function notTraded(symbol: string, market: string): Refusal {
  return new Refusal(
    'NOT_TRADED_HERE',
    `The market in use (${market}) has no ${symbol}, so it cannot be traded now.`,
    'Start the desk with a MARKET that has it',
  )
}
