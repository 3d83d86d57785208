import type { BacktestStrategy } from '../engine/port.ts'
import { bracket } from './bracket.ts'
import { buyAndHold } from './buy-and-hold.ts'
import { smaCross } from './sma-cross.ts'

/** All strategies, each a file of this folder. */
export const backtestStrategies = [smaCross, buyAndHold, bracket] as unknown as readonly BacktestStrategy[]

/** The strategy of a name, in any letter case and with `_` for `-`. */
export function backtestStrategyNamed(name: string): BacktestStrategy | undefined {
  const plain = name.toLowerCase().replaceAll('_', '-')
  return backtestStrategies.find((one) => one.name === plain)
}
