import { type Entry, entryOf, longestPhrase } from './words.ts'

/** The score of a text. */
export interface Score {
  /** −1..1: below 0 is bad news. */
  score: number
  /** The share of its words that the lexicon knows, 0..1. */
  known: number
}

/** A smaller sum of values is no news. */
const leastSum = 0.75
/** Sums of this size make a score of .7. */
const softness = 3
/** A direction looks so far for the thing that goes there: before it, and behind it. */
const [wordsBefore, wordsBehind] = [5, 4]
/** Things that hang together stand no further apart. */
const chained = 4
/** A negation turns what stands so far behind it, and takes some of its strength. */
const [negated, turned] = [3, -0.7]

/** A phrase of the text that the lexicon knows, and its place in words. */
interface Found extends Entry {
  at: number
  words: number
}

/**
 * Scores a headline by the lexicon. A direction counts by the thing that goes there: costs that fall are good, and so is a loss
 * that narrows. Causes behind `after` or `as` count half, circumstances behind `despite` not at all, and what stands before `but` a third.
 */
export function scoreOf(text: string): Score {
  const words = wordsOf(text)
  const found = findIn(words)
  const used = new Set<Found>()
  let sum = 0
  for (const entry of found) {
    if (!moves(entry)) continue
    const thing = thingOf(found, entry, used, words)
    for (const one of thing) used.add(one)
    const isBad = thing.some(({ kind }) => kind === 'bad')
    if (entry.kind === 'removal') sum += isBad ? weightAt(found, entry, words) * entry.value : 0
    else sum += weightAt(found, entry, words) * lessened(found, entry) * (isBad ? -entry.value : entry.value)
  }
  for (const entry of found) {
    if (entry.kind === 'value' || entry.kind === 'negation' || (isThing(entry) && !used.has(entry)))
      sum += weightAt(found, entry, words) * entry.value
  }
  const isKnown = ({ kind }: Found) => kind !== 'half' && kind !== 'neutral'
  const known = found.filter(isKnown).reduce((count, entry) => count + entry.words, 0)
  const all = words.filter((word) => !isMark(word)).length
  return { score: Math.abs(sum) < leastSum ? 0 : sum / Math.hypot(sum, softness), known: known / Math.max(1, all) }
}

const moves = ({ kind }: Found) => kind === 'direction' || kind === 'level' || kind === 'removal'
const isThing = ({ kind }: Found) => kind === 'bad' || kind === 'good'
const isMark = (word: string) => /^[,;:]$/.test(word)

/** Words in small letters, and marks between clauses; numbers are `#`, and their units are no words. */
function wordsOf(text: string): string[] {
  const plain = text.toLowerCase().replaceAll('’', "'").slice(0, 1000)
  const words = plain.match(/[$€£]?\d+(?:[.,]\d+)*%?|\bs&p\b|[a-z]+(?:'[a-z]+)?|[,;:]/g) ?? []
  return words.flatMap((word, at) => {
    if (/\d/.test(word)) return word === '52' || word === '11' ? word : '#'
    if (/\d/.test(words[at - 1] ?? '') && /^(million|billion|trillion|percent|bln|mln|bn|m|b|points)$/.test(word))
      return []
    return word.replace(/'s$/, '')
  })
}

/** The phrases of the lexicon, the longest first wherever one begins. */
function findIn(words: readonly string[]): Found[] {
  const found: Found[] = []
  for (let at = 0; at < words.length; ) {
    let length = Math.min(longestPhrase, words.length - at)
    let entry: Entry | undefined
    for (; length > 0; length--) {
      entry = entryOf(words.slice(at, at + length).join(' '))
      if (entry) break
    }
    if (entry) found.push({ ...entry, at, words: length })
    at += Math.max(1, length)
  }
  return found
}

/** The thing that a direction is about, with those that stand beside it (`tariff fears`): the next one behind it, else the last one before. */
function thingOf(
  found: readonly Found[],
  direction: Found,
  used: ReadonlySet<Found>,
  words: readonly string[],
): Found[] {
  const end = direction.at + direction.words
  const things = found.filter((entry) => isThing(entry) && !used.has(entry))
  const behind = things.find(({ at }) => at >= end && at - end < wordsBehind)
  const all = direction.kind === 'level' ? found.filter(isThing) : things
  const before = all.findLast(({ at }) => at < direction.at && direction.at - at <= wordsBefore)
  const thing =
    behind && !isApart(words, end, behind.at)
      ? behind
      : before && !isApart(words, before.at, direction.at, direction.kind === 'level')
        ? before
        : undefined
  return thing ? chainFrom(thing, all, words) : []
}

/** Things that hang together: fears of a credit crisis. */
function chainFrom(thing: Found, things: readonly Found[], words: readonly string[]): Found[] {
  const areNear = (one: Found, other: Found) => other.at - one.at <= chained && !isApart(words, one.at, other.at)
  const chain = [thing]
  for (const next of things) if (next.at > thing.at && areNear(chain.at(-1)!, next)) chain.push(next)
  for (const last of things.toReversed()) if (last.at < thing.at && areNear(last, chain[0]!)) chain.unshift(last)
  return chain
}

const isApart = (words: readonly string[], from: number, to: number, acrossMarks = false) =>
  words
    .slice(from, to)
    .some((word) => (isMark(word) && !acrossMarks) || /^(but|and|after|as|on|amid|despite|while|with|by)$/.test(word))

/** A direction before `less than feared` is turned round. */
function lessened(found: readonly Found[], { at, words }: Found): number {
  const isLess = found.some(
    (entry) => entry.kind === 'less' && entry.at >= at + words && entry.at - at - words < negated,
  )
  return isLess ? turned : 1
}

function weightAt(found: readonly Found[], entry: Found, words: readonly string[]): number {
  let weight = 1
  const before = found.filter(({ at }) => at < entry.at)
  const turns = before.filter(({ kind, at, words: length }) => kind === 'negation' && entry.at - at - length < negated)
  if (turns.length % 2 === 1) weight *= turned
  // A circumstance ends with its clause.
  const clause = words.findLastIndex((word, at) => at < entry.at && (isMark(word) || word === 'with'))
  const but = words.findIndex((word) => word === 'but' || word === 'however' || word === 'yet')
  const isBehind = but >= 0 && entry.at > but
  const from = isBehind ? Math.max(but, clause) : clause
  const cause = before.findLast(({ kind, at }, nth) => {
    // `on` before any news is of a thing: the price target on AMD.
    const isOfThing = words[at] === 'on' && !before.slice(0, nth).some((one) => one.kind === 'value' || moves(one))
    return (kind === 'despite' || (kind === 'half' && !isOfThing)) && at > from
  })
  if (cause) weight *= cause.kind === 'half' ? 0.5 : 0
  if (but >= 0 && !isBehind) weight *= 1 / 3
  return weight
}

/** The sign of a score: bad, no news, or good. */
export const signOf = ({ score }: Score): -1 | 0 | 1 => (score > 0 ? 1 : score < 0 ? -1 : 0)
