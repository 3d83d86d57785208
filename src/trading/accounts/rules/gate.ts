import { Big, least, zero } from '../../../base/amounts.ts'
import type { RefusalCode } from '../../../base/refusal-codes.ts'
import type { Side } from '../../positions/rules/position.ts'
import { buyingPower, type Funds, takenByUnit } from './buying-power.ts'
import type { AccountLimits } from './limits.ts'

/** The state of an account when somebody wants an order. */
export interface Standing extends Funds {
  isHalted: boolean
  /** The broker of a linked account lets it not trade now. */
  isBlocked?: boolean
  /** The broker of a linked account did not tell its balance lately. */
  isBalanceUnknown?: boolean
  /** May the person who wants the order trade, by role? */
  mayTrade: boolean
  limits: AccountLimits
  /** Seconds since each counted order of the last minute, newest first. */
  lately: number[]
  /** The number of counted orders that are live. */
  working: number
  /** The number of orders for later that wait or are being carried out. */
  scheduled: number
  /** The member took the account's link to its broker away: nothing can be sent. */
  isUnlinked?: boolean
  /** Set for an account with real money. */
  live?: LiveUse
}

/** Real money of a member, in all accounts with some. */
export interface LiveUse {
  /** Dollars that an owner allows in all; absent: none were allowed. */
  cap?: Big
  /** Dollars: the cost of what is open, and of working orders that open or add. */
  used: Big
}

/** A wanted order, as the gate sees it. */
export interface Wanted {
  /** The order opens a position or adds to one; otherwise it exits. */
  opens: boolean
  /** The order is for later. It takes no buying power until it is due, and comes to the gate again then. */
  isLater: boolean
  side: Side
  /** Units; a multiple of the lot. */
  quantity: Big
  /** The limit, or the expected fill price; dollars a unit. */
  price: Big
  lot: Big
  /** It has no limit, so a broker counts it dearer than the price. */
  isAtMarket?: boolean
}

/**
 * The multiple of the price at which a broker checks an order at the market, at most. Alpaca makes a limit order of it, 5% beyond the
 * last price on the other side.
 */
export const brokerMultiple = new Big('1.05')

/** The code of a refusal by the gate. */
export type GateCode = (typeof checks)[number]['code']

/** The verdict of the gate. `largest` is the largest size that passes, in whole lots, at a broker with certainty; zero when none does. */
export type Verdict = { passes: true } | { passes: false; code: GateCode; largest: Big }

/**
 * The checks, in the order in which they refuse. Each returns how many units of the wanted order it lets through; undefined
 * means any number.
 */
const checks = [
  { code: 'ACCOUNT_HALTED', most: ({ isHalted }) => noneIf(isHalted) },
  { code: 'ROLE', most: ({ mayTrade }) => noneIf(!mayTrade) },
  { code: 'ACCOUNT_UNLINKED', most: ({ isUnlinked = false }) => noneIf(isUnlinked) },
  { code: 'LIVE_NOT_ALLOWED', most: ({ live }) => noneIf(live !== undefined && live.cap === undefined) },
  {
    code: 'LIVE_CAP',
    most: ({ live }, { isLater, price, lot }) =>
      live?.cap && !isLater ? lotsFor(roomIn(live.cap, live.used), price, lot) : undefined,
  },
  { code: 'ACCOUNT_BLOCKED', most: ({ isBlocked }) => noneIf(isBlocked === true) },
  {
    code: 'BALANCE_UNKNOWN',
    most: ({ isBalanceUnknown }, { isLater }) => noneIf(isBalanceUnknown === true && !isLater),
  },
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
 * The one gate before every order. An exit always passes, even if the account is halted, poor or over its limits. An order that
 * opens or adds passes when no check refuses it; otherwise the first refusing check gives the code.
 */
export function gate(standing: Standing, wanted: Wanted): Verdict {
  if (!wanted.opens) return { passes: true }
  const bounds = checks.map(({ code, most }: Check) => ({ code: code as GateCode, most: most(standing, wanted) }))
  const refusing = bounds.find(({ most }) => most !== undefined && wanted.quantity.gt(most))
  if (!refusing) return { passes: true }
  const most = [...bounds.map((one) => one.most), roomAtBroker(standing, wanted)].filter((one) => one !== undefined)
  const largest = most.reduce(least, wanted.quantity)
  return { passes: false, code: refusing.code, largest }
}

/** The units of an order at the market that a broker certainly takes; undefined for any other order, which is checked at its price. */
function roomAtBroker(standing: Standing, { isAtMarket, isLater, side, price, lot }: Wanted): Big | undefined {
  if (!standing.broker || !isAtMarket || isLater) return undefined
  return lotsFor(buyingPower(standing).left, takenByUnit(side, price).times(brokerMultiple), lot)
}

/** Seconds until enough orders have left the last minute for another one to pass; zero when one passes now. */
export function secondsUntilNext({ lately, limits }: Pick<Standing, 'lately' | 'limits'>): number {
  const leaves = lately[limits.orders - 1]
  return leaves === undefined ? 0 : Math.max(1, Math.ceil(60 - leaves))
}

const roomIn = (cap: Big, used: Big) => (used.lt(cap) ? cap.minus(used) : zero)

const noneIf = (isRefused: boolean) => (isRefused ? zero : undefined)

function mostBySize({ dollars, units }: AccountLimits, { price, lot }: Wanted): Big | undefined {
  const byDollars = dollars && lotsFor(dollars, price, lot)
  const byUnits = units && lotsFor(units, new Big(1), lot)
  return byDollars && byUnits ? least(byDollars, byUnits) : (byDollars ?? byUnits)
}

/** The most units, in whole lots, that an amount pays for at this price each. */
function lotsFor(amount: Big, each: Big, lot: Big): Big {
  const units = amount.div(each.times(lot)).round(0, Big.roundDown).times(lot)
  // The quotient is rounded and may end up at the next whole number, so check it.
  return units.times(each).gt(amount) ? units.minus(lot) : units
}
