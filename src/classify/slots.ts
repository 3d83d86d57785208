import { fractionIn, numberIn, plain } from './words.ts'

/** What a text names, as it was understood: decimals in strings. Also what a flow has been told so far. */
export type Given = Record<string, string>

const speeds = new Map([
  ['fast', 'fast'],
  ['quick', 'fast'],
  ['medium', 'medium'],
  ['med', 'medium'],
  ['slow', 'slow'],
])

const fillers = new Set(
  'please pls my the of in a an position positions shares share units now it me for on to out with thanks i'.split(' '),
)

/** A mention as the platforms write it, or a platform id as `DESKHAND_OWNERS` has it. */
const member = /^(<@!?[a-z0-9]+(\|[^>]*)?>|discord:\d+|slack:[a-z0-9]+:[a-z0-9]+)$/

const roles = new Set(['viewer', 'trader', 'owner'])

/** What the words after a command name. */
export interface Slots {
  /** symbol, quantity, fraction, price, speed, member, role. */
  given: Given
  /** Words that nothing was made of; one of them may be a symbol that the market does not know. */
  leftover: string[]
}

/** Is this word a symbol that can be traded? Asked in upper case. */
export type KnowsSymbol = (word: string) => boolean

/**
 * Reads the words after a command. The first plain number is a quantity, the one after `@` or `at`, or with a dollar
 * sign, or the second one, is a price.
 */
export function readSlots(text: string, knowsSymbol: KnowsSymbol): Slots {
  const given: Given = {}
  const leftover: string[] = []
  let priceNext = false
  for (const word of plain(text)
    .replace(/@\s*(?=[$.\d+-])/g, ' @ ')
    .split(' ')) {
    if (word === '') continue
    if (word === '@' || (word === 'at' && given.price === undefined)) {
      priceNext = true
      continue
    }
    const bare = word.replace(/^[("']+/, '').replace(/[)"'!?;:,.]+$/, '')
    const amount = numberIn(bare)
    if (amount !== undefined) {
      const isPrice = priceNext || bare.includes('$') || given.quantity !== undefined
      if (isPrice && given.price === undefined) given.price = amount
      else if (!isPrice) given.quantity = amount
      else leftover.push(bare)
      priceNext = false
      continue
    }
    priceNext = false
    const fraction = fractionIn(bare)
    const speed = speeds.get(bare)
    const symbol = bare.replace(/^\$/, '').toUpperCase()
    if (fraction !== undefined && given.fraction === undefined) given.fraction = fraction
    else if (speed && given.speed === undefined) given.speed = speed
    else if (knowsSymbol(symbol) && given.symbol === undefined && !(fillers.has(bare) && !word.startsWith('$')))
      given.symbol = symbol
    else if (roles.has(bare)) given.role = bare
    else if (member.test(bare)) given.member = bare.replace(/^<@!?|[|>].*$/g, '')
    else if (bare !== '' && !fillers.has(bare)) leftover.push(bare)
  }
  return { given, leftover }
}
