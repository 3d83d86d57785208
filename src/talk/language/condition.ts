import { amountAt } from './amounts.ts'
import type { Token } from './tokens.ts'

/** A condition that a price has to meet: with a value it is its own, without one the limit price is meant. */
export interface Condition {
  name?: 'above' | 'below' | 'price'
  value?: string
  /** It is about something else than where a price is: `if rsi hits 80`, `if it falls by 2`, `if it is not above 5`. */
  isStrange?: boolean
  used: number
}

const begins = new Set(['if', 'when', 'once', 'as'])
/** What a condition may call the price that it is about. */
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
/** How far, and not where to, where the number stands right behind: `if it falls 2`. */
const moving = new Set(
  `rises climbs jumps rallies pops pop rips rip spikes spike surges soars moons squeezes drops drop falls fall dips dip sinks slips down
  tanks fades dumps crashes plunges slides up moves bounces`.split(/\s+/),
)
const negating = new Set("not isn't isnt doesn't doesnt never won't wont can't cant fails unless no".split(' '))
/** What a number behind a condition's verb may be led by without being another one. */
const places = new Set(['a', 'the', 'price', '@'])
const mostWords = 10

/** The condition that begins at a word: `if price hits`, `if it breaks 120`, `when BYND drops under .55`. `isSymbol`: does a symbol stand at a word? */
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
      // The last word that says a side counts: `breaks below` is below.
      if (rising.has(word) && !(name === 'below' && word === 'through')) name = 'above'
      if (falling.has(word)) name = 'below'
      continue
    }
    if (verbs > 0 && places.has(word)) continue
    const amount = amountAt(tokens, next)
    if (verbs === 0) {
      // `if 120 breaks` says no side.
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
