import type { Refusal } from '../../base/refusal.ts'
import type { RankedResult } from './rows/results.ts'
import type { BacktestReport } from './rules/report.ts'
import type { Run } from './rules/run.ts'

/** Hits that the message about an ended run lists. */
export const hitsShown = 10

/** The results with which the message about an ended run begins. */
export interface EndedRun {
  run: Run
  /** The first hits by rank, at most `hitsShown`. */
  hits: RankedResult[]
  /** The nearest misses, when nothing passed. */
  nearest: RankedResult[]
  /** Data that was lacking, with the number of symbols that lacked it; the most frequent first. */
  lacking: { what: string; symbols: number }[]
  /** The reasons why symbols were skipped, with their number; the most frequent first. */
  skipped: { reason: string; symbols: number }[]
  /** The market's name: `replay:daily`. */
  market: string
  /** The folder of its bars, as in `MARKET=replay:FOLDER`; undefined for other markets. */
  folder?: string
  /** Its prices are made up. */
  isSimulated: boolean
  /** The outcome of a backtest; absent for a screen, and for one that did not complete. */
  backtest?: EndedBacktest
}

/** The outcome of a backtest that has completed. */
export interface EndedBacktest {
  report: BacktestReport
  hasPicture: boolean
  /** The number of an earlier backtest of the same symbols that has completed, to compare it with. */
  earlier?: number
}

/** Notices about strategy runs. */
export type RunNotice =
  /** The message that follows the run. Position 0 starts now. */
  | { kind: 'run.queued'; run: Run; position: number; expectedStart: Date; now: Date }
  /** An edit of that message. */
  | { kind: 'run.progress'; run: Run; hits: RankedResult[] }
  /** The same as one line, for places that cannot edit. */
  | { kind: 'run.line'; run: Run }
  /** A message of its own. */
  | ({ kind: 'run.ended' } & EndedRun)
  /** A direct message about a run that was told elsewhere. */
  | ({ kind: 'run.told' } & EndedRun)
  /** The end of a run could not be told outside of chat, after so many attempts. `because` is a clause: `the webhook answered 503`. */
  | { kind: 'run.untold'; run: Run; by: 'email' | 'webhook'; because: string; attempts: number }
  /** The mail with the code by which an address is confirmed. */
  | { kind: 'email.code'; code: string }
  /** That mail could not be sent. */
  | { kind: 'email.undelivered'; because: string }
  /** All runs of a sweep have ended; in the order of the values. */
  | { kind: 'sweep.ended'; parameter: string; runs: { run: Run; best: RankedResult[] }[] }
  /** A schedule was due, and its run was refused. */
  | { kind: 'schedule.refused'; number: number; strategy: string; templateName?: string; refusal: Refusal }
