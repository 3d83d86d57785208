import type { Heard } from './classification.ts'
import { clipped } from './clipped.ts'
import { changesMoney } from './effect.ts'
import type { DoubtfulWord, Readings, TextReading } from './readings.ts'
import type { Handler } from './registry.ts'
import { nowWords } from './slot-words.ts'
import { contradicts } from './slots.ts'
import { takenBy, type UnderstoodCommand } from './understand.ts'
import { fillsSlot } from './word-symbols.ts'

/** More doubtful words than this are not tried one by one. */
const mostDoubtful = 3

interface Tried<Code extends Handler> {
  reading: TextReading
  heard: Heard<Code>
}

/**
 * Hears a message in each way that its words allow, and chooses one. A doubtful word (`ALL`, `NOW`, `FAST`) is a symbol if only
 * that makes sense. If it makes sense as a word, too, and money may move, the choice is the member's.
 */
export function chooseReading<Code extends Handler>(
  { doubtful, taking }: Readings,
  hear: (reading: TextReading) => Heard<Code>,
): Heard<Code> {
  const plain = hear(taking([]))
  const understood = understoodIn(plain)
  if (understood && isOnlyText(understood)) return plain
  const own = understood?.doubts.includes('guess') ? [] : symbolsIn(understood)
  const words = doubtful.filter(({ symbol }) => !own.includes(symbol)).slice(0, mostDoubtful)
  if (words.length === 0) return plain
  const ways = [...words.map((word) => [word]), ...(words.length > 1 ? [words] : [])]
  const tried = ways
    .map(taking)
    .map((reading) => ({ reading, heard: hear(reading) }))
    .filter(takesAll)
  if (tried.length === 0) return repeated(plain, words, own.length > 0)
  // A reading that does not take a word without another meaning would drop it.
  const hasMeaning = (word: string) => fillsSlot(word) || clipped.has(word)
  const needed = words.filter(
    ({ word, kind, isJoined }) =>
      isJoined === true || (own.length === 0 && kind !== 'shouted' && !hasMeaning(word.toLowerCase())),
  )
  const sound = tried.filter(
    ({ reading, heard }) => isSound(heard) && needed.every((one) => reading.taken.includes(one)),
  )
  const [first] = sound
  if (!first) {
    // A refusal that names the symbol is better than a look at another one.
    const refuses = ({ decided }: Heard<Code>) => !isSound(plain) && decided?.verdict === 'refuses'
    const marked =
      own.length === 0 ? tried.find(({ reading, heard }) => isMarked(reading) || refuses(heard)) : undefined
    return marked?.heard ?? repeated(plain, words, own.length > 0)
  }
  const isUnknown = sound.find(({ reading }) => reading.taken.some(({ kind }) => kind === 'unknown'))
  if (isUnknown) return isUnknown.heard
  if (!isSound(plain) || needed.length > 0)
    return sound.length === 1 ? repeated(first.heard, words, false, first.reading) : ask(words, sound)
  const capitals = sound.filter(({ reading }) => reading.taken.every(({ kind }) => kind === 'capital'))
  // Beside a named symbol, only capitals in an order for several symbols may name another one.
  const rivals = own.length > 0 ? capitals : sound
  if (rivals.length === 0) return repeated(plain, words, own.length > 0)
  if (!changesMoney(plain.decided!.understood!.registered)) {
    const isShouted = rivals[0]!.reading.taken.some(({ kind }) => kind === 'shouted')
    return isShouted ? plain : rivals[0]!.heard
  }
  return ask(words, [...rivals, { reading: taking([]), heard: plain }])
}

/**
 * An order in which a word may be a symbol and is read as a word (`sell ALL AMD`), or the other way round in a message that is
 * all in capitals, is repeated back before it runs. `NOW` beside a named symbol (`hasOwn`) is a word: an exit waits for nobody.
 */
function repeated<Code extends Handler>(
  heard: Heard<Code>,
  words: DoubtfulWord[],
  hasOwn: boolean,
  reading?: TextReading,
): Heard<Code> {
  const { decided } = heard
  if (decided?.verdict !== 'acts' || !changesMoney(decided.understood!.registered)) return heard
  const taken = reading?.taken ?? []
  const isWord = words.some((one) => {
    const word = one.word.toLowerCase()
    return one.kind === 'capital' && fillsSlot(word) && !taken.includes(one) && !(hasOwn && nowWords.has(word))
  })
  if (!isWord && !taken.some(({ kind }) => kind === 'shouted')) return heard
  return { decided: { ...decided, confidence: 0.8, verdict: 'confirms' } }
}

function ask<Code extends Handler>(words: DoubtfulWord[], ways: Tried<Code>[]): Heard<Code> {
  const decided = ways[0]!.heard.decided!
  const meanings = ways.map(({ heard }) => heard.decided!.understood!)
  return { decided: { ...decided, confidence: 0.8, verdict: 'confirms', either: { words, meanings } } }
}

const understoodIn = ({ decided, partly }: Heard) => decided?.understood ?? partly

/** Does a command take only text, so that it has no symbols? */
const isOnlyText = ({ registered: { command } }: UnderstoodCommand) =>
  command.options.length > 0 && command.options.every(({ type }) => type === 'text')

function symbolsIn(understood: UnderstoodCommand | undefined): string[] {
  const { symbol, symbols = symbol, except = symbols } = understood?.given ?? {}
  return except?.split(' ') ?? []
}

/** Does the command of a reading take all the words that were marked as symbols? */
function takesAll<Code extends Handler>({ reading, heard }: Tried<Code>): boolean {
  const understood = understoodIn(heard)
  if (!understood || !takenBy(understood.registered).has(understood.given.symbols ? 'symbols' : 'symbol')) return false
  const symbols = symbolsIn(understood)
  return reading.taken.every(({ symbol }) => symbols.includes(symbol))
}

/** Would the command of a reading run, or be repeated back? */
function isSound({ decided }: Heard): boolean {
  if (decided?.verdict !== 'acts' && decided?.verdict !== 'confirms') return false
  return !contradicts(decided.understood!.given)
}

/** Do capitals mark all the words that a reading takes for symbols? */
const isMarked = ({ taken }: TextReading) => taken.every(({ kind }) => kind === 'capital' || kind === 'unknown')
