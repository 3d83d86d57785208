import type { Mailer } from '../infra/mail/mailer.ts'
import type { Notice } from '../trading/notice.ts'
import type { WatchNotice, WatchSentences } from '../watch/notices.ts'
import type { WatchParts } from '../watch/parts.ts'
import type { BarSource } from './engine/bar-source.ts'
import type { RunKind } from './runs/kind.ts'
import type { RunNotice } from './runs/notices.ts'
import type { TargetRules } from './runs/notify/targets.ts'
import type { Resources } from './runs/perform/resources.ts'
import type { RunKindName } from './runs/rules/run.ts'

/** Makes the sentences of all notices, including those of the watch and of strategy runs. Pure. */
export type StrategyWording = (notice: Notice | WatchNotice | RunNotice) => WatchSentences

/** The bounds of strategy runs, and what they go over. */
export interface RunParts {
  /** All kinds of runs. */
  kinds: Record<RunKindName, RunKind>
  /** Finished daily bars of the desk's market. */
  bars: BarSource
  /** The folder of the bars, as in `MARKET=replay:FOLDER`; undefined for other markets. */
  folder?: string
  /** The prices are made up. */
  isSimulated: boolean
  /** Runs at once, over all processes. */
  places: number
  /** Runs that may wait. */
  mostWaiting: number
  /** The longest work of a run in milliseconds. */
  longestMs: number
  /** The folder with the lists of `universe_source file`. */
  universes: string
  /** Sends mail; undefined where the desk has no mail server. */
  mailer?: Mailer
  /** The webhooks that may be called when a run ends. */
  targets: TargetRules
  /** Reads what this machine has left. */
  resources: () => Promise<Resources>
}

/** The parts of the desk with strategy runs. */
export interface StrategyParts extends WatchParts {
  wording: StrategyWording
  runs: RunParts
}
