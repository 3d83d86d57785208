import type { PredictionParts } from '../prediction/parts.ts'
import type { RunNotice } from '../strategies/runs/notices.ts'
import type { Notice } from '../trading/notice.ts'
import type { WatchNotice, WatchSentences } from '../watch/notices.ts'
import type { AgentNotice } from './notices.ts'

/** Makes the sentences of all notices, including those of agents. Pure. */
export type AgentWording = (notice: Notice | WatchNotice | RunNotice | AgentNotice) => WatchSentences

/** The parts of the desk with agents. */
export interface AgentParts extends PredictionParts {
  wording: AgentWording
}
