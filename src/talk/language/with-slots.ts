import { englishWords } from './english.ts'
import { tellingOf } from './readings.ts'
import type { Handler, RegisteredCommand, Registry } from './registry.ts'
import { settle } from './settle.ts'
import { type Given, type KnowsSymbol, readSlots, type Slots } from './slots.ts'
import { saysAmount } from './spelled.ts'
import { looksLikeSymbol } from './symbols.ts'
import { timeAt } from './time.ts'
import { tokenise } from './tokens.ts'
import { takenBy, type UnderstoodCommand } from './understand.ts'
import { numberIn, slips } from './words.ts'

/** A command that a model named, joined with the slots that the grammar found in the text. */
export interface Joined<Code extends Handler> {
  understood: UnderstoodCommand<Code>
  /** The text has numbers or important slots that the command does not take. */
  isLossy: boolean
  /** Those numbers and the names of those slots. */
  lost: string[]
  /** A word of the text may be its symbol, or several symbols are. */
  isOpen: boolean
  strange: Slots['strange']
  /** The words without a meaning. */
  unknown: string[]
  /** The text with its names as symbols. */
  told: string
}

/** Joins a command that a model named with the slots that the grammar finds anywhere in the text. */
export function withSlots<Code extends Handler>(
  registry: Registry<Code>,
  named: RegisteredCommand<Code>,
  text: string,
  knowsSymbol: KnowsSymbol,
): Joined<Code> {
  const telling = tellingOf(registry, text, knowsSymbol)
  const said = awaitsFirst.test(telling.text) ? `if ${telling.text}` : telling.text
  const slots = readSlots(tokenise(said), knowsSymbol, timeAt)
  const { registered, given, leftover } = settle(registry, named, {
    ...slots,
    leftover: slots.leftover.filter(saysAmount),
  })
  if (registered.name === 'schedule' && given.side === undefined) {
    const side = sideIn(text)
    if (side) given.side = side
  }
  // What sells a whole position closes it.
  const isWhole = given.fraction === '1' && /\b(whole|entire)\b/i.test(text)
  if (registered.name === 'schedule' && given.side === 'sell' && isWhole) given.side = 'close'
  const takes = takenBy(registered)
  const kept: Given = Object.fromEntries(Object.entries(given).filter(([name]) => takes.has(name)))
  // `since monday i am long 1200 ford`: the day says when it was bought.
  const isPast = recorded.has(registered.name) && sinceDay.test(text)
  const untaken = Object.keys(given).filter(
    (name) => weighty.has(name) && !takes.has(name) && !(name === 'time' && isPast),
  )
  const lost = [...untaken, ...leftover.filter(saysAmount)]
  const isLossy = isAwaited(registered.name, given, said) || given.quantity?.startsWith('-') === true || lost.length > 0
  const isOneOfSeveral = given.symbols !== undefined && !takes.has('symbols')
  const isOpen = takes.has('symbol') && (telling.isOpen || isOneOfSeveral)
  return {
    understood: { registered, given: kept, leftover: [], doubts: [] },
    isLossy,
    lost,
    isOpen,
    strange: slots.strange,
    unknown: slots.leftover,
    told: telling.text,
  }
}

/**
 * Is the size of a scheduled order a price that the text waits for? `whenever you see AMD touching 240 sell 100` has a condition
 * that was not read.
 */
function isAwaited(name: string, { quantity }: Given, text: string): boolean {
  if (!['schedule', 'sell', 'buy', 'add', 'trim', 'close'].includes(name) || quantity === undefined) return false
  const words = tokenise(text).tokens.map(({ word }) => word)
  return words.some(
    (word, at) => awaiting.has(word) && words.slice(at + 1, at + 3).some((next) => numberIn(next) === quantity),
  )
}

const recorded = new Set(['long', 'short', 'add'])
const sinceDay = /\bsince (last )?(\w+day|yesterday|this morning)\b/i

/** Makes an unknown word the symbol, so that it is refused and the thread's symbol is not used instead. */
export function nameStrange(
  { registered, given }: UnderstoodCommand,
  { word, isCapital, isLed }: NonNullable<Slots['strange']>,
): void {
  const isStranger = isCapital || (isLed && word.length <= 5 && looksLikeSymbol(word))
  if (isStranger && takenBy(registered).has('symbol') && (given.symbol ?? given.symbols) === undefined)
    given.symbol = word.toUpperCase()
}

/** A condition without `if` before an order: `amd hits 240, sell 100`. */
const awaitsFirst =
  /^\$?[a-z.-]{1,6} (hits|touches|reaches|breaks|crosses|trades|drops|falls|goes|rises|gets)( (to|at|above|below|over|under))? \$?[\d.]+[,;:]? (then )?(sell|buy|close|exit|dump|trim|get)\b/i
const awaiting = new Set(
  'hit hits hitting touch touches touching reach reaches reaching arrive arrives arriving break breaks breaking cross crosses above below under over'.split(
    ' ',
  ),
)

/** Slots that change the meaning of an order. */
export const weighty = new Set(
  `quantity dollars leave how price percent stop target stopLoss takeProfit above below reach time deadline symbols chunks length
  floor cap`.split(/\s+/),
)

const sides: [side: string, words: RegExp][] = [
  [
    'scaleout',
    /\bscal(e|es|ed|ing|in) ?-?(me |it |them )?out|\bscaleout|\bwork(ing)? (me |it )?out\b|\b(bleed|feed|drip|leak|dribble|trickle|eas)(e|ing)? (me |it |them |this )?out\b|\b(in (small |little )?(pieces|bits|chunks|clips)|bit by bit|gradually|little by little)\b/i,
  ],
  ['buy', /\b(buy|buying|grab|(get|put) me (\d|in)|get \d|pick up|purchase|add|lift)\b/i],
  ['close', /\b(close|exit|get (me )?out|flatten|liquidate|bail|square ?off)\b/i],
  [
    'sell',
    /\b(sell|selling|sold|sale|dump|trim|trimmed|unload|offload|reduce|whack|hit|take profit|flog|knock out|offer)\b/i,
  ],
  ['close', /\b(flat|out|off|square|leave|cut|unwind|cover|finish|kill|liquidation|closing|closed|gone)\b/i],
]
/** The exchange's close names no side. */
const bell =
  /\b(at|on|by|before|into|market|after|till|until|to) (the )?(market )?(close|closing)\b(?! (?:my|the|all|it|out|this|that|half|\d|\$))/gi

/** Finds the side of a scheduled order in a text. */
function sideIn(text: string): string | undefined {
  const begin = tokenise(text.slice(0, 500))
    .tokens.map(({ word }) => word)
    .join(' ')
    .replace(bell, ' ')
  const said = sides.find(([, words]) => words.test(begin))?.[0]
  if (said) return said
  const first = tokenise(begin).tokens.find(({ word }) => ['buy', 'sell'].some((side) => isNear(word, side)))
  return first && (isNear(first.word, 'buy') ? 'buy' : 'sell')
}

/** Does a text name what it wants sold, and nothing to buy, as in `i need my sofi gone by 1530`? */
export const wantsOut = (text: string): boolean =>
  /\b(gone|sold|closed|get rid of|out of)\b/i.test(text.slice(0, 500)) && sideIn(text) !== 'buy'

const isNear = (word: string, meant: string) =>
  word.length > 1 && !englishWords.has(word) && word[0] === meant[0] && slips(word, meant) === 1
