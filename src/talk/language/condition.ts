import { amountAt } from './amounts.ts'
import type { Token } from './tokens.ts'

/** A condition on the price. Without a value it means the limit price. */
export interface Condition {
  name?: 'above' | 'below' | 'price'
  value?: string
  /** The condition is not a simple price level: `if rsi hits 80`, `if it falls by 2`, `if it is not above 5`. */
  isStrange?: boolean
  used: number
}

const begins = new Set(['if', 'when', 'once', 'as'])
/** Words for the price in a condition. */
export const subjects: ReadonlySet<string> = new Set(
  'price it the stock soon as its we they this that share shares my a an bid ask last'.split(' '),
)
const rising = new Set(
  `breaks break above over rises climbs crosses tops clears past exceeds jumps rallies pops pop up through reclaims regains rips rip
  spikes spike surges soars flies moons squeezes shoots`.split(/\s+/),
)
const falling = new Set(
  `cracks drops drop falls fall dips dip loses below under sinks slips down tanks fades dumps crashes plunges slides bleeds
  collapses`.split(/\s+/),
)
const reaching = new Set(
  `hits hit reaches touches gets get goes go trades at is to back prints sees out taps tags tests kisses runs comes pulls falls retraces
  pushes bounces moves it's`.split(/\s+/),
)
/** Verbs that make a number directly behind them a distance and not a level: `if it falls 2`. */
const moving = new Set(
  `rises climbs jumps rallies pops pop rips rip spikes spike surges soars moons squeezes drops drop falls fall dips dip sinks slips down
  tanks fades dumps crashes plunges slides up moves bounces`.split(/\s+/),
)
const negating = new Set("not isn't isnt doesn't doesnt never won't wont can't cant fails unless no".split(' '))
/** Words that may stand between a condition's verb and its number. */
const places = new Set(['a', 'the', 'price', '@'])
const mostWords = 10

/**
 * Reads the condition that begins at a word: `if price hits`, `if it breaks 120`, `when BYND drops under .55`. `isSymbol` tells
 * whether the word at an index is a symbol.
 */
export function conditionAt(
  tokens: Token[],
  at: number,
  isSymbol: (at: number) => boolean = () => true,
): Condition | undefined {
  if (!begins.has(tokens[at]!.word)) return undefined
  let verbs = 0
  let name: 'above' | 'below' | undefined
  let isStrange = false
  let last = ''
  for (let next = at + 1; next < tokens.length && next < at + mostWords; next++) {
    const { word } = tokens[next]!
    if (negating.has(word)) {
      isStrange = true
      continue
    }
    if (rising.has(word) || falling.has(word) || reaching.has(word)) {
      verbs += 1
      last = word
      // The last word with a side counts: `breaks below` is below.
      if (rising.has(word) && !(name === 'below' && word === 'through')) name = 'above'
      if (falling.has(word)) name = 'below'
      continue
    }
    if (verbs > 0 && places.has(word)) continue
    const amount = amountAt(tokens, next)
    if (verbs === 0) {
      // `if 120 breaks` has no side.
      if (amount) return next === at + 1 ? { used: 1 + amount.used, isStrange: true } : undefined
      if (subjects.has(word) || isSymbol(next)) continue
      if (next > at + 3) return undefined
      isStrange = true
      continue
    }
    if (word === 'by' && tokens[next + 1] && amountAt(tokens, next + 1)) {
      isStrange = true
      continue
    }
    if (amount && (amount.kind === 'plain' || amount.kind === 'price')) {
      const isFar = moving.has(last)
      const used = next - at + amount.used
      return { name: name ?? 'price', value: amount.value, used, ...((isStrange || isFar) && { isStrange: true }) }
    }
    if (amount) return { used: next - at + amount.used, isStrange: true }
    return { used: next - at, ...(isStrange && { isStrange }) }
  }
  const used = Math.min(tokens.length - at, mostWords)
  return verbs > 0 ? { used, ...(isStrange && { isStrange }) } : undefined
}
