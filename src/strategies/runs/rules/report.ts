/** Figures of a curve beside each other: the strategy, and its symbols bought and held. Percentages are of a hundred; null: it does not exist. */
export interface CurveFigures {
  returnPct: number | null
  annualReturnPct: number | null
  maxDrawdownPct: number | null
  sharpe: number | null
}

/** The figures of a backtest, by the conventions that `docs/backtest.md` names. */
export interface ReportFigures extends CurveFigures {
  trades: number
  finalEquity: number
  annualVolatilityPct: number | null
  cagrPct: number | null
  sortino: number | null
  calmar: number | null
  maxDrawdownDays: number | null
  avgDrawdownPct: number | null
  winRatePct: number | null
  bestTradePct: number | null
  worstTradePct: number | null
  avgTradePct: number | null
  avgTradeDays: number | null
  profitFactor: number | null
  expectancyPct: number | null
  sqn: number | null
  exposurePct: number | null
  alphaPct: number | null
  beta: number | null
  /** Dollars of commission, and of interest on borrowed shares. */
  fees: number
  borrowed: number
}

/** The outcome of a backtest, without its curves and its trades. */
export interface BacktestReport {
  symbols: string[]
  /** The first and the last day of the run, and how many it had. */
  from: string
  to: string
  days: number
  /** The day after whose close the first decision was made; undefined when there was none. */
  firstDecision?: string
  /** Dollars. */
  cash: number
  figures: ReportFigures
  held: CurveFigures
  /** Orders that were not carried out, by the code of their refusal. */
  refused: Record<string, number>
  /** The day on which nothing was left. */
  ruinedOn?: string
  /** Faults of the bars, in words, with their symbol. */
  lacking: string[]
  /** Some values of equity over the run, in dollars, the first and the last among them: its course for a place without pictures. */
  course: number[]
}

/** A value for each day of a backtest. */
export interface Curves {
  days: string[]
  /** Dollars. */
  equity: number[]
  /** The same cash in equal parts of all symbols, held from the close before the first decision. */
  held: number[]
  /** Below the highest equity so far, in percent: 0 or negative. */
  drawdownPct: number[]
}

/** Units that were opened by one fill and closed by another. Prices and profit are in dollars, from floats: a simulation, no ledger. */
export interface SimulatedTrade {
  symbol: string
  side: 'long' | 'short'
  quantity: number
  entryDay: string
  exitDay: string
  entryPrice: number
  exitPrice: number
  fees: number
  profit: number
  /** Profit by the cost of the entry: .05 is 5%. */
  returned: number
  reason: 'strategy' | 'stop' | 'target' | 'chunk' | 'end' | 'ruin'
}

/** A trade with its number in its run, from 1. */
export type NumberedTrade = SimulatedTrade & { number: number }
