/** The reason of an exit: the strategy's wish, a level that was touched, a chunk of a scaleout, the end of the bars, or ruin. */
export type ExitReason = 'strategy' | 'stop' | 'target' | 'chunk' | 'end' | 'ruin'

/** Units that were opened by one fill and closed by another, first in, first out. */
export interface Trade {
  symbol: string
  side: 'long' | 'short'
  quantity: number
  entryDay: string
  exitDay: string
  /** Places of entry and exit on the timeline of the run. */
  entryAt: number
  exitAt: number
  /** Dollars a unit, slippage included. */
  entryPrice: number
  exitPrice: number
  /** Dollars of commission on both fills. */
  fees: number
  /** Dollars, commission taken off; interest on borrowed shares is not in it. */
  profit: number
  /** Profit by the cost of the entry. */
  returned: number
  reason: ExitReason
}
