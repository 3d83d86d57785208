import { Big, sum, zero } from '../../../src/base/amounts.ts'
import { addTo, type Holding } from '../broker/holdings.ts'
import { isResting, leftOf, type Order, type Side, sideOf } from './order.ts'
import { plain, type User, type World } from './world.ts'

/** Simulated money at the broker, or real money. */
export type Mode = 'sim' | 'live'

/** One execution of an order. */
export interface Execution {
  id: string
  order: Order
  quantity: Big
  price: Big
  fee: Big
  isTakenBack: boolean
}

/** An account at the broker. */
export interface Account {
  id: string
  mode: Mode
  type: 'Cash' | 'Margin'
  user: User
  world: World
  status: string
  /** Dollars. */
  cash: Big
  /** Dollars of equity and cash with which the day began. */
  beginning: { equity: Big; cash: Big }
  /** Dollars that it was paid, or charged, without an order. */
  realized: Big
  /** Dollars a share of each fill. */
  feePerShare: Big
  holdings: Map<string, Holding>
  /** The number and the time of each open position. */
  opened: Map<string, { id: string; at: Date }>
  /** Every order that ever arrived, oldest first. */
  orders: Order[]
  executions: Execution[]
}

/** The parts of an account that a test chooses. */
export interface AccountOptions {
  mode?: Mode
  /** Dollars; 100,000 by default. */
  cash?: string
  /** `Cash`: no margin and no short sales; `Margin` by default. */
  type?: Account['type']
  /** The user who has it; a new one by default. */
  user?: User
  id?: string
  /** Dollars a share of each fill; none by default. */
  feePerShare?: string
}

/** Opens an account in a world. */
export function openAccount(
  world: World,
  { mode = 'sim', cash = '100000', type = 'Margin', user, id, feePerShare = '0' }: AccountOptions,
): Account {
  const number = world.ids.digits(7)
  const account: Account = {
    id: id ?? (mode === 'sim' ? `SIM${number}${type === 'Margin' ? 'M' : 'C'}` : `1${number}`),
    mode,
    type,
    user: user ?? { name: `user${world.accounts.length + 1}`, accounts: [] },
    world,
    status: 'Active',
    cash: new Big(cash),
    beginning: { equity: new Big(cash), cash: new Big(cash) },
    realized: zero,
    feePerShare: new Big(feePerShare),
    holdings: new Map(),
    opened: new Map(),
    orders: [],
    executions: [],
  }
  account.user.accounts.push(account)
  world.accounts.push(account)
  return account
}

export const heldOf = (account: Account, symbol: string): Big => account.holdings.get(symbol)?.quantity ?? zero

/** Changes a holding without cash. */
export function hold(account: Account, symbol: string, signed: Big, price: Big): void {
  const before = heldOf(account, symbol)
  addTo(account.holdings, symbol, signed, price)
  const after = heldOf(account, symbol)
  if (after.eq(0)) account.opened.delete(symbol)
  else if (before.times(after).lte(0)) {
    account.opened.set(symbol, { id: account.world.ids.digits(8), at: account.world.now() })
  }
}

/** Books an execution: cash, quantity, the cost of what stays, and what was realized. */
export function book(account: Account, symbol: string, side: Side, quantity: Big, price: Big, fee: Big): void {
  const signed = side === 'buy' ? quantity : quantity.times(-1)
  const before = account.holdings.get(symbol)
  if (before?.quantity.times(signed).lt(0)) {
    const closed = signed.abs().lt(before.quantity.abs()) ? signed.abs() : before.quantity.abs()
    const gain = price.minus(before.cost.div(before.quantity)).times(closed)
    account.realized = account.realized.plus(before.quantity.gt(0) ? gain : gain.times(-1))
  }
  account.cash = account.cash.minus(signed.times(price)).minus(fee)
  hold(account, symbol, signed, price)
}

/** Units that open orders of a side would take or give, but for those of some orders. */
export function reserved(account: Account, symbol: string, side: Side, but: readonly Order[] = []): Big {
  const open = account.orders.filter((one) => isResting(one) && one.symbol === symbol && sideOf(one) === side)
  const counted = new Map<unknown, Big>()
  for (const order of open) {
    if (but.includes(order)) continue
    // Only one order of a bracket or an OCO can be filled.
    const key = order.group && order.group.type !== 'NORMAL' ? order.group : order
    const known = counted.get(key) ?? zero
    counted.set(key, leftOf(order).gt(known) ? leftOf(order) : known)
  }
  return sum(counted.values())
}

function valuesOf(account: Account): { value: Big; gross: Big; equity: Big; cost: Big } {
  let [value, gross, cost] = [zero, zero, zero]
  for (const [symbol, holding] of account.holdings) {
    const worth = holding.quantity.times(account.world.price(symbol))
    value = value.plus(worth)
    gross = gross.plus(worth.abs())
    cost = cost.plus(holding.cost)
  }
  return { value, gross, cost, equity: account.cash.plus(value) }
}

/** Dollars that new orders may cost, without the open orders but for some. */
export function buyingPower(account: Account, but: readonly Order[] = []): Big {
  const { equity, gross } = valuesOf(account)
  const open = sum(account.orders.filter((order) => isResting(order) && !but.includes(order)).map(costOf))
  return account.type === 'Cash' ? account.cash.minus(open) : equity.times(2).minus(gross).minus(open)
}

/** Dollars of buying power that an order takes while it rests: nothing when it closes. */
export function costOf(order: Order): Big {
  if (order.action === 'SELL' || order.action === 'BUYTOCOVER') return zero
  const quote = order.account.world.quotes.get(order.symbol)
  return leftOf(order).times(order.limitPrice ?? order.stopPrice ?? quote?.asks[0]?.price ?? zero)
}

/** Keeps the equity and the cash with which a day begins. */
export function beginDay(account: Account): void {
  account.beginning = { equity: valuesOf(account).equity, cash: account.cash }
  account.realized = zero
}

const shown = (amount: Big, decimals = 8) => String(amount.round(decimals))

/** An account as the list shows it. */
export function accountJson({ id, type, status }: Account): Record<string, unknown> {
  return {
    AccountID: id,
    Currency: 'USD',
    Status: status,
    AccountType: type,
    AccountDetail: {
      IsStockLocateEligible: false,
      EnrolledInRegTProgram: type === 'Margin',
      RequiresBuyingPowerWarning: false,
      DayTradingQualified: true,
      OptionApprovalLevel: 0,
      PatternDayTrader: false,
    },
  }
}

/** The balances of an account as they are now. */
export function balanceJson(account: Account): Record<string, unknown> {
  const { value, equity, cost } = valuesOf(account)
  const power = buyingPower(account)
  const free = power.gt(0) ? power : zero
  return {
    AccountID: account.id,
    AccountType: account.type,
    CashBalance: shown(account.cash),
    BuyingPower: shown(free),
    Equity: shown(equity),
    MarketValue: shown(value),
    TodaysProfitLoss: shown(equity.minus(account.beginning.equity)),
    UnclearedDeposit: '0',
    BalanceDetail: {
      CostOfPositions: shown(cost),
      DayTrades: '0',
      MaintenanceRate: '0',
      OptionBuyingPower: shown(account.cash),
      OptionsMarketValue: '0',
      OvernightBuyingPower: shown(free),
      RequiredMargin: account.type === 'Margin' ? shown(value.abs().div(2)) : '0',
      RealizedProfitLoss: shown(account.realized),
      UnrealizedProfitLoss: shown(value.minus(cost)),
    },
    Commission: '0',
  }
}

/** The balances with which the day began. */
export function beginningJson(account: Account): Record<string, unknown> {
  const { equity, cash } = account.beginning
  const power = account.type === 'Margin' ? equity.times(2) : cash
  return {
    AccountID: account.id,
    AccountType: account.type,
    BalanceDetail: {
      AccountBalance: shown(cash),
      CashAvailableToWithdraw: shown(cash),
      DayTradingMarginableBuyingPower: shown(power),
      DayTrades: '0',
      Equity: shown(equity),
      NetCash: shown(cash),
      OptionBuyingPower: shown(cash),
      OptionValue: '0',
      OvernightBuyingPower: shown(power),
    },
  }
}

/** A position as the list and the stream show it. */
export function positionJson(account: Account, symbol: string): Record<string, unknown> {
  const { quantity, cost } = account.holdings.get(symbol)!
  const { world } = account
  const { id, at } = account.opened.get(symbol)!
  const quote = world.quotes.get(symbol)
  const last = world.price(symbol)
  const value = quantity.times(last)
  const gain = value.minus(cost)
  const average = cost.div(quantity)
  return {
    AccountID: account.id,
    AveragePrice: shown(average, world.averageDecimals),
    AssetType: 'STOCK',
    Last: String(last),
    Bid: String(quote?.bids[0]?.price ?? zero),
    Ask: String(quote?.asks[0]?.price ?? zero),
    ConversionRate: '1',
    DayTradeRequirement: '0',
    InitialRequirement: '0',
    MaintenanceMargin: '0',
    PositionID: id,
    LongShort: quantity.gt(0) ? 'Long' : 'Short',
    Quantity: String(quantity),
    Symbol: symbol,
    Timestamp: plain(at),
    TodaysProfitLoss: shown(gain),
    TotalCost: shown(cost),
    MarketValue: shown(value),
    MarkToMarketPrice: shown(average, world.averageDecimals),
    UnrealizedProfitLoss: shown(gain),
    UnrealizedProfitLossPercent: cost.eq(0) ? '0' : shown(gain.div(cost.abs()).times(100), 3),
    UnrealizedProfitLossQty: shown(gain.div(quantity.abs()), 8),
  }
}
