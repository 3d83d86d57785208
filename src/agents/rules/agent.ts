import type { Heard } from '../../backtest/engine/port.ts'
import type { Big } from '../../base/amounts.ts'
import type { AgentState, DecisionState } from '../../infra/db/agent-tables.ts'
import type { Reason } from './checks/state.ts'
import type { Check } from './checks.ts'

/** A strategy that trades by itself. */
export interface Agent {
  /** Its number, as people say it. */
  id: number
  memberId: number
  accountId: number
  /** Where it is told. */
  conversationId: number
  name: string
  /** A strategy of the backtests, and its parameters. */
  strategy: string
  parameters: Record<string, unknown>
  symbols: string[]
  /** The most of the account's equity in a symbol, as a share of one. */
  size: Big
  state: AgentState
  pausedAt?: Date
  /** Why its backtest was not played yet. */
  because?: string
  backtest?: AgentBacktest
  /** The last day after whose close it has decided, or which it has missed: `2017-01-04`. Absent before paper. */
  lastDay?: string
  /** A check has halted it, and no owner has resumed it yet. */
  halt?: { at: Date; by: Reason }
  /** The account's equity in dollars: the highest, and that from which the loss of the day counts. Absent before the first close. */
  peak?: Big
  opening?: Big
  /** Dollars that recorded positions had brought into the account when these were noted. */
  brought?: Big
  /** Looks in a row at which the market did not answer. */
  failures: number
  madeAt: Date
}

/** The figures of the backtest that an agent begins with. */
export interface AgentBacktest {
  from: string
  to: string
  days: number
  trades: number
  /** Percent; null where the figure does not exist. */
  returnPct: number | null
  heldReturnPct: number | null
  maxDrawdownPct: number | null
  sharpe: number | null
  winRatePct: number | null
  /** Sentences about data that was lacking. */
  lacking: string[]
}

/** A wish of a strategy after a close. */
export type AgentWish = Pick<Heard, 'does' | 'what'>

/** The orders that follow from the wishes after a close: the exit goes first. */
export interface Plan {
  /** Units; absent without an exit. `side` is that of the order. */
  exit?: { side: 'buy' | 'sell'; units: number }
  enter?: {
    side: 'buy' | 'sell'
    /** Whole units; absent: as many as the agent's size pays for. */
    units?: number
    /** Distances from the entry as shares of it. */
    stopShare?: number
    targetShare?: number
  }
}

/** A check of a decision with its result. */
export interface DecisionCheck {
  code: string
  passes: boolean
  /** Absent of a check before an entry: that has figures, and is with the entry. */
  text?: string
}

/** An entry as the checks left it. */
export interface EntryChecked {
  /** Units that were wanted, and that may be ordered: fewer when only they pass, none when nothing does. */
  wanted: Big
  ordered: Big
  /** Every check of what was wanted, in the order in which they refuse. */
  checks: Check[]
}

/** The check for which fewer units were ordered than wanted, or none; undefined when all were. */
export function cutBy(entry: EntryChecked | undefined): Check | undefined {
  return entry?.ordered.lt(entry.wanted) ? entry.checks.find(({ passes }) => !passes) : undefined
}

/** The quote at which a decision was carried out, in dollars. */
export interface DecisionPrices {
  bid: string
  ask: string
  last: string
}

/** The decision of an agent about a symbol after the close of a day, and its outcome. */
export interface Decision {
  day: string
  symbol: string
  state: DecisionState
  code?: string
  because?: string
  /** Absent where the strategy was not asked. */
  wishes?: AgentWish[]
  plan?: Plan
  /** Signed units held at the close, dollars of equity, and the close in dollars a unit. */
  quantity: Big
  equity: Big
  close?: Big
  /** Its state as numbers by name. */
  numbers: Record<string, number>
  featuresHash?: string
  modelHash?: string
  checks: DecisionCheck[]
  /** Absent where no entry came as far as its checks. */
  entry?: EntryChecked
  prices?: DecisionPrices
  decidedAt: Date
}

/** The id of the order of a decision: the same decision is the same order. */
export const orderIdOf = (agentId: number, { day, symbol }: Pick<Decision, 'day' | 'symbol'>, leg: 'exit' | 'enter') =>
  `agent-${agentId}-${day}-${symbol}${leg === 'exit' ? '-exit' : ''}`

/** The orders of an agent begin so. */
export const orderPrefixOf = (agentId: number): string => `agent-${agentId}-`
