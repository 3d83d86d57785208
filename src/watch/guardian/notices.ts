import type { Big } from '../../base/amounts.ts'
import type { Refusal } from '../../base/refusal.ts'
import type { WatchEvent } from '../../trading/events/rules/watch-event.ts'
import type { Decision } from './decisions.ts'
import type { GuardianAction } from './guardian-rules.ts'

/** A trailing stop: its level, and its distance as a share of the price. */
interface Trailing {
  symbol: string
  stop: Big
  share: Big
}

/** A notice of the guardian. */
export type GuardianNotice =
  /** The event, the proposal and the question. */
  | { kind: 'guardian.proposed'; event: WatchEvent; decision: Decision }
  /** The event, and the action that the guardian took without asking (`decision.outcome`). */
  | { kind: 'guardian.acted'; event: WatchEvent; decision: Decision }
  /** The question alone, to show it again. */
  | { kind: 'guardian.asked'; decision: Decision }
  /** A member chose to do nothing. */
  | { kind: 'guardian.held'; symbol: string }
  /** A member chose to let the stop trail. */
  | ({ kind: 'guardian.trailed' } & Trailing)
  /** The desk was down and did not execute the choice. */
  | { kind: 'guardian.missed'; symbol: string; chosen?: GuardianAction }
  /** The member's choice was refused. */
  | { kind: 'guardian.refused'; refusal: Refusal }
  /** A member took the advice to hold with a trailing stop. */
  | ({ kind: 'advice.trailed' } & Trailing)
  /** The same choice, when the stop already trails by this share or less, or by dollars that are. */
  | ({ kind: 'advice.held'; dollars?: Big } & Trailing)
