import { Big, sum, zero } from '../../../src/base/amounts.ts'
import { addTo, type Holding } from '../broker/holdings.ts'
import type { Activity } from './activities.ts'
import { isResting, leftOf, type Order, type Side } from './order.ts'
import type { World } from './world.ts'

/** Paper money at the broker, or real money. */
export type Mode = 'paper' | 'live'

/** The settings of an account, as the API spells them. */
export interface Configurations {
  disable_overnight_trading: boolean
  fractional_trading: boolean
  max_margin_multiplier: string
  no_shorting: boolean
  suspend_trade: boolean
  trade_confirm_email: string
}

/** An account at the broker. */
export interface Account {
  id: string
  number: string
  mode: Mode
  keyId: string
  secret: string
  world: World
  /** Dollars. */
  cash: Big
  /** Dollars of buying power for a dollar of equity. */
  multiplier: number
  status: string
  isTradingBlocked: boolean
  createdAt: string
  configurations: Configurations
  holdings: Map<string, Holding>
  /** Every order that ever arrived, oldest first. */
  orders: Order[]
  activities: Activity[]
}

/** The parts of an account that a test chooses. */
export interface AccountOptions {
  mode?: Mode
  /** Dollars; 100,000 by default. */
  cash?: string
  /** 1: no margin and no short sales; 2 by default. */
  multiplier?: 1 | 2 | 4
  number?: string
  canShort?: boolean
}

/** Opens an account in a world. */
export function openAccount(
  world: World,
  { mode = 'paper', cash = '100000', multiplier = 2, number, canShort }: AccountOptions,
): Account {
  const { ids } = world
  const account: Account = {
    id: ids.uuid(),
    number: number ?? (mode === 'paper' ? `PA${ids.letters(10)}` : String(100_000_000 + world.accounts.length)),
    mode,
    keyId: `${mode === 'paper' ? 'PK' : 'AK'}${ids.letters(18)}`,
    secret: `${ids.letters(32)}${ids.letters(8)}`,
    world,
    cash: new Big(cash),
    multiplier,
    status: 'ACTIVE',
    isTradingBlocked: false,
    createdAt: world.stamp(),
    configurations: {
      disable_overnight_trading: false,
      fractional_trading: true,
      max_margin_multiplier: String(multiplier),
      no_shorting: canShort === false,
      suspend_trade: false,
      trade_confirm_email: 'none',
    },
    holdings: new Map(),
    orders: [],
    activities: [],
  }
  world.accounts.push(account)
  return account
}

/** Books an execution: cash, quantity, and the cost of what stays. */
export function book(account: Account, symbol: string, side: Side, quantity: Big, price: Big): void {
  const signed = side === 'buy' ? quantity : quantity.times(-1)
  account.cash = account.cash.minus(signed.times(price))
  hold(account, symbol, signed, price)
}

/** Changes a holding without cash. */
export const hold = (account: Account, symbol: string, signed: Big, price: Big): void =>
  addTo(account.holdings, symbol, signed, price)

export const heldOf = (account: Account, symbol: string): Big => account.holdings.get(symbol)?.quantity ?? zero

/** The account's resting orders. */
export const restingOf = (account: Account): Order[] => account.orders.filter(isResting)

/** Shares that resting orders of this side would take or give. */
export function reserved(account: Account, symbol: string, side: Side, but?: Order): Big {
  const same = restingOf(account).filter((order) => order.symbol === symbol && order.side === side && order !== but)
  return sum(same.map(leftOf))
}

/** Dollars that a new order may cost. */
export function buyingPower(account: Account, but?: Order): Big {
  const { equity, gross } = valuesOf(account)
  const open = restingOf(account).filter((order) => order !== but)
  return equity
    .times(account.multiplier)
    .minus(gross)
    .minus(sum(open.map(costOf)))
}

/** Dollars of buying power that an order takes while it rests: nothing when it closes. */
export function costOf(order: Order): Big {
  const { account, symbol, side } = order
  const held = heldOf(account, symbol)
  const closes = side === 'buy' ? (held.lt(0) ? held.times(-1) : zero) : held.gt(0) ? held : zero
  const opens = leftOf(order).minus(closes)
  if (opens.lte(0)) return zero
  const quote = account.world.quote(symbol)
  const touch = quote ? quote.ask : zero
  // An order at the market becomes one with a limit, 5% beyond the last price on the other side.
  const price = order.limitPrice ?? order.stopPrice ?? touch.times('1.05')
  const least = touch.times('1.03')
  return opens.times(side === 'sell' && price.lt(least) ? least : price)
}

function valuesOf(account: Account): { long: Big; short: Big; equity: Big; gross: Big } {
  let [long, short] = [zero, zero]
  for (const [symbol, { quantity }] of account.holdings) {
    const value = quantity.times(account.world.price(symbol))
    if (value.gt(0)) long = long.plus(value)
    else short = short.plus(value)
  }
  return { long, short, equity: account.cash.plus(long).plus(short), gross: long.minus(short) }
}

/** An account as the API shows it. */
export function accountJson(account: Account): Record<string, unknown> {
  const { long, short, equity, gross } = valuesOf(account)
  const power = buyingPower(account)
  const shown = (dollars: Big) => String(dollars.round(8))
  return {
    id: account.id,
    admin_configurations: {},
    user_configurations: null,
    account_number: account.number,
    status: account.status,
    crypto_status: 'ACTIVE',
    currency: 'USD',
    buying_power: shown(power.gt(0) ? power : zero),
    regt_buying_power: shown(power.gt(0) ? power : zero),
    non_marginable_buying_power: shown(account.cash),
    options_buying_power: shown(account.cash),
    options_approved_level: 0,
    options_trading_level: 0,
    effective_buying_power: shown(power.gt(0) ? power : zero),
    cash: shown(account.cash),
    accrued_fees: '0',
    portfolio_value: shown(equity),
    equity: shown(equity),
    last_equity: shown(equity),
    long_market_value: shown(long),
    short_market_value: shown(short),
    position_market_value: shown(gross),
    initial_margin: shown(gross.div(2)),
    maintenance_margin: shown(gross.times('0.3')),
    last_maintenance_margin: '0',
    sma: shown(equity),
    multiplier: String(account.multiplier),
    shorting_enabled: canShort(account),
    trading_blocked: account.isTradingBlocked,
    transfers_blocked: false,
    account_blocked: false,
    trade_suspended_by_user: account.configurations.suspend_trade,
    created_at: account.createdAt,
    balance_asof: account.createdAt.slice(0, 10),
    intraday_adjustments: '0',
    pending_reg_taf_fees: '0',
  }
}

export const canShort = (account: Account): boolean => account.multiplier > 1 && !account.configurations.no_shorting

/** A position as the API shows it. */
export function positionJson(account: Account, symbol: string): Record<string, unknown> {
  const { quantity, cost } = account.holdings.get(symbol)!
  const asset = account.world.asset(symbol)!
  const price = account.world.price(symbol)
  const value = quantity.times(price)
  const gain = value.minus(cost)
  const part = cost.eq(0) ? '0' : String(gain.div(cost.abs()))
  const closing = reserved(account, symbol, quantity.gt(0) ? 'sell' : 'buy')
  const free = quantity.abs().minus(closing)
  const available = free.gt(0) ? free : zero
  return {
    asset_id: asset.id,
    symbol,
    exchange: asset.exchange,
    asset_class: 'us_equity',
    asset_marginable: true,
    avg_entry_price: String(cost.div(quantity)),
    qty: String(quantity),
    qty_available: String(quantity.lt(0) ? available.times(-1) : available),
    side: quantity.gt(0) ? 'long' : 'short',
    market_value: String(value),
    cost_basis: String(cost),
    unrealized_pl: String(gain),
    unrealized_plpc: part,
    unrealized_intraday_pl: String(gain),
    unrealized_intraday_plpc: part,
    current_price: String(price),
    lastday_price: String(price),
    change_today: '0',
  }
}
