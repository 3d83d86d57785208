import { afinn165FinancialMarketNews } from 'afinn-165-financialmarketnews'
import {
  bads,
  despites,
  directions,
  goods,
  halves,
  less,
  levels,
  negations,
  neutral,
  removals,
  vain,
  values,
} from './finance-words.ts'

/** The part that a word or phrase plays: `finance-words.ts` says it of each list. */
type Kind =
  | 'value'
  | 'direction'
  | 'level'
  | 'removal'
  | 'bad'
  | 'good'
  | 'less'
  | 'negation'
  | 'half'
  | 'despite'
  | 'neutral'

/** The meaning of a word or phrase. */
export interface Entry {
  kind: Kind
  value: number
}

/** Words of the general list count so much, and only the clear ones. */
const generalWeight = 0.4
const clear = 2
/** The words of the longest phrase. */
export const longestPhrase = 5

const entries = new Map<string, Entry>()
for (const [word, value] of Object.entries(afinn165FinancialMarketNews)) {
  if (Math.abs(value) >= clear) entries.set(word, { kind: 'value', value: value * generalWeight })
}
add('neutral', { 0: neutral })
add('value', values)
add('bad', bads)
add('good', goods)
add('direction', directions)
add('level', levels)
add('removal', { 1.5: removals })
add('less', { 0: less })
add('half', { 0: halves })
add('despite', { 0: despites })
add('negation', { 0: negations, '-1': vain })

function add(kind: Kind, byValue: Record<string, string>): void {
  for (const [value, words] of Object.entries(byValue)) {
    for (const word of words.trim().split(/\s+/)) {
      for (const form of formsOf(word)) entries.set(form.replaceAll('-', ' '), { kind, value: Number(value) })
    }
  }
}

/** The forms of a verb: `cut**` is cut, cuts, cutted, cutting. */
function formsOf(word: string): string[] {
  const stem = word.replace(/\*+$/, '')
  if (stem === word) return [word]
  if (word.endsWith('**')) return [stem, `${stem}s`, `${stem}${stem.at(-1)}ed`, `${stem}${stem.at(-1)}ing`]
  if (stem.endsWith('e')) return [stem, `${stem}s`, `${stem}d`, `${stem.slice(0, -1)}ing`]
  if (/[^aeou]y$/.test(stem)) return [stem, `${stem.slice(0, -1)}ies`, `${stem.slice(0, -1)}ied`, `${stem}ing`]
  const plural = /(s|x|ch|sh)$/.test(stem) ? `${stem}es` : `${stem}s`
  return [stem, plural, `${stem}ed`, `${stem}ing`]
}

/** The entry of a word or phrase of words with single blanks between them. */
export const entryOf = (phrase: string): Entry | undefined => entries.get(phrase)

/** The number of entries of ours and of all. */
export const entryCount = entries.size
