import type { Big } from '../base/amounts.ts'
import type { Difference } from './decisions/decide.ts'
import type { Agent, AgentBacktest, Decision } from './rules/agent.ts'
import type { Reason } from './rules/checks/state.ts'

/** Notices about agents. */
export type AgentNotice =
  /** Its backtest is done, and it trades paper from now on. `caution` is a sentence. */
  | { kind: 'agent.begins'; agent: Agent; backtest: AgentBacktest; caution?: string }
  /** Its backtest cannot be played. `because` is a sentence. */
  | { kind: 'agent.waits'; agent: Agent; because: string }
  /** The line of a day: what it decided after the close. `dayBefore` is the equity at the close before; dollars. */
  | {
      kind: 'agent.day'
      agent: Agent
      day: string
      decisions: Decision[]
      equity: Big
      dayBefore?: Big
      realized: Big
      orders: number
      /** Days before it that were over before it could decide. */
      missed: string[]
      differences: (Difference & { symbol: string })[]
    }
  /** Its order was not placed. Without a sentence a check before the entry has refused it, and the decision has the figures. */
  | { kind: 'agent.rejected'; agent: Agent; decision: Decision; code: string; because?: string }
  /** Fewer units were ordered than wanted: the largest size that passes all checks. */
  | { kind: 'agent.cut'; agent: Agent; decision: Decision }
  /** A check has halted it: it opens nothing until an owner resumes it. */
  | { kind: 'agent.halted'; agent: Agent; by: Reason }
