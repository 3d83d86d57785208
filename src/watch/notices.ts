import type { Question } from '../talk/chat/reply.ts'
import type { Notice, Sentences } from '../trading/notice.ts'
import type { AlertNotice } from './alerts/notices.ts'
import type { GuardianNotice } from './guardian/notices.ts'

/** A notice of the watch. */
export type WatchNotice = AlertNotice | GuardianNotice

/** The sentences of a notice, with its question if it asks one. */
export interface WatchSentences extends Sentences {
  question?: Question
}

/** Makes the sentences of all notices, including those of the watch. Pure. */
export type WatchWording = (notice: Notice | WatchNotice) => WatchSentences
