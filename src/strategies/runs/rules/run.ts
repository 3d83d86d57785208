import type { RunState } from './run-state.ts'

export type Priority = 'low' | 'normal' | 'high'
export const priorities: readonly Priority[] = ['high', 'normal', 'low']

/** The way in by which a run was asked for. */
export type RunOrigin = 'chat' | 'api' | 'schedule'

/** A screen goes over many symbols and ranks them; a backtest plays a strategy over recorded bars. */
export type RunKindName = 'screen' | 'backtest'

/** A run of a strategy, as its row says. Times are of the database; `undefined`: not yet, or none. */
export interface Run {
  id: number
  /** Its name for programs, a UUID. */
  runId: string
  memberId: number
  /** Its number among the runs of its member. */
  number: number
  /** The account whose positions or watchlist it goes over, and for which its buttons act. */
  accountId?: number
  conversationId?: number
  requestId: string
  origin: RunOrigin
  kind: RunKindName
  strategy: string
  /** Parsed, with the defaults filled in. */
  parameters: Record<string, unknown>
  templateName?: string
  scheduleId?: number
  sweepId?: number
  priority: Priority
  state: RunState
  /** The last finished day that it goes by: `2014-01-10`. */
  asOf?: string
  /** Symbols of its universe that the market does not know. */
  leftOut: number
  /** The first few of them. */
  unknown: string[]
  /** The market whose bars it uses, once it has begun: `replay:daily`. */
  market?: string
  /** When a schedule was due that started it late, with the zone of the schedule. */
  due?: { at: Date; zone: string }
  stage?: string
  /** Symbols that the present stage has done, and those that it goes over. */
  stageDone: number
  stageOf?: number
  /** 0 to 100. */
  progressPercent: number
  currentItem?: string
  totalItems?: number
  completedItems: number
  passedCount: number
  skippedCount: number
  errorCount: number
  tickersPerSecond?: number
  /** A plain sentence on the present state. */
  message: string
  attempt: number
  /** Milliseconds of work, over all attempts, without the time in the queue. */
  workedMs: number
  timeLimitMs: number
  /** The outbox row of the message that follows it. */
  postRow?: number
  notify: string[]
  errorCode?: string
  error?: string
  askedAt: Date
  startedAt?: Date
  endedAt?: Date
  /** The last written change. */
  updatedAt: Date
}

/** The name of a strategy as people read it: `bullish breakout`. */
export function spokenStrategy(strategy: string): string {
  return strategy.replaceAll(/[_-]/g, ' ')
}
