import type { Big } from '../../base/amounts.ts'
import type { Refusal } from '../../base/refusal.ts'
import type { WatchEvent } from '../../trading/events/rules/watch-event.ts'
import type { Decision } from './decisions.ts'
import type { GuardianAction } from './guardian-rules.ts'

/** A stop that follows the price of a position: where it is, and the share of the price that it keeps. */
interface Trailing {
  symbol: string
  stop: Big
  share: Big
}

/** What the guardian tells. */
export type GuardianNotice =
  /** What was seen, what is proposed, and the question. */
  | { kind: 'guardian.proposed'; event: WatchEvent; decision: Decision }
  /** What was seen, and what was done about it without asking: `decision.outcome`. */
  | { kind: 'guardian.acted'; event: WatchEvent; decision: Decision }
  /** The question alone, for whoever asks what was asked. */
  | { kind: 'guardian.asked'; decision: Decision }
  /** A member chose to do nothing. */
  | { kind: 'guardian.held'; symbol: string }
  /** A member chose to let the stop trail. */
  | ({ kind: 'guardian.trailed' } & Trailing)
  /** The desk was down when a member chose. */
  | { kind: 'guardian.missed'; symbol: string; chosen?: GuardianAction }
  /** What a member chose could not be done. */
  | { kind: 'guardian.refused'; refusal: Refusal }
  /** A member holds with a stop that follows, after advice. */
  | ({ kind: 'advice.trailed' } & Trailing)
  /** The same where the stop trails by as little already. */
  | ({ kind: 'advice.held' } & Trailing)
