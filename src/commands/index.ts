import { advise } from './advise.ts'
import { setAlerts } from './alerts.ts'
import { removeAlias, setAlias } from './alias.ts'
import { listTasks, showHistory } from './background.ts'
import { buildBracket } from './bracket.ts'
import { cancelWorking } from './cancel-order.ts'
import { cancelScaleout } from './cancel-scaleout.ts'
import { showChart } from './chart.ts'
import { closeAll } from './close-all.ts'
import { closePosition } from './close-position.ts'
import type { Command } from './command.ts'
import { setConfirmation } from './confirm.ts'
import { showDigest } from './digest.ts'
import { setGuardian } from './guardian.ts'
import {
  showAtr,
  showLevels,
  showMacd,
  showRelativeVolume,
  showRsi,
  showVolumeProfile,
  showVwap,
} from './indicators.ts'
import { listOrders } from './list-orders.ts'
import { listPositions } from './list-positions.ts'
import { moveWorkingOrder } from './move-order.ts'
import { muteAlerts, setQuietHours, unmuteAlerts } from './mute.ts'
import { setNotify } from './notify.ts'
import { addToPosition, buy, sell, trimPosition } from './place-order.ts'
import { showProfitAndLoss } from './profit-and-loss.ts'
import { recordLong, recordShort } from './record-position.ts'
import { resume } from './resume.ts'
import { scaleOut } from './scale-out.ts'
import { schedule } from './schedule.ts'
import { setStop, setTarget } from './set-level.ts'
import { setRole } from './set-role.ts'
import { showHelp } from './show-help.ts'
import { showQuote } from './show-quote.ts'
import { showTask } from './show-task.ts'
import { setThresholds } from './thresholds.ts'
import { setTimeZone } from './time-zone.ts'
import { setBreakeven, setTrail } from './trail.ts'
import { tripBreaker } from './trip-breaker.ts'
import { undoLast } from './undo.ts'
import { unwatchSymbol, watchSymbol } from './watch-symbol.ts'
import { showWhy } from './why.ts'

/** The code of every command, by the name that `trade_commands.handler_function` has for it. */
export const handlers: Record<string, Command> = {
  recordLong,
  recordShort,
  listPositions,
  showProfitAndLoss,
  closePosition,
  closeAll,
  buy,
  sell,
  addToPosition,
  trimPosition,
  listOrders,
  moveWorkingOrder,
  cancelWorking,
  setConfirmation,
  undoLast,
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
  showChart,
  setRole,
  setAlias,
  removeAlias,
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
  schedule,
  setTimeZone,
  showTask,
  setNotify,
  showVwap,
  showRelativeVolume,
  showVolumeProfile,
  showRsi,
  showMacd,
  showAtr,
  showLevels,
  advise,
}
