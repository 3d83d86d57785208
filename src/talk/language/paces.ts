import { englishWords } from './english.ts'
import { slips } from './words.ts'

/** The words for each speed. */
const speeds = new Map(
  Object.entries({
    fast: 'fast quick quickly rapid rapidly aggressive aggressively',
    medium: 'medium med moderate moderately',
    slow: 'slow slowly gentle gently patient patiently',
    smart: 'smart smartly',
  }).flatMap(([speed, words]) => words.split(' ').map((word) => [word, speed] as const)),
)

/** The speed of a misspelled word with five letters or more; undefined when there is none. */
function slippedSpeed(word: string): string | undefined {
  if (word.length < 5 || word.length > 12 || englishWords.has(word)) return undefined
  for (const [said, speed] of speeds) if (said.length > 5 && slips(word, said) === 1) return speed
  return undefined
}

/** The speed for a time span that is only roughly said, as in `over the next hour`. An exact one is a length of its own. */
const paces = new Map(
  Object.entries({
    slow: ['an hour', 'the hour', 'the next hour', 'next hour'],
    medium: ['the next 10-15 minutes', '10-15 minutes', 'the next quarter hour'],
    fast: [
      'a minute',
      'the next minute',
      'a couple minutes',
      'a couple of minutes',
      'a few minutes',
      'the next few minutes',
      'the next couple minutes',
      '1-3 minutes',
      'the next couple of minutes',
    ],
  }).flatMap(([speed, spans]) => spans.map((span) => [span, speed] as const)),
)

const leads = new Set(['over', 'across', 'within', 'through', 'throughout'])

/**
 * Reads a speed that begins at a word; a rough time span is one, too: `over the next hour` is slow. `used` is its number of
 * words; `isSlip`: it was misspelled.
 */
export function speedAt(words: string[], at: number): { speed: string; used: number; isSlip?: boolean } | undefined {
  const word = words[at]!
  const speed = speeds.get(word)
  if (speed) return { speed, used: 1 }
  const slipped = slippedSpeed(word)
  if (slipped) return { speed: slipped, used: 1, isSlip: true }
  return leads.has(word) ? spanAt(words, at + 1) : undefined
}

function spanAt(words: string[], from: number): { speed: string; used: number } | undefined {
  const following = words.slice(from, from + 5)
  for (let used = following.length; used > 0; used--) {
    const speed = paces.get(following.slice(0, used).join(' '))
    // `over an hour and a half` is a length of its own.
    if (speed && following[used] !== 'and') return { speed, used: used + 1 }
  }
  return undefined
}
