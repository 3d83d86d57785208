import type { Question } from '../talk/chat/reply.ts'
import type { Notice, Sentences } from '../trading/notice.ts'
import type { AlertNotice } from './alerts/notices.ts'
import type { GuardianNotice } from './guardian/notices.ts'

/** Something that the watch tells, as facts. */
export type WatchNotice = AlertNotice | GuardianNotice

/** The sentences of a notice that may ask. */
export interface Asking extends Sentences {
  question?: Question
}

/** Makes the sentences of notices, those of the watch included. Pure. */
export type WatchWording = (notice: Notice | WatchNotice) => Asking
