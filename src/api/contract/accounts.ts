import { z } from 'zod'
import { row } from './row.ts'
import { amount, id, inAccount, inMoney, moment, page } from './shapes.ts'

const halt = z.object({ since: moment, because: z.string() })

/** The balance of a linked account in dollars, as its broker told it. */
const brokerBalance = z
  .object({ cash: amount, equity: amount.nullable(), buyingPower: amount.nullable(), at: moment })
  .nullable()
  .meta({ description: 'As the broker of a linked account told it; null for others, and until it has' })

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
  broker: brokerBalance,
  dayPnl: amount.nullable(),
  openPositions: z.int(),
  /** Set while the account is halted: nothing opens or adds. */
  halt: halt.nullable(),
})

export const figures = z.object({
  account: id.nullable().meta({ description: 'Null while the member has no account' }),
  equity: amount.meta({
    description:
      'Dollars: starting balance and all P&L, open positions at their marks; of a linked account as its broker told it',
  }),
  cash: amount,
  broker: brokerBalance,
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

/** The money that an account could spend now, in dollars. */
export const accountBalance = z.object({
  account: id.nullable().meta({ description: 'Null while the member has no account' }),
  ...inMoney,
  currency: z.string(),
  available_cash: amount.meta({ description: 'Cash that new orders may take, without a loan of the broker' }),
  cash: amount,
  equity: amount,
  buying_power: amount.nullable().meta({ description: 'With the loan of a broker, where it says so' }),
  told_by: z.string().meta({ description: 'The broker that told it, or `desk`' }),
  as_of: moment,
})

const gap = z.object({
  symbol: z.string(),
  ledger: amount.meta({ description: 'Signed units of the desk; negative when short' }),
  venue: amount.meta({ description: 'Signed units that the broker shows' }),
  gap: amount.meta({ description: 'Units that the broker shows more (negative: fewer), and nothing explains' }),
  state: z.enum(['seen', 'open', 'ignored', 'ended']),
  /** Levels wait, because the units look like those after a split. */
  levelsWait: z.boolean(),
  seenAt: moment,
  endedAt: moment.nullable(),
  explainedBy: z.string().nullable(),
})

export const books = z.object({
  account: id.nullable(),
  /** False for the desk's own accounts: their books are the only ones. */
  isLinked: z.boolean(),
  lookedAt: moment.nullable().meta({ description: 'The last look that got through; null before the first' }),
  failed: z.object({ at: moment, because: z.string() }).nullable(),
  agree: z.boolean(),
  gaps: z.array(gap),
  /** Differences of the last day that are over. */
  ended: z.array(gap),
  external: z.array(z.object({ symbol: z.string(), quantity: amount, since: moment })),
  inDoubt: z.array(z.object({ order: id, symbol: z.string(), sentAt: moment, timesAsked: z.int() })),
  actions: z.array(
    z.object({
      kind: z.enum(['split', 'symbol', 'dividend', 'cash_in_lieu', 'other']),
      symbol: z.string(),
      newSymbol: z.string().nullable(),
      cash: amount.nullable(),
      state: z.enum(['waiting', 'applied', 'noted']),
      at: moment,
    }),
  ),
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
  accountBalance: row({
    method: 'GET',
    path: '/api/v1/account/balance',
    summary: 'The money of an account: as its broker told it, or of the desk’s books',
    needs: 'reads',
    query: z.strictObject(inAccount),
    answer: accountBalance,
  }),
  books: row({
    method: 'GET',
    path: '/api/books',
    summary: "A linked account's books beside its broker's, as of the last look",
    needs: 'reads',
    query: z.strictObject(inAccount),
    answer: books,
  }),
}

export type Account = z.infer<typeof account>
export type Books = z.infer<typeof books>
export type Figures = z.infer<typeof figures>
