import type { Market } from '../../market/market.ts'
import { instrumentsLike } from '../../market/names.ts'
import { accountsOfPerson } from '../../trading/accounts/rows/accounts.ts'
import type { Parts } from '../../trading/parts.ts'
import { openPositions } from '../../trading/positions/rows/positions.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { Suggestion } from '../chat/door.ts'
import type { Author } from '../chat/inbound.ts'
import type { Command } from '../commands/command.ts'

/** The most suggestions that a platform shows. */
const mostSuggestions = 25

/** The symbols whose symbol or name begins with a typed text or contains it. */
export function symbolsLike(market: Market, typed: string): string[] {
  return instrumentsLike(market, typed, mostSuggestions).map(({ symbol }) => symbol)
}

/**
 * Suggests instruments for the symbol of a command. For a command about positions the person's open ones come first, from all
 * their accounts. It creates no account for an unknown person.
 */
export async function suggestionsFor(
  { db, market }: Pick<Parts, 'db' | 'market'>,
  author: Author,
  command: Command | undefined,
  typed: string,
): Promise<Suggestion[]> {
  const like = instrumentsLike(market, typed, Number.POSITIVE_INFINITY)
  if (!command?.ofPosition) return like.slice(0, mostSuggestions)
  const accounts = (await accountsOfPerson(db, author.id)) ?? []
  const open = (await Promise.all(accounts.map(({ id }) => openPositions(db, id)))).flat()
  const held = like.flatMap((instrument) => {
    const position = open.find(({ symbol }) => symbol === instrument.symbol)
    return position ? [{ ...instrument, position: positionText(position) }] : []
  })
  const others = like.filter(({ symbol }) => !held.some((one) => one.symbol === symbol))
  return [...held, ...others].slice(0, mostSuggestions)
}
