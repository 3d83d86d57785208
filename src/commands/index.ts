import { setAlerts } from './alerts.ts'
import { listTasks, showHistory } from './background.ts'
import { buildBracket } from './bracket.ts'
import { cancelScaleout } from './cancel-scaleout.ts'
import { closePosition, trimPosition } from './close-position.ts'
import type { Command } from './command.ts'
import { showDigest } from './digest.ts'
import { setGuardian } from './guardian.ts'
import { listPositions } from './list-positions.ts'
import { muteAlerts, setQuietHours, unmuteAlerts } from './mute.ts'
import { showProfitAndLoss } from './profit-and-loss.ts'
import { recordLong, recordShort } from './record-position.ts'
import { resume } from './resume.ts'
import { scaleOut } from './scale-out.ts'
import { setStop, setTarget } from './set-level.ts'
import { setRole } from './set-role.ts'
import { showHelp } from './show-help.ts'
import { showQuote } from './show-quote.ts'
import { setThresholds } from './thresholds.ts'
import { setBreakeven, setTrail } from './trail.ts'
import { tripBreaker } from './trip-breaker.ts'
import { unwatchSymbol, watchSymbol } from './watch-symbol.ts'
import { showWhy } from './why.ts'

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
  setStop,
  setTarget,
  buildBracket,
  setTrail,
  setBreakeven,
  listTasks,
  showHistory,
  watchSymbol,
  unwatchSymbol,
  showQuote,
  setRole,
  showHelp,
  setAlerts,
  muteAlerts,
  unmuteAlerts,
  setQuietHours,
  showDigest,
  setGuardian,
  showWhy,
  tripBreaker,
  resume,
  setThresholds,
}
