import { listAccounts } from './accounts/list-accounts.ts'
import { openAccount } from './accounts/open-account.ts'
import { useAccount } from './accounts/use-account.ts'
import { setAlerts } from './attention/alerts.ts'
import { showDigest } from './attention/digest.ts'
import { setGuardian } from './attention/guardian.ts'
import { muteAlerts, setQuietHours, unmuteAlerts } from './attention/mute.ts'
import { setThresholds } from './attention/thresholds.ts'
import { unwatchSymbol, watchSymbol } from './attention/watch-symbol.ts'
import { showWhy } from './attention/why.ts'
import type { Command } from './command.ts'
import { removeAlias, setAlias } from './desk/alias.ts'
import { renameSymbol } from './desk/rename.ts'
import { resume } from './desk/resume.ts'
import { setRole } from './desk/set-role.ts'
import { showHelp } from './desk/show-help.ts'
import { splitSymbol } from './desk/split.ts'
import { setTimeZone } from './desk/time-zone.ts'
import { tripBreaker } from './desk/trip-breaker.ts'
import { showChart } from './market/chart.ts'
import {
  showAtr,
  showLevels,
  showMacd,
  showRelativeVolume,
  showRsi,
  showVolumeProfile,
  showVwap,
} from './market/indicators.ts'
import { showQuote } from './market/show-quote.ts'
import { cancelWorking } from './orders/cancel-order.ts'
import { closeAll } from './orders/close-all.ts'
import { closePosition } from './orders/close-position.ts'
import { setConfirmation } from './orders/confirm.ts'
import { setLimits } from './orders/limits.ts'
import { listOrders } from './orders/list-orders.ts'
import { moveWorkingOrder } from './orders/move-order.ts'
import { addToPosition, buy, sell, trimPosition } from './orders/place-order.ts'
import { undoLast } from './orders/undo.ts'
import { advise } from './positions/advise.ts'
import { listPositions } from './positions/list-positions.ts'
import { showProfitAndLoss } from './positions/profit-and-loss.ts'
import { recordLong, recordShort } from './positions/record-position.ts'
import { buildBracket } from './protection/bracket.ts'
import { setStop, setTarget } from './protection/set-level.ts'
import { setBreakeven, setTrail } from './protection/trail.ts'
import { cancelScaleout } from './scaleouts/cancel-scaleout.ts'
import { scaleOut } from './scaleouts/scale-out.ts'
import { schedule } from './schedule/schedule.ts'
import { listTasks, showHistory } from './tasks/background.ts'
import { setNotify } from './tasks/notify.ts'
import { showTask } from './tasks/show-task.ts'

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
  splitSymbol,
  renameSymbol,
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
  setLimits,
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
  listAccounts,
  useAccount,
  openAccount,
}
