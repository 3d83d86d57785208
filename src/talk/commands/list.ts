// Every command of the desk. Each export has the name that `trade_commands.handler_function` stores.

export { listAccounts } from './accounts/list-accounts.ts'
export { openAccount } from './accounts/open-account.ts'
export { useAccount } from './accounts/use-account.ts'
export { setAlerts } from './attention/alerts.ts'
export { showDigest } from './attention/digest.ts'
export { setGuardian } from './attention/guardian.ts'
export { muteAlerts, setQuietHours, unmuteAlerts } from './attention/mute.ts'
export { setThresholds } from './attention/thresholds.ts'
export { unwatchSymbol, watchSymbol } from './attention/watch-symbol.ts'
export { showWhy } from './attention/why.ts'
export { removeAlias, setAlias } from './desk/alias.ts'
export { renameSymbol } from './desk/rename.ts'
export { resume } from './desk/resume.ts'
export { setRole } from './desk/set-role.ts'
export { showHelp } from './desk/show-help.ts'
export { splitSymbol } from './desk/split.ts'
export { setTimeZone } from './desk/time-zone.ts'
export { tripBreaker } from './desk/trip-breaker.ts'
export { showChart } from './market/chart.ts'
export {
  showAtr,
  showLevels,
  showMacd,
  showRelativeVolume,
  showRsi,
  showVolumeProfile,
  showVwap,
} from './market/indicators.ts'
export { showQuote } from './market/show-quote.ts'
export { showSpread } from './market/spread.ts'
export { cancelWorking } from './orders/cancel-order.ts'
export { closeAll } from './orders/close-all.ts'
export { closePosition } from './orders/close-position.ts'
export { setConfirmation } from './orders/confirm.ts'
export { setLimits } from './orders/limits.ts'
export { listOrders } from './orders/list-orders.ts'
export { moveWorkingOrder } from './orders/move-order.ts'
export { addToPosition, buy, sell, trimPosition } from './orders/place-order.ts'
export { undoLast } from './orders/undo.ts'
export { advise } from './positions/advise.ts'
export { listPositions } from './positions/list-positions.ts'
export { showProfitAndLoss } from './positions/profit-and-loss.ts'
export { recordLong, recordShort } from './positions/record-position.ts'
export { buildBracket } from './protection/bracket.ts'
export { setStop, setTarget } from './protection/set-level.ts'
export { setBreakeven, setTrail } from './protection/trail.ts'
export { cancelScaleout } from './scaleouts/cancel-scaleout.ts'
export { scaleOut } from './scaleouts/scale-out.ts'
export { schedule } from './schedule/schedule.ts'
export { listTasks, showHistory } from './tasks/background.ts'
export { setNotify } from './tasks/notify.ts'
export { showTask } from './tasks/show-task.ts'
