import { Big } from '../../../base/amounts.ts'

/** The thresholds at which a change of a position or account is worth an event. Shares of one unless stated otherwise. */
export interface Thresholds {
  /** Distance from the price to the stop, over the price. */
  stop: Big
  /** Distance from the price to the target, over the price. */
  target: Big
  /** Unrealized returns, in rising order. */
  milestones: Big[]
  /** Hours that a position may stay open. */
  decayHours: number
  /** Mean pairwise correlation of the positions of an account. */
  correlation: number
  /** Realized volatility over its own mean; 2 means twice the mean. */
  volatility: number
  /** Loss limit of a day, over the equity at the day's start. */
  dayLoss: Big
}

export const defaultThresholds: Thresholds = {
  stop: new Big('0.02'),
  target: new Big('0.05'),
  milestones: ['0.05', '0.1', '0.2', '0.5', '1'].map((share) => new Big(share)),
  decayHours: 72,
  correlation: 0.8,
  volatility: 2,
  dayLoss: new Big('0.05'),
}
