import type { Big } from '../../base/amounts.ts'
import type { Refusal } from '../../base/refusal.ts'
import type { WantedLevel } from '../../trading/protection/protect.ts'
import type { Speed } from '../../trading/scaleouts/rules/scaleout-plan.ts'
import type { Given } from '../language/slots.ts'
import type { Amount } from './quantity.ts'
import type { Time } from './schedule/time-words.ts'

/** What was said to a command, each thing read once. What is wrong in itself is a refusal in its place. */
export interface SlotValues extends Amount {
  /** The words: a question keeps them, and sentences quote them. */
  words: Given
  /** As the market spells it. */
  symbol?: string | Refusal
  symbols?: (string | Refusal)[]
  /** Dollars, as all prices. */
  price?: Big | Refusal
  above?: Big | Refusal
  below?: Big | Refusal
  /** At what price a position that is replaced ended. */
  endedAt?: Big | Refusal
  /** What is paid for a new share. */
  cash?: Big | Refusal
  stop?: WantedLevel | Refusal
  target?: WantedLevel | Refusal
  speed?: Speed
  time?: Time
  deadline?: Time
  /** How much, as the answer to that question: a quantity or a share, and a limit if one was said with it. */
  part?: SlotValues | Refusal
}
