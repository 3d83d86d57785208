import type { Reason } from '../../agents/rules/checks/state.ts'
import type { Check, Checked } from '../../agents/rules/checks.ts'
import { unitText } from '../../agents/rules/limits.ts'
import type { Big } from '../../base/amounts.ts'
import { quantityText } from '../../base/format.ts'
import type { RefusalCode } from '../../base/refusal-codes.ts'

/**
 * The line about an order of an agent that did not pass its checks: `✗ Not traded: SECTOR_EXCEEDED — Technology would be 43%, limit 40%.
 * Largest that fits: 12 AAPL.` Empty for one that passes.
 */
export function notTradedText({ refusing, largest }: Checked, symbol: string): string {
  if (!refusing) return ''
  const fits = largest.gt(0) ? ` Largest that fits: ${quantityText(largest)} ${symbol}.` : ''
  return `✗ Not traded: ${refusing.code} — ${reasonText(refusing)}.${fits}`
}

/** The reason why a check fails, without a full stop. A check of what is open already says `is`, one of a wanted order `would be`. */
export function reasonText({ because, ...check }: Check | Reason, be = 'would be'): string {
  if (because) return `only exits for now: ${because}, ${reasonText({ ...check, code: because }, 'is')}`
  return said[check.code]?.(check, be) ?? plain[check.code] ?? figures(check)
}

/** `43%, limit 40%`. A figure that rounds to its limit is said to be a little more, or a little less. */
function figures({ figure, limit, unit = 'plain' }: Check): string {
  if (!figure) return `not known, limit ${limitOf({ limit, unit })}`
  const text = unitText[unit](figure)
  const isSame = limit !== undefined && text === unitText[unit](limit) && !figure.eq(limit)
  const near = isSame ? `a little ${figure.gt(limit) ? 'over' : 'under'} ` : ''
  return `${near}${text}, limit ${limitOf({ limit, unit })}`
}

const limitOf = ({ limit, unit = 'plain' }: { limit?: Big; unit?: Check['unit'] }) =>
  limit ? unitText[unit](limit) : 'none'

/** Codes that need no figure. */
const plain: Partial<Record<RefusalCode, string>> = {
  AGENT_HALTED: 'the agent is halted until an owner resumes it',
  OUTSIDE_HOURS: 'it is outside of the hours in which the agent opens positions',
  MODEL_EXPIRED: 'the model learned from bars that are too old',
}

const said: Partial<Record<RefusalCode, (check: Check, be: string) => string>> = {
  DAY_LOSS: (check) => `the loss of today is ${figures(check)}`,
  DRAWDOWN: (check) => `the fall from the peak is ${figures(check)}`,
  API_FAILING: (check) => `failures in a row: ${figures(check)}`,
  SYMBOL_NOT_ALLOWED: ({ of }) => `${of} is not among the symbols of the agent`,
  SHORT_NOT_ALLOWED: ({ of }) => `the agent may not sell ${of} short`,
  TOO_MANY_TRADES: (check) => `trades today: ${figures(check)}`,
  TOO_SOON: (check) => `since the last trade: ${figures(check)}`,
  STALE_DATA: (check) => `the age of the price is ${figures(check)}`,
  SOURCES_DISAGREE: (check) => `the difference of two sources is ${figures(check)}`,
  TOO_VOLATILE: (check) => `the volatility of ${check.of} a year is ${figures(check)}`,
  OFF_DISTRIBUTION: (check) => `the share of inputs far from all that the model met is ${figures(check)}`,
  COVERAGE_LOST: (check) => `the chance that so many misses of the 90% range are luck is ${figures(check)}`,
  POSITION_TOO_LARGE: (check, be) => `${check.of} ${be} ${figures(check)}`,
  DEPLOYED_EXCEEDED: (check, be) => `deployed ${be} ${figures(check)}`,
  EXPOSURE_EXCEEDED: (check, be) => `exposure ${be} ${figures(check)}`,
  HEAT_EXCEEDED: (check, be) => `heat ${be} ${figures(check)}`,
  SECTOR_EXCEEDED: (check, be) => `${check.of} ${be} ${figures(check)}`,
  TOO_CORRELATED: (check, be) => `the correlation of ${check.of ?? 'the book'} ${be} ${figures(check)}`,
}
