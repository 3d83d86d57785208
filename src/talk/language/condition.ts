import { type Amount, amountAt } from './amounts.ts'
import type { Token } from './tokens.ts'

/** A condition on the price. Without a value it means the price of the order. `reach`: the price gets there, from either side. */
export interface Condition {
  name?: 'above' | 'below' | 'reach'
  value?: string
  /** The condition is not a simple price level: `if rsi hits 80`, `if it falls by 2`, `if it is not above 5`. */
  isStrange?: boolean
  /** Its beginning is a rare one (`on a break of 110`), so that an order with it is repeated back. */
  isUnsure?: boolean
  used: number
}

const begins = new Set(['if', 'when', 'whenever', 'once', 'as', 'assuming', 'provided'])
/** Words that begin a condition only with certain words behind them: `in case`, `on a break of`, `should AMD reach`. */
const beginsBefore = new Map([
  ['wait', /^(for|until|till|til) (?!the (close|open|bell))/],
  ['in', /^(case|(the )?event|the moment)\b/],
  [
    'on',
    /^((a|any|the) )?(break|breakout|breakdown|cross|touch|drop|dip|move|pop|print) (of|above|over|below|under|to|at)\b/,
  ],
  ['upon', /^((a|any|the) )?(break|cross|touch|reach|drop|dip|move)(ing)?\b/],
  ['after', /^(it|price|the price|\$?[a-z.-]{2,6}) (breaks?|cross(es)?|touch(es)?|reach(es)?|hits?)\b/],
  [
    'should',
    /^(?!(i|we|you) )(the )?\$?[a-z.-]{1,8} (break|cross|touch|reach|hit|drop|fall|rise|go|get|come|arrive|trade|print|dip) \S*( \S+)? ?[$.]?\d/,
  ],
])
/** Words for the price in a condition. */
export const subjects: ReadonlySet<string> = new Set(
  'price until till til for it she he the stock soon as its we i you they this that moment share shares my a an bid ask last case event of in on only and market can will would should ever'.split(
    ' ',
  ),
)
const rising = new Set(
  `breaks break breakout above over rises rise rising climbs climb crosses cross tops top clears clear past exceeds exceed jumps jump
  rallies rally pops pop pokes poke peeks peek pierces ticks up through reclaims reclaim regains rips rip spikes spike surges soars flies moons squeezes shoots higher
  greater more bigger passes pass surpasses surpass`.split(/\s+/),
)
const falling = new Set(
  `cracks crack drops drop dropping falls fall falling dips dip loses lose below under beneath underneath sinks sink slips slip down
  tanks tank fades dumps crashes plunges slides bleeds collapses lower less smaller cheaper breakdown decreases decrease`.split(
    /\s+/,
  ),
)
const reaching = new Set(
  `hits hit hitting reaches reach reached reaching touches touch touched touching gets get getting goes go going trades trade trading
  at is be to back prints print sees see seeing out taps tap tags tag tests test kisses kiss runs run comes come coming pulls falls
  retraces retrace pushes push bounces bounce moves move it's arrives arrive arrived shows becomes become equals equal makes make
  stands`.split(/\s+/),
)
/** Verbs that make a number directly behind them a distance and not a level: `if it falls 2`. */
const moving = new Set(
  `rises rise climbs climb jumps jump rallies rally pops pop rips rip spikes spike surges soars moons squeezes drops drop falls fall
  dips dip sinks sink slips slip down tanks tank fades dumps crashes plunges slides up moves move bounces decreases decrease`.split(
    /\s+/,
  ),
)
const negating = new Set("not isn't isnt doesn't doesnt never won't wont can't cant fails unless no".split(' '))
/** Words that may stand between a condition's verb and its number. */
const places = new Set(['a', 'the', 'price', '@', 'of', 'than', 'level', 'value', 'until', 'till', 'as', 'around'])
const mostWords = 10

/** Reads `if 220 prints`. `if 120 breaks` has no side. */
function numberFirst(tokens: Token[], at: number, { value, kind, used }: Amount): Condition {
  const after = 1 + used
  const isPassive = ['is', 'gets'].includes(tokens[at + after]?.word ?? '')
  const last = after + (isPassive ? 1 : 0)
  const { word = '' } = tokens[at + last] ?? {}
  const isPrice = kind === 'plain' || kind === 'price'
  // `close amd when 230 by 3pm`
  const isAlone = isPrice && (word === '' || /^(by|before|until|till|then)$/.test(word))
  if (isAlone) return { name: 'reach', value, used: after, isUnsure: true }
  if (!isPrice || !/^(prints?|trades?|hits?|touch(es)?|comes?|reached|touched|printed|traded)$/.test(word))
    return { used: after, isStrange: true }
  return { name: 'reach', value, used: last + 1, isUnsure: true }
}

/** Does a condition begin at a word? */
function beginsAt(tokens: Token[], at: number): boolean {
  const { word } = tokens[at]!
  const behind = beginsBefore.get(word)
  if (!behind) return begins.has(word)
  return behind.test(
    tokens
      .slice(at + 1, at + 6)
      .map((token) => token.word)
      .join(' '),
  )
}

/**
 * Reads the condition that begins at a word: `if price hits`, `if it breaks 120`, `when BYND drops under .55`. `isSymbol` tells
 * whether the word at an index is a symbol.
 */
export function conditionAt(
  tokens: Token[],
  at: number,
  isSymbol: (at: number) => boolean = () => true,
): Condition | undefined {
  if (!beginsAt(tokens, at)) return undefined
  // `wait for 24.15` needs no verb.
  let verbs = tokens[at]!.word === 'wait' ? 1 : 0
  let name: 'above' | 'below' | undefined
  let isStrange = false
  let isTurned = false
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
      // The last word with a side counts: `breaks below` is below. The other way round is no condition: `below breaks`.
      if (rising.has(word) && name === 'below' && word !== 'through') isStrange = true
      if (rising.has(word) && !(name === 'below' && word === 'through')) name = 'above'
      if (falling.has(word)) name = 'below'
      continue
    }
    if (verbs > 0 && (places.has(word) || (word === 'on' && last.startsWith('arrive')))) continue
    // `when arrives AMD to 120`
    if (verbs === 1 && next === at + 2 && isSymbol(next) && !amountAt(tokens, next)) {
      isTurned = true
      continue
    }
    if (last === '' && verbs > 0 && (subjects.has(word) || isSymbol(next))) continue
    const amount = amountAt(tokens, next)
    if (verbs === 0) {
      if (amount) return next === at + 1 ? numberFirst(tokens, at, amount) : undefined
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
      const isUnsure = beginsBefore.has(tokens[at]!.word) || isTurned || amount.isUnsure === true
      const doubt = isStrange || isFar ? { isStrange: true } : isUnsure ? { isUnsure } : {}
      return { name: name ?? 'reach', value: amount.value, used, ...doubt }
    }
    if (amount) return { used: next - at + amount.used, isStrange: true }
    return { used: next - at, ...(isStrange && { isStrange }) }
  }
  const used = Math.min(tokens.length - at, mostWords)
  return verbs > 0 ? { used, ...(isStrange && { isStrange }) } : undefined
}
