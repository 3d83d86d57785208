import type { Big } from '../../base/amounts.ts'
import type { Decision } from './decisions.ts'
import type { GuardianAction } from './guardian-rules.ts'

/** One option for the member. `amount` is the share of the price to trail by, or of the position to trim. */
export interface Offer {
  action: GuardianAction
  amount?: Big
}

/** Lists the options: always EXIT and HOLD, TRAIL_STOP when a stop can trail, and TRIM when it is proposed. */
export function offersOf({ action, amount, trail }: Pick<Decision, 'action' | 'amount' | 'trail'>): Offer[] {
  const offers: Offer[] = [{ action: 'EXIT' }]
  if (action === 'TRIM' && amount) offers.push({ action, amount })
  if (trail) offers.push({ action: 'TRAIL_STOP', amount: trail })
  return [...offers, { action: 'HOLD' }]
}

/** The id of a decision's question. An event has one decision, so putting its question twice gives one question. */
export const questionIdOf = ({ eventId }: Pick<Decision, 'eventId'>) => `guardian-${eventId}`
