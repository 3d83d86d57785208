import { z } from 'zod'
import { row } from './row.ts'
import { amount, id, inAccount, inMoney, moment, page } from './shapes.ts'

const halt = z.object({ since: moment, because: z.string() })

export const account = z.object({
  id,
  name: z.string(),
  kind: z.enum(['paper', 'live', 'backtest']),
  role: z.enum(['viewer', 'trader', 'owner']).meta({ description: 'The role of the caller in it' }),
  ...inMoney,
  venue: z.string(),
  currency: z.string(),
  startingBalance: amount,
  /** Absent prices are left out of both; see `/api/figures`. */
  equity: amount,
  dayPnl: amount.nullable(),
  openPositions: z.int(),
  /** Set while the account is halted: nothing opens or adds. */
  halt: halt.nullable(),
})

export const figures = z.object({
  account: id.nullable().meta({ description: 'Null while the member has no account' }),
  equity: amount.meta({ description: 'Dollars: starting balance and all P&L, open positions at their marks' }),
  cash: amount,
  dayPnl: amount.nullable().meta({ description: 'Since midnight in New York; null when nobody looked then' }),
  openPnl: amount,
  realizedPnl: amount.meta({ description: 'Of all positions, after commissions' }),
  exposure: amount.meta({ description: 'Sum of the values of open positions, long and short, at their marks' }),
  netExposure: amount,
  openPositions: z.int(),
  running: z.object({ scaleouts: z.int(), orders: z.int(), scheduled: z.int() }),
  questions: z.int().meta({ description: 'Open questions of the guardian' }),
  halt: halt.nullable(),
  /** Symbols whose price is stale, and symbols without a price, which the sums leave out. */
  stale: z.array(z.string()),
  unpriced: z.array(z.string()),
  asOf: moment,
})

export const accountRows = {
  accounts: row({
    method: 'GET',
    path: '/api/accounts',
    summary: "The member's accounts; for a token, its own",
    needs: 'reads',
    answer: page(account),
  }),
  figures: row({
    method: 'GET',
    path: '/api/figures',
    summary: 'Equity, P&L and exposure of an account, and what runs in it',
    needs: 'reads',
    query: z.strictObject(inAccount),
    answer: figures,
  }),
}

export type Account = z.infer<typeof account>
export type Figures = z.infer<typeof figures>
