import { barsNeeded, decayingWeights, leastSigma } from '../history.ts'
import type { Part } from '../part.ts'

const tradingDays = 252
/** The bars of a long run: the returns of a year. */
const longRun = 252
const weights = decayingWeights(0.94, barsNeeded)

/**
 * Logs of volatilities: that of .94 a year; its ratio to that of .985, and the ratio of this one to the year's; and Parkinson's
 * (1980), from highs and lows with weights of .94, over the first.
 */
export const volatilityPart: Part = {
  names: ['volatility', 'volatility_to_slow', 'volatility_slow_to_year', 'parkinson_to_volatility'],
  write({ returns, sigma, slowSigma, logHigh, logLow }, bar, row, at) {
    let squares = 0
    for (let on = bar - longRun + 1; on <= bar; on++) squares += returns[on]! ** 2
    const year = Math.max(leastSigma, Math.sqrt(squares / longRun))
    let ranges = 0
    for (let ago = 0; ago < barsNeeded; ago++) ranges += weights[ago]! * (logHigh[bar - ago]! - logLow[bar - ago]!) ** 2
    const parkinson = Math.max(leastSigma, Math.sqrt(ranges / (4 * Math.LN2)))
    row[at] = Math.log(sigma[bar]! * Math.sqrt(tradingDays))
    row[at + 1] = Math.log(sigma[bar]! / slowSigma[bar]!)
    row[at + 2] = Math.log(slowSigma[bar]! / year)
    row[at + 3] = Math.log(parkinson / sigma[bar]!)
  },
}
