import type { AgentNotice } from '../../agents/notices.ts'
import { Refusal } from '../../base/refusal.ts'
import type { RunNotice } from '../../strategies/runs/notices.ts'
import type { Notice, QueuedNotice } from '../../trading/notice.ts'
import type { WatchNotice, WatchSentences } from '../../watch/notices.ts'
import type { Reply } from '../chat/reply.ts'
import { accountWording } from './accounts.ts'
import { agentWording } from './agents/agents.ts'
import { alertWording } from './alerts.ts'
import { corporateActionWording } from './corporate-actions.ts'
import { eventWording } from './events.ts'
import { guardianWording } from './guardian.ts'
import { orderWording } from './orders.ts'
import { positionWording } from './positions.ts'
import { priceAlertWording } from './price-alerts.ts'
import { protectionWording } from './protection.ts'
import { reconcileWording } from './reconcile.ts'
import { scaleoutWording } from './scaleouts.ts'
import { scheduleWording } from './schedule.ts'
import { runWording } from './strategies/runs.ts'
import { toneOf } from './tones.ts'
import type { WordingOf } from './wording-of.ts'

const makers: WordingOf<AnyNotice> = {
  ...accountWording,
  ...agentWording,
  ...alertWording,
  ...corporateActionWording,
  ...eventWording,
  ...guardianWording,
  ...orderWording,
  ...positionWording,
  ...priceAlertWording,
  ...protectionWording,
  ...reconcileWording,
  ...scaleoutWording,
  ...scheduleWording,
  ...runWording,
}

/** A notice of any room. */
type AnyNotice = Notice | WatchNotice | RunNotice | AgentNotice

/** Makes the sentences of a notice, the same for every door. */
export function wording(notice: AnyNotice): WatchSentences {
  const made = makers[notice.kind](notice as never)
  const said = typeof made === 'string' ? { text: made } : made
  const tone = toneOf(notice)
  const ofMember = ofMemberIn(notice)
  return { ...said, ...(tone && { tone }), ...(ofMember && { ofMember }) }
}

/** Does the message name the member whose account it is about? One about a scaleout is read, and changed, long after it was asked for. */
function ofMemberIn({ kind }: AnyNotice): WatchSentences['ofMember'] {
  if (kind.startsWith('scaleout')) return 'always'
  return /^(order|close|closing|protection|agent)\./.test(kind) ? 'later' : undefined
}

/** Converts queued notices into the replies to the member who asked. */
export function repliesOf(notices: QueuedNotice<AnyNotice>[]): Reply[] {
  return notices.map(({ notice, row }) => ({ ...wording(notice), ...(row !== undefined && { row }) }))
}

/** Converts the result of an act into replies, or passes its refusal on. */
export async function repliesTo(done: Promise<QueuedNotice<AnyNotice>[] | Refusal>): Promise<Reply[] | Refusal> {
  const told = await done
  return told instanceof Refusal ? told : repliesOf(told)
}
