import { type Big, sum, zero } from '../../../base/amounts.ts'

/** The record of an account's closed trades; amounts in dollars, after commissions. */
export interface TrackRecord {
  /** Closed trades: `won` with a profit, `lost` with a loss, and the rest with neither. */
  trades: number
  won: number
  lost: number
  realized: Big
  /** Trades won over all trades, 0 to 1; undefined without a trade. */
  winRate: Big | undefined
  /** Mean profit of a trade that was won, and mean loss (negative) of one that was lost; undefined without any. */
  averageWin: Big | undefined
  averageLoss: Big | undefined
  /** All profits over all losses (gross profit over gross loss, as in Pardo, 2008); undefined without a loss. */
  profitFactor: Big | undefined
  /** Deepest fall of the summed P&L from an earlier high, zero or more. */
  deepestFall: Big
}

/** The track record of trades, from their realized P&L in the order in which they closed. */
export function trackRecord(realized: Big[]): TrackRecord {
  const wins = realized.filter((one) => one.gt(0))
  const losses = realized.filter((one) => one.lt(0))
  const [gained, lost] = [sum(wins), sum(losses)]
  let total = zero
  return {
    trades: realized.length,
    won: wins.length,
    lost: losses.length,
    realized: gained.plus(lost),
    winRate: realized.length > 0 ? zero.plus(wins.length).div(realized.length) : undefined,
    averageWin: wins.length > 0 ? gained.div(wins.length) : undefined,
    averageLoss: losses.length > 0 ? lost.div(losses.length) : undefined,
    profitFactor: losses.length > 0 ? gained.div(lost.neg()) : undefined,
    deepestFall: deepestFall(
      realized.map((one) => {
        total = total.plus(one)
        return total
      }),
    ),
  }
}

/**
 * The maximum drawdown: the largest fall of a course of P&L, in dollars, from an earlier high. The course begins at zero
 * (Magdon-Ismail and Atiya, "Maximum drawdown", Risk 17, 2004).
 */
export function deepestFall(course: Big[]): Big {
  let [high, deepest] = [zero, zero]
  for (const total of course) {
    if (total.gt(high)) high = total
    if (high.minus(total).gt(deepest)) deepest = high.minus(total)
  }
  return deepest
}
