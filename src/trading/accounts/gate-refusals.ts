import type { Big } from '../../base/amounts.ts'
import { dollarsText, priceText, quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Side } from '../positions/rules/position.ts'
import { haltedRefusal } from './halted.ts'
import type { FactsFor, GateFacts } from './rows/gate-facts.ts'
import { type BuyingPower, buyingPower, takenByUnit } from './rules/buying-power.ts'
import { brokerMultiple, type GateCode, secondsUntilNext, type Verdict } from './rules/gate.ts'

/** An order that a member wants to place, which opens a position or adds to one. */
export interface Entering extends FactsFor {
  symbol: string
  side: Side
  /** Units; a multiple of the lot. */
  quantity: Big
  /** Dollars a unit: the limit, or for a market order the side of the quote that it meets. */
  price: Big
  limitPrice?: Big
  stopPrice?: Big
  /** The order is for later. It comes to the gate again when it is due. */
  isLater?: boolean
  /** A working order gets another price: its number, and the dollars that it takes at its present one. */
  moves?: { number: number; takes: Big }
}

/** The refusal of an order that does not pass the gate. */
export function refusalOf(wanted: Entering, facts: GateFacts, { code, largest }: Verdict & { passes: false }): Refusal {
  if (code === 'ACCOUNT_HALTED') return haltedRefusal(facts.halt!)
  const nothing = wanted.isLater ? 'Nothing was scheduled.' : 'Nothing was done.'
  const refused = because[code](wanted, facts)
  return new Refusal(
    code,
    `${refused.sentence} ${nothing}`,
    largest.gt(0) ? passesText(wanted, largest) + roomText(wanted, facts, code) : refused.instead,
  )
}

/** `$41,000.00 of buying power ($59,000.00 is kept for working orders)`. */
export function buyingPowerText(power: BuyingPower): string {
  return `${dollarsText(power.left)} of buying power${keptText(power)}`
}

/** A note about the funds that buying power leaves out; empty without any. */
export function keptText({ cash, forShorts, forOrders }: BuyingPower): string {
  const kept = [
    ...(forOrders.gt(0) ? [`${dollarsText(forOrders)} is kept for working orders`] : []),
    ...(forShorts.gt(0) ? [`${dollarsText(forShorts)} for short positions`] : []),
    ...(cash.lt(0) ? [`what is held cost ${dollarsText(cash.abs())} more than the account has`] : []),
  ]
  return kept.length > 0 ? ` (${kept.join(', ')})` : ''
}

/** The same order at the largest size that passes. One that was to be moved holds what it takes until it is cancelled. */
function passesText({ side, symbol, limitPrice, stopPrice, isLater, moves }: Entering, largest: Big): string {
  if (isLater) return `At most ${quantityText(largest)} ${symbol} passes`
  const stop = stopPrice ? ` stop ${stopPrice.toFixed()}` : ''
  const limit = limitPrice ? `${stop ? ' limit' : ' @'} ${limitPrice.toFixed()}` : ''
  const order = `\`${side} ${quantityText(largest)} ${symbol}${stop}${limit}\``
  return moves ? `After \`cancel ${moves.number}\`, ${order} passes` : `${order} passes`
}

/** The reason why the size that passes takes less than the buying power. */
function roomText({ limitPrice }: Entering, { broker }: GateFacts, code: GateCode): string {
  return code === 'NOT_ENOUGH_BUYING_POWER' && broker && !limitPrice
    ? `: without a limit the broker counts up to ${brokerMultiple.minus(1).times(100)}% more`
    : ''
}

interface Because {
  sentence: string
  /** The way on when no size passes. */
  instead: string
}

const because: Record<Exclude<GateCode, 'ACCOUNT_HALTED'>, (wanted: Entering, facts: GateFacts) => Because> = {
  ROLE: () => ({
    sentence: 'You are a viewer: you may look, but not trade.',
    instead: 'An owner can change that with `role`',
  }),
  ACCOUNT_UNLINKED: () => ({
    sentence: 'This account is not linked to its broker any more: nothing can be sent.',
    instead: '`accounts` lists yours, `use NAME` uses another one; `link` links it again',
  }),
  LIVE_NOT_ALLOWED: (_, { isOwnersOwn }) => ({
    sentence: 'This account is LIVE, and no owner has allowed real money for its member.',
    instead: `${isOwnersOwn ? 'You can: `allow live me $1,000`' : 'An owner can: `allow live @somebody $1,000`'}. What exits always passes`,
  }),
  LIVE_CAP: (wanted, { live, isOwnersOwn }) => {
    const { cap, used } = live!
    const { moves } = wanted
    const atWork = moves
      ? `${dollarsText(used.plus(moves.takes))} is at work, ${dollarsText(moves.takes)} of it for order ${moves.number}`
      : `${dollarsText(used)} is at work`
    return {
      sentence: `${orderText(wanted)} would be more than the ${dollarsText(cap!)} of real money that an owner allows in all; ${atWork}.`,
      instead: `What you \`close\` or \`cancel\` makes room; ${isOwnersOwn ? 'you can change the cap: `allow live me $5,000`' : 'an owner can change the cap: `allow live @somebody $5,000`'}`,
    }
  },
  ACCOUNT_BLOCKED: (_, { blockedBecause }) => ({
    sentence: `The account may not trade now, the venue says: ${blockedBecause}.`,
    instead: 'The broker knows why; exits are sent all the same',
  }),
  BALANCE_UNKNOWN: () => ({
    sentence:
      'The broker does not tell the buying power of the account now, so it is not known whether the order is covered.',
    instead: 'Try again in a moment; exits are sent all the same',
  }),
  ORDER_TOO_LARGE: (wanted, { limits: { dollars, units } }) => {
    const worth = wanted.quantity.times(wanted.price)
    const isDear = dollars && worth.gt(dollars)
    return {
      sentence: isDear
        ? `${orderText(wanted)} is worth ${dollarsText(worth)}, and an order of this account may be worth ${dollarsText(dollars)} at most.`
        : `${orderText(wanted)} is more than the ${quantityText(units!)} units that an order of this account may have.`,
      instead: '`limits` shows what may be ordered',
    }
  },
  NOT_ENOUGH_BUYING_POWER: (wanted, facts) => {
    const { quantity, side, price } = wanted
    const takes = dollarsText(quantity.times(takenByUnit(side, price)))
    const share = side === 'sell' ? ', 150% of its value' : ''
    return {
      sentence: `${orderText(wanted)} takes ${takes}${share}, and the account has ${buyingPowerText(buyingPower(facts))}${facts.broker ? ' at its broker' : ''}${wanted.moves ? `, with what order ${wanted.moves.number} takes now` : ''}.`,
      instead: 'What you `close` or `trim`, and orders that you `cancel`, make room',
    }
  },
  TOO_MANY_ORDERS: (_, facts) => ({
    sentence: `That would be more than ${ordersText(facts.limits.orders)} in a minute, the limit of this account.`,
    instead: `The next one passes in ${secondsUntilNext(facts)} s; what exits always does`,
  }),
  TOO_MANY_WORKING: (_, { limits }) => ({
    sentence: `That would be more than ${ordersText(limits.working)} working at once, the limit of this account.`,
    instead: '`orders` shows them, `cancel NUMBER` takes one back; what exits always passes',
  }),
  TOO_MANY_SCHEDULED: (_, { limits }) => ({
    sentence: `That would be more than ${ordersText(limits.scheduled)} for later, the limit of this account.`,
    instead: '`schedule` lists them, `schedule cancel NUMBER` takes one back; what exits always passes',
  }),
}

/** `BUY 1,000 AAPL at about $190.00`. */
function orderText({ side, quantity, symbol, price, limitPrice, stopPrice }: Entering): string {
  const what = `${side.toUpperCase()} ${quantityText(quantity)} ${symbol}${side === 'sell' ? ' short' : ''}`
  return `${what} at ${(limitPrice ?? stopPrice) ? '' : 'about '}${priceText(price)}`
}

const ordersText = (count: number) => (count === 1 ? 'one order' : `${count} orders`)
