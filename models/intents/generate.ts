import { type Chance, chanceOf, numberOf } from '../random.ts'
import { type Frame, readFrames, type Verb } from './frames.ts'
import { formsOf } from './inflect.ts'
import { slots } from './slots.ts'
import { varied } from './vary.ts'

/** A sentence with its command, or `none`. */
export interface Sentence {
  text: string
  command: string
  /** Made from a frame that is held back while the model is measured. */
  dev: boolean
}

/** The approximate number of sentences for each label. */
const eachLabel = 620
const mostOfFrame = 24
/** A frame makes at most so many times its sentences if it has choices. */
const mostOfChoices = 4
const eachChatter = 4
const eachVerbChatter = 34

const withPhrase = /\{(do|does|did|done|doing)\}/
const tellable = new Set(
  'buy sell add trim scaleout cancel-scaleout close close-all bracket stop target trail breakeven move cancel'.split(
    ' ',
  ),
)

/**
 * Generates every sentence, in a fixed order: the same for the same seed. Each frame has its own random numbers, so that a
 * new frame changes no other.
 */
export function generateSentences(seed: number): Sentence[] {
  const { frames, chatter, verbs } = readFrames()
  const phrases = [...verbs, ...told(frames)]
  const perLabel = Map.groupBy(frames, ({ label }) => label)
  const sentences: Sentence[] = []
  for (const [label, own] of perLabel) {
    const times = label === 'none' ? eachChatter : Math.min(mostOfFrame, Math.ceil(eachLabel / own.length))
    for (const frame of own)
      sentences.push(...sentencesOf(frame, withPhrase.test(frame.text) ? 12 : times * manyOf(frame), seed, phrases))
  }
  for (const frame of chatter) sentences.push(...sentencesOf(frame, eachVerbChatter, seed, phrases))
  return withoutDoubles(sentences)
}

/** A frame with choices has several wordings, so it makes more sentences. */
const manyOf = ({ text }: Frame) => Math.min(mostOfChoices, 1 + [...text.matchAll(/\[/g)].length)

/** Commands as verb phrases for reports, refusals and questions: every tellable frame that begins with a verb. */
function told(frames: Frame[]): Verb[] {
  return frames
    .filter(({ label }) => tellable.has(label))
    .flatMap(({ text, dev }) => {
      const forms = formsOf(text)
      return forms ? [{ forms, dev }] : []
    })
}

function sentencesOf({ text, label, dev }: Frame, times: number, seed: number, phrases: Verb[]): Sentence[] {
  const chance = chanceOf(numberOf(`${label}\n${text}`) ^ seed)
  const own = withPhrase.test(text) ? phrases.filter((phrase) => phrase.dev === dev) : undefined
  const made = new Set<string>()
  for (let time = 0; time < times; time++) {
    const sentence = filled(own ? withVerb(text, chance.pick(own)) : text, chance)
    made.add(time === 0 && !own ? sentence : varied(sentence, label, chance))
  }
  return [...made].map((one) => ({ text: one, command: label, dev }))
}

function withVerb(text: string, { forms }: Verb): string {
  return text.replace(/\{(do|does|did|done|doing)\}/g, (_, form: string) => forms[form]!)
}

/** A frame with one of each choice `[a|b]` and every slot filled. */
export function filled(frame: string, chance: Chance): string {
  return frame
    .replace(/\[([^\]]*)\]/g, (_, choices: string) => chance.pick(choices.split('|')))
    .replace(/\{([^}]+)\}/g, (_, name: string) => {
      const slot = slots[name]
      if (!slot) throw new Error(`There is no slot {${name}}: "${frame}"`)
      return slot(chance)
    })
}

/**
 * Removes duplicates: the same words under two labels teach nothing. Words of a command are no chatter, and the first label
 * keeps them.
 */
function withoutDoubles(sentences: Sentence[]): Sentence[] {
  const labels = new Map<string, string>()
  for (const { text, command } of sentences) {
    const key = text.toLowerCase()
    const before = labels.get(key)
    if (before === undefined || before === 'none') labels.set(key, command)
  }
  const seen = new Set<string>()
  return sentences.filter(({ text, command }) => {
    const key = text.toLowerCase()
    if (labels.get(key) !== command || seen.has(key)) return false
    seen.add(key)
    return true
  })
}
