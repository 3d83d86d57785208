import type { Big } from '../base/amounts.ts'
import type { Difference } from './decisions/decide.ts'
import type { Agent, AgentBacktest, Decision } from './rules/agent.ts'

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
  /** Its order was not placed. */
  | { kind: 'agent.rejected'; agent: Agent; decision: Decision; code: string; because: string }
