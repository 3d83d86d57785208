import { Big } from '../../../base/amounts.ts'

/** From where on something about a position is worth an event. Shares of one, where nothing else is said. */
export interface Thresholds {
  /** Distance from the price to the stop, over the price. */
  stop: Big
  /** Distance from the price to the target, over the price. */
  target: Big
  /** Unrealized returns, rising. */
  milestones: Big[]
  /** Hours that a position may be open. */
  decayHours: number
  /** Mean pairwise correlation of what an account holds. */
  correlation: number
  /** Realized volatility over its own mean: 2 is twice as much. */
  volatility: number
  /** What an account may lose in a day, over its equity at the day's start. */
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
