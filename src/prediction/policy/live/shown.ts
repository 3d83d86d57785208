import { daysBetween } from '../../../strategies/engine/bars/days.ts'
import { type Coverage, coverageOf } from '../../forecaster/live/rows.ts'
import { lastDay } from '../../forecaster/live/shown.ts'
import { type OffReason, policyName, stateOf } from '../../forecaster/live/state.ts'
import type { SignalParts } from '../../parts.ts'
import type { PolicyCard } from '../card.ts'

/** The policy as it is shown to people and programs. */
export interface PolicyShown {
  name: typeof policyName
  /** The reason why its files are refused; then it has no card. */
  refused?: string
  card?: PolicyCard
  off?: OffReason
  /** Calendar days from its last bar to the market's last day; negative when the market plays earlier days. */
  ageDays?: number
  /** How often its 90% range of a day held. */
  coverage: Coverage[]
  market: string
}

/** The policy beside what was shown of it. */
export async function policyShown(parts: SignalParts): Promise<PolicyShown> {
  const market = parts.runs.bars.name
  const model = parts.policy.open()
  if (typeof model === 'string')
    return { name: policyName, refused: model.replace(/ in \S+ is refused/, ' is refused'), coverage: [], market }
  const { card } = model
  const [off, coverage, day] = await Promise.all([
    stateOf(parts.db, card.hash, policyName),
    coverageOf(parts.db, card.hash, market),
    lastDay(parts),
  ])
  const ageDays = day === undefined ? undefined : daysBetween(card.trainedTo, day)
  return { name: policyName, card, coverage, market, ...(off && { off }), ...(ageDays !== undefined && { ageDays }) }
}
