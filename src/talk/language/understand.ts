import { amountAt, fractionAt } from './amounts.ts'
import { meantByEar } from './by-ear.ts'
import { readChoices, takeChoices } from './choices.ts'
import { conditionAt } from './condition.ts'
import { isAround, isByTheWay, movesBy } from './doubtful.ts'
import { changesMoney, emptiesAccount } from './effect.ts'
import { isOfAll, isOfTheWhole } from './everything.ts'
import { scopesOf, takeLevelScope } from './level-scope.ts'
import { levelsFirst } from './level-words.ts'
import { openingsOf } from './politeness.ts'
import { droppable, type Handler, type RegisteredCommand, type Registry, type Wording } from './registry.ts'
import { settle } from './settle.ts'
import { levelWords } from './slot-words.ts'
import { type Given, type KnowsSymbol, readSlots } from './slots.ts'
import { ordersWithStop, protects } from './stop-orders.ts'
import { capitalForSymbol, isWordForSymbol, nameStranger, speedWords } from './symbol-place.ts'
import { symbolIn } from './symbols.ts'
import { asksOthers, isOtherSentence, meantOf, takesText } from './texts.ts'
import { timeAt } from './time.ts'
import { isShouted, type Said, type Token, textOf, tokenise } from './tokens.ts'

/** A longer text is no command, in characters. */
export const longestCommand = 500

/** A text that was understood as a command, with its slots and the words that were not understood. */
export interface UnderstoodCommand<Code extends Handler = Handler> {
  registered: RegisteredCommand<Code>
  given: Given
  leftover: string[]
  /** The reasons to ask before acting, even if every word has a meaning. */
  doubts: Doubt[]
}

/**
 * A doubt about an understood text. `slip`: a word is misspelled. `asked`: it is a question. `homograph`: its symbol is an
 * everyday word. `guess`: its symbol is unknown. `thin`: its words are vague. `reordered`: it does not begin with its command.
 * `text`: the text behind the command has the wrong form. `number`: a number may have another meaning. `named`: its symbol was
 * written as a name or in small letters.
 */
export type Doubt = 'slip' | 'asked' | 'homograph' | 'guess' | 'thin' | 'reordered' | 'text' | 'number' | 'named'

interface Found<Code extends Handler> {
  wording: Wording<Code>
  /** The words after the command. */
  rest: Token[]
  doubts: Doubt[]
}

/** Understands a text as a command; undefined when it contains none. */
export function understand<Code extends Handler>(
  registry: Registry<Code>,
  text: string,
  knowsSymbol: KnowsSymbol,
): UnderstoodCommand<Code> | undefined {
  if (text.length > longestCommand) return undefined
  const split = tokenise(text)
  const said = { ...split, tokens: levelsFirst(split.tokens) }
  const found = findCommand(registry, said, knowsSymbol)
  if (!found) return undefined
  const { wording, rest, doubts } = found
  const { registered } = wording
  const { options } = registered.command
  const isText = options.some((option) => option.type === 'text')
  const typedAfter = meantOf(registered.name, restOf(registry, text, registered, rest))
  // `turn guardian off`: the phrase itself says `off`.
  const after = typedAfter === '' && isText ? wording.words : typedAfter
  if (isOtherSentence(registered.name, after)) return undefined
  // A command that takes only text has no slots: LOW is an urgency here, and elsewhere a symbol.
  if (options.length > 0 && options.every((option) => option.type === 'text')) {
    const about = aboutSymbol(registered, rest, knowsSymbol)
    return {
      registered,
      given: after === '' ? {} : { rest: after, ...about },
      leftover: [],
      doubts: about.symbol === undefined ? textDoubts(registry, registered, after, doubts) : doubts,
    }
  }
  const added = tokenise(wording.words).tokens
  // `limit buy 10 amd` names no price: the 10 must not stand behind the limit.
  const typed = wording.words === 'limit' ? [...rest, ...added] : [...added, ...rest]
  const { chosen, tokens: unchosen } = takeChoices(options, typed)
  const { scope, tokens } = takeLevelScope(registered.name, unchosen)
  const slots = readSlots({ tokens, isQuestion: false, shouts: isShouted(said.tokens) }, knowsSymbol, timeAt)
  Object.assign(slots.given, chosen)
  if (/^stop(-limit)?$/.test(typed[0]?.word ?? '')) slots.isStopOrder = true
  if (after !== '') slots.given.rest = after
  if (tokens.length < unchosen.length) Object.assign(slots.given, scope, { rest: textOf(tokens) })
  if (slots.isSlip) doubts.push('slip')
  const meant = isOfAll(said, registered.name, slots.given) ? registry.byName('close all')! : registered
  const whole = isOfTheWhole(said, meant.name, slots.given) ? registry.byName('close') : undefined
  // Like the sale, it is at the market.
  if (whole && slots.given.price === undefined) slots.given.now ??= 'yes'
  const settled = settle(registry, whole ?? meant, slots)
  if (doubts.includes('slip') && emptiesAccount(settled.registered, settled.given, wording.words !== ''))
    return undefined
  const { given, leftover } = settled
  readChoices(settled.registered.command.options, given, leftover)
  if (settled.registered.command.options.some((option) => option.type === 'text') && leftover.length > 0)
    return {
      registered: settled.registered,
      given,
      leftover: [],
      doubts: textDoubts(registry, settled.registered, leftover.join(' '), doubts),
    }
  const capital = capitalForSymbol(settled, rest, isShouted(said.tokens))
  if (capital !== undefined) {
    given.symbol = capital
    for (const slot of ['now', 'speed', 'fraction']) delete given[slot]
    if (!knowsSymbol(capital)) doubts.push('guess')
  }
  const named = given.symbol !== undefined || given.symbols !== undefined
  const hasAmount = ['quantity', 'fraction', 'price', 'percent', 'speed'].some((name) => given[name] !== undefined)
  if (nameStranger(settled, slots, wording.count) || slots.certainty === 'guess') doubts.push('guess')
  // `amd 240 buy 100`: either number may be the size.
  if (slots.isSecond && !slots.isSize && isAround(said, rest)) doubts.push('number')
  const isSpoken = slots.isSpoken || slots.percent !== undefined
  if (settled.isUnsure || (isSpoken && movesBy(said, settled.registered.name))) doubts.push('number')
  // `stop off f`, `target off plug`
  const isOff = given.off !== undefined
  if (slots.certainty === 'homograph' && isOff) doubts.push('named')
  else if (slots.certainty === 'homograph' && changesMoney(settled.registered)) {
    // A letter such as `t` is no word of its own.
    if (!hasAmount) doubts.push('homograph')
    else if (given.symbol === undefined || given.symbol.length > 1) doubts.push('named')
  }
  if (!named && changesMoney(settled.registered) && isWordForSymbol(settled.registered, rest)) doubts.push('number')
  // `grab 2`, `order 66`: an everyday phrase that opens a position must name a symbol.
  const opens = ['buy', 'long', 'short'].includes(settled.registered.name)
  if (wording.isThin && !named && (opens || !hasAmount)) doubts.push('thin')
  if (isByTheWay(said, settled.registered.name, named, given)) doubts.push('thin')
  return { registered: settled.registered, given, leftover, doubts }
}

/** Finds the symbol of a text that otherwise has only a duration: `mute bynd 2h`. */
function aboutSymbol({ name }: RegisteredCommand, rest: Token[], knows: KnowsSymbol): Given {
  if (!maySaySymbol.has(name)) return {}
  const [only, more] = rest.filter(({ word }) => !droppable.has(word) && !saysNoSymbol.test(word))
  const found = only && !more ? symbolIn(only, knows, false) : undefined
  return found && found.certainty !== 'homograph' ? { symbol: found.symbol } : {}
}

/** Commands whose text may name a symbol. */
export const maySaySymbol = new Set(['mute', 'unmute'])
const saysNoSymbol = /^(alerts|about|of|on|for|from|[\d.]+|[\d.]*(m|mins?|minutes?|h|hrs?|hours?|d|days?))$/

function textDoubts(registry: Registry<Handler>, { name }: RegisteredCommand, rest: string, doubts: Doubt[]): Doubt[] {
  const isAbout = name !== 'help' || rest === '' || registry.match(rest)?.rest === ''
  return isAbout && takesText(name, rest) ? doubts : [...doubts, 'text']
}

/** Does a doubt count against a text? The position of the command (`reordered`) does not. */
const isDoubtful = (doubt: Doubt) => doubt !== 'reordered'

/** Does every word have a certain meaning that the command takes? Only such a text moves money without a question. */
export function isWhole(understood: UnderstoodCommand): boolean {
  return understood.leftover.length === 0 && !understood.doubts.some(isDoubtful) && unwanted(understood).length === 0
}

/** Lists the slots that the command does not take. A price for `tasks` means that the person wants something else. */
export function unwanted({ registered, given }: UnderstoodCommand): string[] {
  const takes = takenBy(registered)
  // `alert off all`, `pl of all my positions`
  const { name, command, category } = registered
  const isOfAll = command.effect === 'reads' && (name === 'pl' || !takes.has('symbol')) && given.fraction === '1'
  if (given.what === 'off' || isOfAll) takes.add('fraction')
  // These read the numbers of their words themselves: `chart bynd 15 minutes`, `watch bynd 7`.
  if (['chart', 'watch'].includes(name) || category === 'Indicators')
    for (const slot of ['quantity', 'time', 'deadline']) takes.add(slot)
  return Object.keys(given).filter((name) => name !== 'rest' && !takes.has(name))
}

/** Commands without a share: they record a position, set a level that is for the whole of it, or wait for a price. */
const ofTheWhole = new Set(['long', 'short', 'stop', 'target', 'trail', 'bracket', 'price alert'])
/** Commands that ask for the price when `limit` was said without one. */
const asksLimit = new Set(['buy', 'sell', 'add', 'trim', 'close'])

/** The slots that a command takes: its options and the other forms of them. */
export function takenBy({ name, command }: RegisteredCommand): Set<string> {
  const takes = new Set([...command.options.map((option) => option.name), ...scopesOf(name)])
  if (maySaySymbol.has(name)) takes.add('symbol')
  if ((takes.has('quantity') || takes.has('price')) && !ofTheWhole.has(name)) takes.add('fraction')
  if (command.options.some(({ several }) => several)) takes.add('symbols')
  if (takes.has('symbols') && command.needs !== 'viewer') takes.add('fraction')
  if (takes.has('price')) takes.add('percent')
  if (asksLimit.has(name)) takes.add('how')
  if (name === 'trim' || name === 'sell') takes.add('leave')
  if (name === 'close all') takes.add('except')
  if (ordersWithStop.has(name)) takes.add('type')
  if (['buy', 'sell', 'add'].includes(name)) for (const level of ['stopLoss', 'takeProfit']) takes.add(level)
  takes.add('now')
  if (name === 'schedule') for (const slot of ['side', 'reach']) takes.add(slot)
  return takes
}

/** Finds the command at the beginning behind polite words, then without symbols and amounts, then with a typing error. */
function findCommand<Code extends Handler>(
  registry: Registry<Code>,
  { tokens, isQuestion }: Said,
  knows: KnowsSymbol,
): Found<Code> | undefined {
  if (tokens.length > 0) conditionLast(tokens)
  const first = tokens[0]
  if (first && /^[/!]/.test(first.word) && first.word.length > 1)
    tokens[0] = { word: first.word.slice(1), raw: first.raw.slice(1) }
  const named = tokens.flatMap(({ word }, index) => (droppable.has(word) ? [] : [index]))
  const bare = withoutSlots(tokens, named, knows)
  const plainly = foundIn(registry, tokens, named, isQuestion)
  const apart = bare.length < named.length ? foundIn(registry, tokens, bare, isQuestion) : undefined
  // The longer wording wins: `get me half out` is not `get me`, and `move BYND stop` is not `move`.
  const isLevel = plainly !== undefined && apart !== undefined && isLevelBehind(tokens, apart, plainly)
  if (apart && !isLevel && (!plainly || apart.wording.count > plainly.wording.count)) {
    const begins = named[0] === bare[0]
    // `add amd stop 215` may be an order with a stop, too.
    if (begins && plainly?.wording.registered.name === 'add' && apart.wording.registered !== plainly.wording.registered)
      return { ...apart, doubts: [...apart.doubts, 'number'] }
    return begins ? apart : { ...apart, doubts: [...apart.doubts, 'reordered'] }
  }
  if (plainly) return plainly
  const heard = foundByEar(registry, tokens, named, isQuestion)
  if (heard) return heard
  for (const { count, kinds } of openingsOf(named.map((index) => tokens[index]!.word)).reverse()) {
    const words = named.slice(count).map((index) => tokens[index]!.word)
    const wording = registry.slipOf(words)
    if (!wording || symbolIn(tokens[named[count]!]!, knows, isShouted(tokens))) continue
    const found = cut(tokens, named, count, wording)
    if (!fits(wording.registered, kinds)) continue
    return { ...found, doubts: ['slip', ...doubtsOf(wording.registered, kinds, isQuestion)] }
  }
  return undefined
}

/** Finds the command in a text that a phone wrote by ear. */
function foundByEar<Code extends Handler>(
  registry: Registry<Code>,
  tokens: Token[],
  named: number[],
  isQuestion: boolean,
): Found<Code> | undefined {
  for (const { count } of openingsOf(named.map((index) => tokens[index]!.word))) {
    const meant = meantByEar(tokens, named[count], named[count + 1])
    const found = meant && foundIn(registry, meant, named, isQuestion)
    if (found) return { ...found, doubts: [...found.doubts, 'slip'] }
  }
  return undefined
}

/**
 * Is the last word of a wording that is spread over the text a level of the order before it? `scaleout bynd fast, stop .9` and
 * `add 10 amd stop 215` have a size or a pace before the level, and are no `scaleout stop` and no `add stop`.
 */
function isLevelBehind(tokens: Token[], apart: Found<Handler>, plainly: Found<Handler>): boolean {
  if (apart.wording.registered === plainly.wording.registered) return false
  const at = tokens.findIndex(
    (token, index) => levelWords.has(token.word as never) && !apart.rest.includes(token) && index > 0,
  )
  const level = tokens[at + 1]
  if (at < 0 || !level || !amountAt(tokens, at + 1)) return false
  const between = tokens.slice(1, at)
  return between.some((token, index) => speedWords.has(token.word) || amountAt(between, index) !== undefined)
}

function foundIn<Code extends Handler>(
  registry: Registry<Code>,
  tokens: Token[],
  kept: number[],
  isQuestion: boolean,
): Found<Code> | undefined {
  const words = kept.map((index) => alike.get(tokens[index]!.word) ?? tokens[index]!.word)
  for (const { count, kinds } of openingsOf(words)) {
    const wording = registry.lookUp(words.slice(count))
    if (!wording || !fits(wording.registered, kinds) || (wording.words === 'stop-limit' && protects(tokens))) continue
    const found = cut(tokens, kept, count, wording)
    const doubts = doubtsOf(wording.registered, kinds, isQuestion)
    if (asksOthers.has(wording.registered.name) && isQuestion && found.rest.length === 0) doubts.push('thin')
    if (kinds.has('tells') && !found.rest.some(({ word }) => /\d/.test(word))) doubts.push('thin')
    return { ...found, doubts }
  }
  return undefined
}

/** Takes the command and the polite words out. The rest are the words behind it and the slots before it. */
function cut<Code extends Handler>(tokens: Token[], kept: number[], opening: number, wording: Wording<Code>) {
  const taken = new Set(kept.slice(0, opening + wording.count))
  const rest = tokens.filter(({ word }, index) => !taken.has(index) && !(droppable.has(word) && index < kept[opening]!))
  return { wording, rest }
}

/** Does a command fit its opening? "show me" needs a read-only command, and "I'm" needs `long` or `short`. */
function fits(registered: RegisteredCommand, kinds: Set<string>): boolean {
  if (kinds.has('shows')) return !changesMoney(registered)
  return !kinds.has('tells') || ['long', 'short'].includes(registered.name)
}

function doubtsOf(registered: RegisteredCommand, kinds: Set<string>, isQuestion: boolean): Doubt[] {
  return changesMoney(registered) && (isQuestion || kinds.has('asks')) ? ['asked'] : []
}

/** Moves a condition from the beginning to the end: `if BYND hits 1.20, sell half` becomes `sell half if BYND hits 1.20`. */
function conditionLast(tokens: Token[]): void {
  for (const { count } of openingsOf(tokens.map(({ word }) => word))) {
    const used = conditionAt(tokens, count)?.used ?? 0
    if (used === 0 || count + used >= tokens.length) continue
    tokens.push(...tokens.splice(count, used).filter(({ word }) => word !== 'then'))
    return
  }
}

/** The indexes that remain without symbols, amounts and speeds: `move BYND stop to .58` begins with `move stop`. */
function withoutSlots(tokens: Token[], named: number[], knows: KnowsSymbol): number[] {
  const out = new Set<number>()
  const shouts = isShouted(tokens)
  const time = timeAt(
    tokens.slice(0, 12).map(({ word }) => word),
    0,
  )
  const begin = time && time.used < tokens.length ? time.used : 0
  for (let index = 0; index < begin; index++) out.add(index)
  for (let at = begin; at < tokens.length; at++) {
    const symbol = symbolIn(tokens[at]!, knows, shouts)
    const amount = amountAt(tokens, at) ?? (isWholeWord(tokens[at]!) ? undefined : fractionAt(tokens, at))
    const used =
      symbol && symbol.certainty !== 'homograph' ? 1 : (amount?.used ?? (speedWords.has(tokens[at]!.word) ? 1 : 0))
    for (let index = at; index < at + used; index++) out.add(index)
    // `at 4.05 buy 2k amc`: the word before the first price is removed with it.
    if (amount && at === 1 && ['at', 'for'].includes(tokens[0]!.word)) out.add(0)
    if (used > 1) at += used - 1
  }
  return named.filter((index) => !out.has(index) && tokens[index]!.word !== '@')
}

const isWholeWord = ({ word }: Token) => word === 'all' || word === 'everything' || word === 'whole'
const alike = new Map([
  ['whats', "what's"],
  ['hows', "how's"],
  ['wheres', "where's"],
  ['how’s', "how's"],
])

/** The words behind the command: as typed if the text begins with the command, else as understood. */
function restOf<Code extends Handler>(
  registry: Registry<Code>,
  text: string,
  registered: RegisteredCommand<Code>,
  rest: Token[],
): string {
  const match = registry.match(text)
  return match?.registered === registered ? match.rest : textOf(rest)
}
