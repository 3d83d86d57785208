import { Refusal } from '../../base/refusal.ts'
import type { CorporateAction, WantedAction } from './rows/corporate-actions.ts'
import { titleOf } from './rules/describe.ts'

/** The refusal when another action was done after the requester looked. */
export function doneMeanwhile({ symbol }: WantedAction): Refusal {
  const sentence = `${symbol} is not what it was a moment ago: somebody else was faster. Nothing was done.`
  return new Refusal('ACTION_DONE_MEANWHILE', sentence, 'Look at `positions`, and say it again if you still mean it')
}

/** The refusal when another action of the symbol is unfinished. */
export function anotherOne(action: CorporateAction): Refusal {
  const sentence = `Another one is under way: ${titleOf(action)}. Nothing was done.`
  return new Refusal('ACTION_UNDER_WAY', sentence, 'Wait until it is done')
}

/** The refusal of a whole action, with its stored reason. */
export function refusalOf(action: CorporateAction): Refusal {
  const sentence = `NOT DONE: ${titleOf(action)}. Nothing was changed.\n${action.because ?? ''}`
  return new Refusal('ACTION_REFUSED', sentence, 'Orders that were taken back for it are placed again as they were')
}
