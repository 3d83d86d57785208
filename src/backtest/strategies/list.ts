import type { BacktestStrategy } from '../engine/port.ts'
import { bracket } from './bracket.ts'
import { breakout } from './breakout.ts'
import { buyAndHold } from './buy-and-hold.ts'
import { policy } from './policy/policy.ts'
import { smaCross } from './sma-cross.ts'

/** All strategies, each a file of this folder. */
export const backtestStrategies = [
  ...[smaCross, buyAndHold, bracket, breakout, policy],
] as unknown as readonly BacktestStrategy[]

/** The strategy of a name or alias, in any letter case and with `_` or a space for `-`. */
export function backtestStrategyNamed(name: string): BacktestStrategy | undefined {
  const plain = name.toLowerCase().replaceAll(/[\s_]+/g, '-')
  return backtestStrategies.find((one) => one.name === plain || one.aliases.includes(plain))
}
