import { amountAt, fractionAt } from './amounts.ts'
import { conditionAt } from './condition.ts'
import { paces, slippedSpeed, spanIn, speeds } from './paces.ts'
import { type Certainty, type KnowsSymbol, symbolIn } from './symbols.ts'
import { type Said, type Token, tokenise } from './tokens.ts'
import { fractionIn } from './words.ts'

export type { KnowsSymbol } from './symbols.ts'

/** What a text names, as it was understood: decimals in strings. Also what a flow has been told so far. */
export type Given = Record<string, string>

/** What the words after a command name. */
export interface Slots {
  /** symbol or symbols, quantity, fraction, price, speed, now, time, deadline, above, below, stop, target, member, role. */
  given: Given
  /** Words that nothing was made of; one of them may be a symbol that the market does not know. */
  leftover: string[]
  /** A percentage as it was typed: a share of a position for one command, a distance in price for another. */
  percent?: string
  /** That percentage stands behind `at` or `@`: it is no share of a position. */
  isAtPercent?: boolean
  /** How sure the symbol is one, when there is one. */
  certainty?: Certainty
  /** The number of an order or a task, as in `#4`. */
  number?: string
  /** A word was read as one that it is spelled like. */
  isSlip?: boolean
  /** A condition was named that is met when the limit price is. */
  waits?: boolean
}

/** Words that change nothing wherever they stand. */
const fillers = new Set(
  `please pls plz my the a an our position positions pos shares share units unit thanks thx ty i price stock order worth remaining
  rest so then just`
    .split(/\s+/)
    .filter(Boolean),
)
/** Words that belong to the slot behind them: `on it` is no position, `on BYND` is one. */
const prepositions = new Set('of in for on to out with from into around near about by at'.split(' '))

const nowWords = new Set('now immediately asap mkt rn instantly'.split(' '))
const priceWords = new Set('@ at limit lmt for from entry avg average paid cost filled'.split(' '))
const levelWords = new Map([
  ['stop', 'stop'],
  ['sl', 'stop'],
  ['stoploss', 'stop'],
  ['stp', 'stop'],
  ['s/l', 'stop'],
  ['target', 'target'],
  ['tp', 'target'],
  ['takeprofit', 'target'],
  ['tgt', 'target'],
  ['pt', 'target'],
  ['t/p', 'target'],
] as const)

/** Words between a level and its price: `stop goes to 1.03`, `target should be 2`. */
const levelJoints = new Set(['loss', 'price', 'profit', 'at', '@', 'of', 'to', 'is', 'goes', 'should', 'be', 'order'])
/** What is open, and no symbol OPEN. */
const ofTheDesk = new Set(
  'order orders position positions trade trades stop stops limit limits price prices one side end tasks task'.split(
    ' ',
  ),
)

/** A mention as the platforms write it, or a platform id as `DESKHAND_OWNERS` has it. */
const member = /^(<@!?[a-z0-9]{1,40}(\|[^>]{0,80})?>|discord:\d{1,25}|slack:[a-z0-9]{1,40}:[a-z0-9]{1,40})$/
const roles = new Set(['viewer', 'trader', 'owner'])

/** What is longer is no command: only its beginning is read, and the rest is left over. */
const longestText = 500
const mostWords = 120

/** Reads a time or a deadline that begins at a word: what it is called in `Given`, its value, and how many words it takes. */
export type ReadsTime = (
  words: string[],
  at: number,
) => { name: 'time' | 'deadline'; value: string; used: number } | undefined

/**
 * Reads the words after a command. The first plain number is a quantity, the one after `@` or `at`, or with a dollar
 * sign, or the second one, is a price. Every word is looked at a bounded number of times.
 */
export function readSlots(text: string | Said, knowsSymbol: KnowsSymbol, readsTime?: ReadsTime): Slots {
  const { tokens } = typeof text === 'string' ? tokenise(text.slice(0, longestText)) : text
  const read = tokens.slice(0, mostWords)
  const reading = new Reading(read, knowsSymbol, readsTime)
  for (let at = 0; at < read.length; ) at += reading.read(at)
  const slots = reading.slots()
  slots.leftover.push(...tokens.slice(mostWords).map(({ word }) => word))
  if (typeof text === 'string' && text.length > longestText) slots.leftover.push('…')
  return slots
}

/** Is the whole message in capitals? */
export function isShouted(tokens: Token[]): boolean {
  const words = tokens.filter(({ raw }) => /^[A-Za-z]{2,}$/.test(raw))
  return words.length > 1 && words.every(({ raw }) => raw === raw.toUpperCase())
}

class Reading {
  private readonly given: Given = {}
  private readonly leftover: string[] = []
  private readonly symbols: string[] = []
  /** Symbols that are words of every day as well and stand with no other: they count only where nothing else is one. */
  private readonly doubtful = new Set<string>()
  private number?: string
  private isSlip = false
  /** Something says that the first number is how many. */
  private isSize = false
  private percent?: string
  private isAtPercent = false
  private certainty?: Certainty
  private waits?: boolean
  private readonly words: string[]
  private readonly shouts: boolean
  private readonly tokens: Token[]
  private readonly knows: KnowsSymbol
  private readonly readsTime?: ReadsTime

  constructor(tokens: Token[], knows: KnowsSymbol, readsTime?: ReadsTime) {
    this.tokens = tokens
    this.knows = knows
    this.readsTime = readsTime
    this.words = tokens.map(({ word }) => word)
    this.shouts = isShouted(tokens)
  }

  slots(): Slots {
    const plain = this.symbols.filter((symbol) => !this.doubtful.has(symbol))
    const symbols = plain.length > 0 ? plain : this.symbols
    if (symbols.length < this.symbols.length)
      this.leftover.push(...[...this.doubtful].map((symbol) => symbol.toLowerCase()))
    if (symbols.length === 1) this.given.symbol = symbols[0]!
    if (symbols.length > 1) this.given.symbols = symbols.join(' ')
    const { given, leftover, percent, isAtPercent, waits, number, isSlip } = this
    const certainty = plain.length > 0 && this.certainty === 'homograph' ? 'known' : this.certainty
    return {
      given,
      leftover,
      ...(percent && { percent }),
      ...(isAtPercent && { isAtPercent }),
      ...(certainty && { certainty }),
      ...(waits && { waits }),
      ...(number && { number }),
      ...(isSlip && { isSlip }),
    }
  }

  /** Reads what begins at a word and says how many words it took: at least one. */
  read(at: number): number {
    return (
      this.time(at) ||
      this.condition(at) ||
      this.now(at) ||
      this.level(at) ||
      this.pace(at) ||
      this.fraction(at) ||
      this.marketPrice(at) ||
      this.amount(at) ||
      this.word(at)
    )
  }

  private put(name: string, value: string, used: number): number {
    if (this.given[name] !== undefined && this.given[name] !== value) this.leftover.push(value)
    else this.given[name] = value
    return used
  }

  private time(at: number): number {
    const found = this.readsTime?.(this.words, at)
    return found ? this.put(found.name, found.value, found.used) : 0
  }

  private condition(at: number): number {
    const found = conditionAt(this.tokens, at)
    if (!found) return 0
    if (found.name && found.value) this.put(found.name, found.value, 0)
    this.waits = true
    for (let inside = at; inside < at + found.used; inside++) this.symbolInside(inside)
    return found.used
  }

  /** `if BYND hits 1.20` may name the symbol of the order. */
  private symbolInside(at: number): void {
    const found = symbolIn(this.tokens[at]!, this.knows, this.shouts)
    if (!found || found.certainty === 'homograph' || this.symbols.includes(found.symbol)) return
    this.symbols.push(found.symbol)
    this.certainty ??= found.certainty
  }

  private now(at: number): number {
    const [first = '', second = '', third = ''] = this.words.slice(at, at + 3)
    if (['right now', 'right away', 'straight away', 'at once'].includes(`${first} ${second}`))
      return this.put('now', 'yes', 2)
    if (first === 'at' && (second === 'market' || second === 'mkt')) return this.put('now', 'yes', 2)
    if (first === 'at' && second === 'the' && third === 'market') return this.put('now', 'yes', 3)
    if (first === 'market' && second === 'order') return this.put('now', 'yes', 2)
    return nowWords.has(first) || first === 'market' ? this.put('now', 'yes', 1) : 0
  }

  /** `stop .58`, `target at 40%`, `stop loss of .58`. */
  private level(at: number): number {
    const isProfit = /^takes?$/.test(this.words[at]!) && /^profits?$/.test(this.words[at + 1] ?? '')
    const name = isProfit ? 'target' : levelWords.get(this.words[at] as never)
    if (!name) return 0
    let next = at + (isProfit ? 2 : 1)
    while (next < at + 5 && levelJoints.has(this.words[next] ?? '')) next += 1
    const amount = next < this.tokens.length ? amountAt(this.tokens, next) : undefined
    if (!amount || amount.kind === 'size') return 0
    return this.put(name, amount.kind === 'percent' ? `${amount.value}%` : amount.value, next - at + amount.used)
  }

  /** `over the next hour` is slow. */
  private pace(at: number): number {
    const speed = speeds.get(this.words[at]!)
    if (speed) return this.put('speed', speed, 1)
    const slipped = slippedSpeed(this.words[at]!)
    if (slipped) {
      this.isSlip = true
      return this.put('speed', slipped, 1)
    }
    if (!['over', 'across', 'within', 'through', 'throughout'].includes(this.words[at]!)) return 0
    const following = this.words.slice(at + 1, at + 6)
    for (let used = following.length; used > 0; used--) {
      const pace = paces.get(following.slice(0, used).join(' '))
      if (pace) return this.put('speed', pace, used + 1)
    }
    const span = spanIn(following)
    if (span) return this.put('speed', span.speed, span.used + 1)
    return 0
  }

  private fraction(at: number): number {
    if (this.words[at] === 'the' || this.words[at] === 'my') return 0
    const found = fractionAt(this.tokens, at)
    return found ? this.put('fraction', found.value, found.used) : 0
  }

  /** `@ .63`, `at 63c`, `limit 1.05`, `limit at 1.05`. */
  private marketPrice(at: number): number {
    if (!priceWords.has(this.words[at]!)) return 0
    let next = at + 1
    while (next < at + 3 && ['at', '@', 'price', 'of', 'order'].includes(this.words[next] ?? '')) next += 1
    const amount = next < this.tokens.length ? amountAt(this.tokens, next) : undefined
    if (!amount || amount.kind === 'percent' || amount.kind === 'size') return 0
    // `for 500` and `from 500` name no price that is not written as one: `for 500 shares`, `from 500 down`.
    if (this.words[at] === 'for' && amount.kind === 'plain' && !amount.value.includes('.')) return 0
    if (this.given.price !== undefined) return 0
    return this.put('price', amount.value, next - at + amount.used)
  }

  private amount(at: number): number {
    const amount = amountAt(this.tokens, at)
    if (!amount) return 0
    const { given } = this
    const { value, kind, used } = amount
    if (kind === 'percent') {
      if (this.percent !== undefined || given.fraction !== undefined) this.leftover.push(`${value}%`)
      else {
        this.percent = value
        this.isAtPercent = ['at', '@'].includes(this.words[at - 1] ?? '')
        given.fraction = fractionIn(`${value}%`)!
      }
      return used
    }
    const isSize = kind === 'size' || (kind === 'plain' && this.isSymbolAt(at + used))
    // `bid 118.40 for 500 AMD`: the number that stands before what is traded is how many of it.
    if (isSize && !this.isSize && given.quantity !== undefined && given.price === undefined) {
      given.price = given.quantity
      given.quantity = value
      this.isSize = true
      return used
    }
    const isPrice = kind === 'price' || (kind === 'plain' && given.quantity !== undefined)
    if (isSize && !isPrice) this.isSize = true
    if (isPrice && given.price === undefined) given.price = value
    else if (!isPrice && given.quantity === undefined) given.quantity = value
    else this.leftover.push(value)
    return used
  }

  private word(at: number): number {
    const token = this.tokens[at]!
    const { word } = token
    const [, number] = /^#(\d{1,6})$/.exec(word) ?? []
    if (number && this.number === undefined) {
      this.number = number
      return 1
    }
    const said = symbolIn(token, this.knows, this.shouts)
    const found =
      said?.certainty === 'homograph' && (ofTheDesk.has(this.words[at + 1] ?? '') || this.words[at - 1] === 'at')
        ? undefined
        : said
    if (found && !(found.certainty === 'homograph' && (fillers.has(word) || prepositions.has(word) || word === 'it'))) {
      if (this.symbols.includes(found.symbol)) return 1
      const isJoined = at > 0 && (this.words[at - 1] === 'and' || this.isSymbolAt(at - 1))
      if (found.certainty === 'homograph' && !isJoined) this.doubtful.add(found.symbol)
      this.symbols.push(found.symbol)
      if (this.certainty === undefined || worse(found.certainty, this.certainty)) this.certainty = found.certainty
    } else if (roles.has(word)) this.given.role = word
    else if (member.test(word)) this.given.member = word.replace(/^<@!?|[|>].*$/g, '')
    else if (word === 'and' && this.symbols.length > 0) return 1
    else if (prepositions.has(word) ? !this.leadsToSlot(at + 1) : !fillers.has(word)) this.leftover.push(word)
    return 1
  }

  /** Is there a symbol at a word, for certain? */
  private isSymbolAt(at: number): boolean {
    const token = this.tokens[at]
    const found = token && symbolIn(token, this.knows, this.shouts)
    return found !== undefined && found.certainty !== 'homograph'
  }

  /** Does something that is understood stand behind a preposition? */
  private leadsToSlot(at: number): boolean {
    let next = at
    while (next < at + 3 && (fillers.has(this.words[next] ?? '') || prepositions.has(this.words[next] ?? ''))) next += 1
    const token = this.tokens[next]
    if (!token)
      return next > at && fillers.has(this.words[next - 1]!) && /^pos|^order|^share|^stock/.test(this.words[next - 1]!)
    return (
      token.word === '@' ||
      (symbolIn(token, this.knows, this.shouts)?.certainty ?? 'homograph') !== 'homograph' ||
      amountAt(this.tokens, next) !== undefined ||
      fractionAt(this.tokens, next) !== undefined ||
      member.test(token.word)
    )
  }
}

const ranks: Certainty[] = ['marked', 'known', 'guess', 'homograph']
const worse = (one: Certainty, other: Certainty) => ranks.indexOf(one) > ranks.indexOf(other)
