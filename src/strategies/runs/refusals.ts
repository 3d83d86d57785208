import { Refusal } from '../../base/refusal.ts'
import { type Run, spokenStrategy } from './rules/run.ts'

/** A text from outside as a sentence repeats it: short, on one line, and inside of its quotes. */
export const shown = (text: string): string => text.replace(/[`\p{Cc}]+/gu, ' ').slice(0, 40)

/** The refusal when the desk has no such strategy; `noun` says of what kind. */
export function unknownStrategy(named: string, names: readonly string[], noun = 'screener'): Refusal {
  return new Refusal(
    'UNKNOWN_STRATEGY',
    `There is no ${noun} \`${shown(named)}\`. Nothing was started.`,
    `There are ${names.join(', ')}`,
    { field: 'strategy' },
  )
}

/** The refusal of a high priority to a viewer. */
export function onlyTraders(): Refusal {
  const sentence = 'A run of high priority goes before those of others, and a viewer starts none. Nothing was started.'
  return new Refusal('NOT_ALLOWED', sentence, 'Leave the priority out')
}

/** The refusal when as many runs wait as may. */
export function queueFull(waiting: number, most: number): Refusal {
  const sentence = `${waiting} of ${most} runs wait already. Nothing was started.`
  return new Refusal('QUEUE_FULL', sentence, 'Try again when one has ended, or cancel one of yours')
}

/** The refusal when the member has no such run. */
export function noSuchRun(named: number | string): Refusal {
  return new Refusal('NO_SUCH_RUN', `You have no run ${shown(String(named))}.`, '`runs` lists yours')
}

const ended = { completed: 'has completed', cancelled: 'was cancelled', error: 'has ended with an error' }

/** The refusal when a run has ended before. */
export function runEnded(run: Run): Refusal {
  const how = ended[run.state as keyof typeof ended]
  const sentence = `Run ${run.number} (${spokenStrategy(run.strategy)}) ${how} already. Nothing was done.`
  return new Refusal('RUN_ENDED', sentence, `\`run ${run.number}\` shows it`)
}
