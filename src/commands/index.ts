import { listTasks, showHistory } from './background.ts'
import { cancelScaleout } from './cancel-scaleout.ts'
import { closePosition, trimPosition } from './close-position.ts'
import type { Command } from './command.ts'
import { listPositions } from './list-positions.ts'
import { showProfitAndLoss } from './profit-and-loss.ts'
import { recordLong, recordShort } from './record-position.ts'
import { scaleOut } from './scale-out.ts'
import { setRole } from './set-role.ts'
import { showHelp } from './show-help.ts'
import { showQuote } from './show-quote.ts'
import { unwatchSymbol, watchSymbol } from './watch-symbol.ts'

/** The code of every command, by the name that `trade_commands.handler_function` has for it. */
export const handlers: Record<string, Command> = {
  recordLong,
  recordShort,
  listPositions,
  showProfitAndLoss,
  closePosition,
  trimPosition,
  scaleOut,
  cancelScaleout,
  listTasks,
  showHistory,
  watchSymbol,
  unwatchSymbol,
  showQuote,
  setRole,
  showHelp,
}
