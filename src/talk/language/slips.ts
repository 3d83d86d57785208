import { englishWords } from './english.ts'
import { remembered } from './remembered.ts'
import type { Handler, Wording, Wordings } from './wording.ts'
import { slips } from './words.ts'

interface Known<Code extends Handler> {
  known: string
  wording: Omit<Wording<Code>, 'count'>
  count: number
}

/** A longer text is not compared with the wordings. */
const mostLetters = 40

/**
 * Makes a search for the one wording at the beginning of the words if typing errors are corrected. A word of five letters may
 * have one error, a word of eight letters two. A word of four letters (or three, if its command is not for viewers) may only
 * have two swapped neighbours or a repeated letter. An everyday word is no typing error, and a tie finds none.
 */
export function slipsOf<Code extends Handler>(
  wordings: Wordings<Code>,
): (words: string[]) => Wording<Code> | undefined {
  const all = [...wordings].flatMap(([known, wording]): Known<Code>[] => {
    const isLong = known.length >= (wording.registered.command.needs === 'viewer' ? 4 : 3)
    return wording.isThin || !isLong || wording.registered.command.greets
      ? []
      : [{ known, wording, count: known.split(' ').length }]
  })
  const byCount = Map.groupBy(all, ({ count }) => count)
  const bySize = new Map(
    [...byCount].map(([count, some]) => [count, Map.groupBy(some, ({ known }) => known.length)] as const),
  )

  const longestCount = Math.max(0, ...byCount.keys())
  const found = remembered((text) => search(text.split(' ')))
  return (words) => found(words.slice(0, longestCount).join(' '))

  function search(words: string[]): Wording<Code> | undefined {
    if (words[0] === undefined || words[0].length < 3 || words[0].length > 20) return undefined
    let best: (Known<Code> & { away: number }) | undefined
    let isClear = true
    for (const [count, sizes] of bySize) {
      const taken = words.slice(0, count)
      const said = taken.join(' ')
      if (
        count > words.length ||
        said.length > mostLetters ||
        taken.every((word) => englishWords.has(word)) ||
        wordings.has(said)
      )
        continue
      for (let length = said.length - 2; length <= said.length + 2; length++) {
        for (const one of sizes.get(length) ?? []) {
          const away = distanceOf(said, one.known)
          if (away === undefined) continue
          // The plural wins over the singular at the same distance: `taks` is `tasks`.
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

/** The number of typing errors between two texts; undefined when they are too many. */
function distanceOf(said: string, known: string): number | undefined {
  if (said === known) return undefined
  // `unschedule` takes back, and is no misspelled `schedule`.
  if (said === `un${known}`) return undefined
  if (known.includes(' ')) return distanceOfWords(said.split(' '), known.split(' '))
  const away = slips(said, known)
  if (away === 1) {
    // A repeated letter is always an error: `buyy` and `buuy` are `buy`.
    const isDoubled = said.length === known.length + 1 && said.replace(/(.)\1/, '$1') === known
    if (known.length >= 5 || isDoubled || isSwap(said, known)) return away
    return undefined
  }
  return away === 2 && known.length >= 8 ? away : undefined
}

/** Compares word by word, so that `bump order` is not `buy order` at any length. */
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
