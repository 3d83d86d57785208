import { amountAt } from './amounts.ts'
import type { Token } from './tokens.ts'

/** A condition that a price has to meet: with a value it is its own, without one the limit price is meant. */
export interface Condition {
  name?: 'above' | 'below' | 'price'
  value?: string
  used: number
}

const begins = new Set(['if', 'when', 'once', 'as'])
const subjects = new Set(
  'price it the stock soon as its we they this that market share shares my a bid ask last'.split(' '),
)
const rising = new Set(
  'breaks break above over rises climbs crosses tops clears past exceeds jumps rallies pops up through reclaims regains'.split(
    ' ',
  ),
)
const falling = new Set('cracks drops drop falls dips loses below under sinks slips down tanks fades'.split(' '))
const reaching = new Set(
  'hits hit reaches touches gets get goes trades at is to back prints sees out taps tags tests kisses'.split(' '),
)
const mostWords = 10

/** The condition that begins at a word: `if price hits`, `if it breaks 120`, `when BYND drops under .55`. */
export function conditionAt(tokens: Token[], at: number): Condition | undefined {
  if (!begins.has(tokens[at]!.word)) return undefined
  let verbs = 0
  let name: 'above' | 'below' | undefined
  for (let next = at + 1; next < tokens.length && next < at + mostWords; next++) {
    const { word } = tokens[next]!
    const isVerb = rising.has(word) || falling.has(word) || reaching.has(word)
    const isPlace = verbs > 0 && (word === 'a' || word === 'the' || word === 'price' || word === '@')
    if (isVerb) {
      verbs += 1
      // The last word that says a side counts: `breaks below` is below.
      if (rising.has(word) && !(name === 'below' && word === 'through')) name = 'above'
      if (falling.has(word)) name = 'below'
      continue
    }
    if (isPlace) continue
    if (verbs === 0 && (subjects.has(word) || next <= at + 2) && amountAt(tokens, next) === undefined) continue
    if (verbs === 0) return undefined
    const amount = amountAt(tokens, next)
    if (amount && (amount.kind === 'plain' || amount.kind === 'price'))
      return { name: name ?? 'price', value: amount.value, used: next - at + amount.used }
    return { used: next - at }
  }
  const used = Math.min(tokens.length - at, mostWords)
  return verbs > 0 ? { used } : undefined
}
