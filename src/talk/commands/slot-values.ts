import type { Big } from '../../base/amounts.ts'
import type { Refusal } from '../../base/refusal.ts'
import type { WantedLevel } from '../../trading/protection/wanted-level.ts'
import type { Speed } from '../../trading/scaleouts/rules/scaleout-plan.ts'
import type { Given } from '../language/slots.ts'
import type { Amount } from './quantity.ts'
import type { Time } from './schedule/time-words.ts'

/** The values of a command, each read once from its words. An invalid value is a refusal in its place. */
export interface SlotValues extends Amount {
  /** The words themselves: questions keep them, and replies quote them. */
  words: Given
  /** In the market's spelling. */
  symbol?: string | Refusal
  symbols?: (string | Refusal)[]
  /** In dollars, like all prices. */
  price?: Big | Refusal
  above?: Big | Refusal
  below?: Big | Refusal
  /** The price that an order waits for, from either side. */
  reach?: Big | Refusal
  /** The price at which a replaced position ended. */
  endedAt?: Big | Refusal
  /** The cash for a new share. */
  cash?: Big | Refusal
  stop?: WantedLevel | Refusal
  /** The levels that an order brings along for the position that it opens. */
  stopLoss?: WantedLevel | Refusal
  takeProfit?: WantedLevel | Refusal
  target?: WantedLevel | Refusal
  speed?: Speed
  /** The length of a scaleout in planned milliseconds. */
  length?: number
  /** The answer to the question for own terms of a scaleout, as slots. */
  terms?: Given | Refusal
  /** The count of a scaleout's chunks. */
  chunks?: number
  /** The price below (above) which a scaleout's chunks wait. */
  floor?: Big | Refusal
  cap?: Big | Refusal
  time?: Time
  deadline?: Time
  /** The answer to the question for an amount: a quantity or a share, and a limit if the answer has one. */
  part?: SlotValues | Refusal
}
