import { englishWords } from './english.ts'
import { slips } from './words.ts'

/** The words for each speed. */
export const speeds = new Map(
  Object.entries({
    fast: 'fast quick quickly rapid rapidly aggressive aggressively',
    medium: 'medium med moderate moderately',
    slow: 'slow slowly gentle gently patient patiently',
    smart: 'smart smartly',
  }).flatMap(([speed, words]) => words.split(' ').map((word) => [word, speed] as const)),
)

/** The speed of a misspelled word with five letters or more; undefined when there is none. */
export function slippedSpeed(word: string): string | undefined {
  if (word.length < 5 || word.length > 12 || englishWords.has(word)) return undefined
  for (const [said, speed] of speeds) if (said.length > 5 && slips(word, said) === 1) return speed
  return undefined
}

/** The speed for a time span in words, as in `over the next hour`. */
export const paces = new Map(
  Object.entries({
    slow: [
      'an hour',
      'the hour',
      'the next hour',
      'next hour',
      'the next 60 minutes',
      '60 minutes',
      'one hour',
      '1 hour',
      'the next 1 hour',
    ],
    medium: [
      'the next 10 minutes',
      '10 minutes',
      '15 minutes',
      'the next 15 minutes',
      'the next 10-15 minutes',
      '10-15 minutes',
      'the next quarter hour',
      'ten minutes',
      'the next ten minutes',
    ],
    fast: [
      'a minute',
      'the next minute',
      'a couple minutes',
      'a couple of minutes',
      'a few minutes',
      'the next few minutes',
      'the next couple minutes',
      '1-3 minutes',
      '2 minutes',
      '3 minutes',
      'the next 2 minutes',
      'the next 3 minutes',
      'the next couple of minutes',
    ],
  }).flatMap(([speed, spans]) => spans.map((span) => [span, speed] as const)),
)

/** Reads a time span such as `the next 30 mins` as a speed, with its number of words. */
export function spanIn(words: string[]): { speed: string; used: number } | undefined {
  const leading = words[0] === 'the' || words[0] === 'next' ? (words[1] === 'next' ? 2 : 1) : 0
  const [, number, glued] = /^(\d{1,4})(m|min|mins|h|hr|hrs)?$/.exec(words[leading] ?? '') ?? []
  const unit = glued ?? words[leading + 1] ?? ''
  if (number === undefined || !/^(m|mins?|minutes?|h|hrs?|hours?)$/.test(unit)) return undefined
  const minutes = Number(number) * (unit.startsWith('h') ? 60 : 1)
  const speed = minutes <= 5 ? 'fast' : minutes <= 20 ? 'medium' : 'slow'
  return { speed, used: leading + (glued ? 1 : 2) }
}
