import { englishWords } from './english.ts'
import type { Handler, Wording, Wordings } from './wording.ts'
import { slips } from './words.ts'

interface Known<Code extends Handler> {
  known: string
  wording: Omit<Wording<Code>, 'count'>
  count: number
}

/** The longest wording that is looked for behind a slip. */
const mostLetters = 40

/**
 * Finds the one wording that words begin with but for a slip. One is forgiven in a word of five letters, two in one of
 * eight; in four letters, and in three of what changes money, only two neighbours that changed places or a last letter that
 * stuck. A word of every day is none, and neither is one that is as near to another command.
 */
export function slipsOf<Code extends Handler>(
  wordings: Wordings<Code>,
): (words: string[]) => Wording<Code> | undefined {
  const all = [...wordings].flatMap(([known, wording]): Known<Code>[] => {
    const isLong = known.length >= (wording.registered.command.needs === 'viewer' ? 4 : 3)
    return wording.isThin || !isLong ? [] : [{ known, wording, count: known.split(' ').length }]
  })
  const byCount = Map.groupBy(all, ({ count }) => count)
  const bySize = new Map(
    [...byCount].map(([count, some]) => [count, Map.groupBy(some, ({ known }) => known.length)] as const),
  )

  return (words) => {
    if (words[0] === undefined || words[0].length < 3 || words[0].length > 20) return undefined
    let best: (Known<Code> & { away: number }) | undefined
    let isClear = true
    for (const [count, sizes] of bySize) {
      const taken = words.slice(0, count)
      const said = taken.join(' ')
      if (count > words.length || said.length > mostLetters || taken.every((word) => englishWords.has(word))) continue
      for (let length = said.length - 2; length <= said.length + 2; length++) {
        for (const one of sizes.get(length) ?? []) {
          const away = distanceOf(said, one.known)
          if (away === undefined) continue
          // `taks` is nearer to `tasks` than to its singular: of the two the longer takes more of what was typed.
          const isPlural = away === best?.away && one.known === `${best.known}s`
          if (!best || away < best.away || (away === best.away && count > best.count) || isPlural) {
            best = { ...one, away }
            isClear = true
          } else if (away === best.away && count === best.count && isAnother(one, best)) isClear = false
        }
      }
    }
    return isClear && best ? { ...best.wording, count: best.count, isThin: false } : undefined
  }
}

function isAnother<Code extends Handler>(one: Known<Code>, best: Known<Code>): boolean {
  return one.wording.registered !== best.wording.registered && best.known !== `${one.known}s`
}

/** How many slips lie between, where they are forgiven. */
function distanceOf(said: string, known: string): number | undefined {
  if (said === known) return undefined
  if (known.includes(' ')) return distanceOfWords(said.split(' '), known.split(' '))
  const away = slips(said, known)
  if (away === 1) {
    // `buyy` is no other word than `buy`.
    const isDoubled = said === known + known.at(-1)
    if (known.length >= 5 || isDoubled || isSwap(said, known)) return away
    return undefined
  }
  return away === 2 && known.length >= 8 ? away : undefined
}

/** Word by word: `bump order` is no `buy order`, however long it is. */
function distanceOfWords(said: string[], known: string[]): number | undefined {
  let sum = 0
  for (const [index, word] of known.entries()) {
    const away = said[index] === word ? 0 : distanceOf(said[index] ?? '', word)
    if (away === undefined) return undefined
    sum += away
  }
  return sum > 0 && sum <= 2 ? sum : undefined
}

function isSwap(said: string, known: string): boolean {
  return said.length === known.length && [...said].sort().join('') === [...known].sort().join('')
}
