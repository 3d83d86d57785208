import { fractionAt } from './amounts.ts'
import { speedAt } from './paces.ts'
import { levelWords, nowWords, priceWords, sidesOfPrice } from './slot-words.ts'
import { numberWords } from './spelled.ts'

/** Symbols of US stocks that are also everyday words. The market in use may have none of them. */
export const wordSymbols: ReadonlySet<string> = new Set(
  `A ALL AM AN ANY ARE BE BIG BY CAN CAR CARS CASH CAT COST DO EAT FAST FIX FOR FUN GO GOOD HAS HE HERE HOPE ICE IT KEY LAND
  LIFE LOVE LOW MAIN MAN MAT NEXT NICE NOW ON ONE OPEN OR OUT PAY PEAK PLAY PLUG POST REAL RUN SAFE SAVE SEE SNAP SNOW SO STAY
  SUN TELL TRUE TWO U VERY WELL WOW YOU`.split(/\s+/),
)

/** Small words of the grammar. In small letters, or in a sentence in capitals, they are never a symbol without a dollar sign. */
export const smallWords: ReadonlySet<string> = new Set(
  'at by for from in of on onto out to up with an and or the i it its me my this that them us we is be am if off'.split(
    ' ',
  ),
)

/** Does a word fill a slot or lead to one, as `now`, `fast`, `all` and `cost` do? */
export function fillsSlot(word: string): boolean {
  const isWord = [nowWords, priceWords, levelWords, sidesOfPrice, numberWords].some((words) => words.has(word as never))
  const isUnit = ['market', 'c', 'k', 'm'].includes(word)
  return isWord || isUnit || (speedAt([word], 0) ?? fractionAt([{ word, raw: word }], 0)) !== undefined
}
