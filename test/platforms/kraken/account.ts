import { randomBytes } from 'node:crypto'
import { Big, sum, zero } from '../../../src/base/amounts.ts'
import { isLive, leftOf, type Order } from './order.ts'
import type { World } from './world.ts'

/** One execution of an order. */
export interface Trade {
  id: string
  number: number
  order: Order
  quantity: Big
  price: Big
  /** In the quote currency. */
  fee: Big
  at: Date
  /** Lists do not show it for now. */
  isHidden?: boolean
}

/** An account with one key. */
export interface Account {
  world: World
  iban: string
  key: string
  /** In base64. */
  secret: string
  permissions: string[]
  /** By asset: `ZUSD`, `XXBT`. */
  balances: Map<string, Big>
  /** The part of the cost that each fill pays, such as 0.0026. */
  feeRate: Big
  /** Every order that ever arrived, oldest first. */
  orders: Order[]
  trades: Trade[]
  lastNonce: bigint
  /** The counter of requests, and its moment in milliseconds. */
  counter: { used: number; at: number }
  /** The token of the streams. */
  token?: string
}

/** The parts of an account that a test chooses. */
export interface AccountOptions {
  /** Dollars; 100,000 by default. */
  cash?: string
  feeRate?: string
  permissions?: string[]
}

const usualRights = [
  'query-funds',
  'query-open-trades',
  'query-closed-trades',
  'modify-trades',
  'close-trades',
  'access-ws',
]

/** Opens an account in a world. */
export function openAccount(
  world: World,
  { cash = '100000', feeRate = '0.0026', permissions = usualRights }: AccountOptions,
): Account {
  const block = () => world.ids.letters(4)
  const account: Account = {
    world,
    iban: `AA${world.ids.digits(2)} ${block()} ${block()} ${block()}`,
    key: randomBytes(42).toString('base64'),
    secret: randomBytes(64).toString('base64'),
    permissions,
    balances: new Map([['ZUSD', new Big(cash)]]),
    feeRate: new Big(feeRate),
    orders: [],
    trades: [],
    lastNonce: 0n,
    counter: { used: 0, at: world.now().getTime() },
  }
  world.accounts.push(account)
  return account
}

export const heldOf = ({ balances }: Account, asset: string): Big => balances.get(asset) ?? zero

export function add(account: Account, asset: string, amount: Big): void {
  account.balances.set(asset, heldOf(account, asset).plus(amount))
}

/** Units of an asset that open orders would take. */
export function reserved({ orders, world }: Account, asset: string, but?: Order): Big {
  return sum(
    orders
      .filter((order) => isLive(order) && order !== but)
      .map((order) => {
        if (order.side === 'sell') return order.pair.base === asset ? leftOf(order) : zero
        const price = order.limitPrice ?? world.quotes.get(order.pair.id)?.asks[0]?.price ?? zero
        return order.pair.quote === asset ? leftOf(order).times(price) : zero
      }),
  )
}
