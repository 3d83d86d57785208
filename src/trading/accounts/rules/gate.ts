import { Big, least, zero } from '../../../base/amounts.ts'
import type { RefusalCode } from '../../../base/refusal-codes.ts'
import type { Side } from '../../positions/rules/position.ts'
import { buyingPower, type Funds, takenByUnit } from './buying-power.ts'
import type { AccountLimits } from './limits.ts'

/** What is known of an account when somebody wants an order. */
export interface Standing extends Funds {
  isHalted: boolean
  /** Is the role of whoever wants the order enough to trade? */
  mayTrade: boolean
  limits: AccountLimits
  /** Seconds since each order of the last minute that counts, the newest first. */
  lately: number[]
  /** Orders that count and have no end yet. */
  working: number
  /** Orders for later that wait or are being carried out. */
  scheduled: number
}

/** An order that somebody wants. */
export interface Wanted {
  /** It opens a position or adds to one; else it exits. */
  opens: boolean
  /** It is to be carried out later, and comes to the gate again then: nothing is set aside for it before. */
  isLater: boolean
  side: Side
  /** Units; a multiple of the lot. */
  quantity: Big
  /** Its limit, or the price at which it is expected to be filled; dollars a unit. */
  price: Big
  lot: Big
}

/** Why an order does not pass. */
export type GateCode = (typeof checks)[number]['code']

/** The answer of the gate. `largest`: the largest size that passes, in whole lots; zero when none does. */
export type Verdict = { passes: true } | { passes: false; code: GateCode; largest: Big }

/**
 * The checks, in the order in which they refuse. Each says how many units it lets through of what is wanted; undefined:
 * any number.
 */
const checks = [
  { code: 'ACCOUNT_HALTED', most: ({ isHalted }) => noneIf(isHalted) },
  { code: 'ROLE', most: ({ mayTrade }) => noneIf(!mayTrade) },
  { code: 'ORDER_TOO_LARGE', most: ({ limits }, wanted) => mostBySize(limits, wanted) },
  {
    code: 'NOT_ENOUGH_BUYING_POWER',
    most: (standing, { isLater, side, price, lot }) =>
      isLater ? undefined : lotsFor(buyingPower(standing).left, takenByUnit(side, price), lot),
  },
  {
    code: 'TOO_MANY_ORDERS',
    most: ({ lately, limits }, { isLater }) => noneIf(!isLater && lately.length >= limits.orders),
  },
  {
    code: 'TOO_MANY_WORKING',
    most: ({ working, limits }, { isLater }) => noneIf(!isLater && working >= limits.working),
  },
  {
    code: 'TOO_MANY_SCHEDULED',
    most: ({ scheduled, limits }, { isLater }) => noneIf(isLater && scheduled >= limits.scheduled),
  },
] as const satisfies Check[]

interface Check {
  code: RefusalCode
  most(standing: Standing, wanted: Wanted): Big | undefined
}

/**
 * The one gate before every order. What exits always passes: also when the account is halted, poor or over its limits.
 * What opens or adds passes when no check refuses it; else the first that does says why.
 */
export function gate(standing: Standing, wanted: Wanted): Verdict {
  if (!wanted.opens) return { passes: true }
  const bounds = checks.map(({ code, most }: Check) => ({ code: code as GateCode, most: most(standing, wanted) }))
  const refusing = bounds.find(({ most }) => most !== undefined && wanted.quantity.gt(most))
  if (!refusing) return { passes: true }
  const largest = bounds.reduce((so, { most }) => (most === undefined ? so : least(so, most)), wanted.quantity)
  return { passes: false, code: refusing.code, largest }
}

/** Seconds until so many orders of the last minute are over that another one passes; zero when one does now. */
export function secondsUntilNext({ lately, limits }: Pick<Standing, 'lately' | 'limits'>): number {
  const leaves = lately[limits.orders - 1]
  return leaves === undefined ? 0 : Math.max(1, Math.ceil(60 - leaves))
}

const noneIf = (isRefused: boolean) => (isRefused ? zero : undefined)

function mostBySize({ dollars, units }: AccountLimits, { price, lot }: Wanted): Big | undefined {
  const byDollars = dollars && lotsFor(dollars, price, lot)
  const byUnits = units && lotsFor(units, new Big(1), lot)
  return byDollars && byUnits ? least(byDollars, byUnits) : (byDollars ?? byUnits)
}

/** The most units, in whole lots, that an amount is enough for at so much each. */
function lotsFor(amount: Big, each: Big, lot: Big): Big {
  const units = amount.div(each.times(lot)).round(0, Big.roundDown).times(lot)
  // A quotient is rounded, and may be rounded up to a whole number.
  return units.times(each).gt(amount) ? units.minus(lot) : units
}
