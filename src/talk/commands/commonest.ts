import type { RegisteredCommand } from '../language/registry.ts'
import type { Command } from './command.ts'
import {
  buy,
  closePosition,
  listOrders,
  listPositions,
  scaleOut,
  sell,
  setStop,
  setTarget,
  showHelp,
  showProfitAndLoss,
} from './list.ts'

/** The commands that people use most. A new name that an owner gives one of them keeps its place. */
const commonest: unknown[] = [
  showHelp,
  listPositions,
  showProfitAndLoss,
  scaleOut,
  closePosition,
  buy,
  sell,
  setStop,
  setTarget,
  listOrders,
]

/** Puts the commonest commands first; the others keep their order. */
export function commonestFirst(commands: RegisteredCommand<Command>[]): RegisteredCommand<Command>[] {
  const first = commonest.flatMap((wanted) => commands.filter(({ command }) => command === wanted))
  return [...first, ...commands.filter((one) => !first.includes(one))]
}
