import { type KnowsSymbol, symbolIn } from './symbols.ts'
import { tokenise } from './tokens.ts'

/** The characters of a message that are searched for symbols. */
const longest = 4000

/** The symbols that a message names, in order. `isSure`: none of them is an everyday word in lower case. */
export function symbolsNamed(text: string, knows: KnowsSymbol): { symbols: string[]; isSure: boolean } {
  const { tokens } = tokenise(text.slice(0, longest))
  const found = tokens
    .map((token) => symbolIn(token, knows, false))
    .filter((one) => one !== undefined && one.certainty !== 'guess' && knows(one.symbol))
    .map((one) => one!)
  const sure = found.filter(({ certainty }) => certainty !== 'homograph')
  const symbols = [...new Set((sure.length > 0 ? sure : found).map(({ symbol }) => symbol))]
  return { symbols, isSure: sure.length > 0 }
}
