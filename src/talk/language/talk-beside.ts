import { clausesOf, turnsAround } from './clauses.ts'
import type { IntentPredictor } from './intent-model.ts'
import { type Talk, talkIn } from './talk.ts'

/** Commands that record what was done. */
const recording = new Set(['long', 'short', 'add'])
/** The most confidence of a command beside talk. */
export const besideTalk = 0.9

/** The least confidence of a model in a command beside talk. It learned what talk is, so these words alone decide little. */
export function sureOf(talk: Talk, command: string, isMoney = true): number {
  // A saying beside a question to the desk: `should i hang on to my bynd or sell it`.
  if (talk === 'saying' && !isMoney) return 0.97
  // `averaged down again lol, 700 more at .58`
  if (talk === 'joke' && recording.has(command)) return 0.9
  if (talk === 'joke' || talk === 'saying' || talk === 'told') return Number.POSITIVE_INFINITY
  if (talk === 'past' && recording.has(command)) return 0.5
  return talk === 'negated' ? 0.95 : 0.75
}
/** The least confidence of a model in a clause that stands beside talk. */
export const sureBesideTalk = 0.8

/**
 * Finds talk in a text. If the model is sure of the command, in the text and in one of its clauses, only that clause counts,
 * because the rest may be a remark: `feed it out slowly, don't spook the book`, `bynd is trash, unwatch it`.
 */
export async function talkOf(
  model: IntentPredictor,
  text: string,
  command: string,
  confidence: number,
): Promise<Talk | undefined> {
  const talk = talkIn(text)
  if (talk === undefined || talk === 'joke' || talk === 'told' || confidence < sureBesideTalk) return talk
  const clauses = clausesOf(text)
  if (clauses.length < 2 || clauses.some(turnsAround)) return talk
  for (const clause of clauses) {
    const predicted = await model.predict(clause)
    const guess = predicted.nearest ?? predicted
    if (guess.command === command && guess.confidence >= sureBesideTalk && talkIn(clause) === undefined)
      return undefined
  }
  return talk
}

/** Commands for which a negation is a plain word: `i don't want to hear of it`. */
export const silencing = new Set(['mute', 'unmute', 'alerts', 'quiet', 'notify', 'unwatch', 'guardian', 'confirm'])

/** Commands about the desk itself: `what can you do`, `why did you sell`. */
export const aboutDesk = new Set([
  'help',
  'why',
  'advise',
  'tasks',
  'timezone',
  'accounts',
  'notify',
  'guardian',
  'limits',
])
