import type { Exchange } from '../../infra/exchanges/exchange.ts'
import type { Limit } from '../shared/budget.ts'

/** An exchange's own ways, which CCXT does not level. */
export interface Quirks {
  /** The money of its accounts: pairs with it are traded, and the desk counts it as dollars. */
  money: string
  /** Requests that look, of one account, and those that order or cancel. */
  looks: Limit
  orders: Limit
  /** What an order says beside its terms. `takenUntil`: the exchange takes it no later than then. `id`: the desk's id for it there. */
  orderWords?(takenUntil: Date, id: string): Record<string, unknown>
  /** What a question for balances says. */
  balanceWords?: object
  /** It takes an order no later than it was told. */
  hasDeadline?: boolean
  /** Lists of more than a page: by their place in the list, else by the time of the last one. */
  isPagedByPlace?: boolean
  /** Entries of one page. */
  page: number
  /** Another price keeps the order and its id. */
  canAmend?: boolean
  /** The rights and the owner of a key, where the exchange tells them. Throws as CCXT does. */
  keyFacts?(exchange: Exchange): Promise<KeyFacts>
}

/** The facts about a key. */
export interface KeyFacts {
  /** The exchange's id of the account; absent: it tells none. */
  account?: string
  mayWithdraw: boolean
  /** Rights that the desk needs and the key lacks, in the exchange's words. */
  lacks: string[]
}

const usual: Quirks = {
  money: 'USD',
  looks: { of: 30, perMs: 60_000 },
  orders: { of: 60, perMs: 60_000 },
  page: 100,
}

const known: Record<string, Partial<Quirks>> = {
  kraken: {
    // The tier of a new account: a counter of 15 that falls by a third in each second; orders are counted apart.
    looks: { of: 15, perMs: 45_000 },
    orders: { of: 60, perMs: 60_000 },
    // The fee in dollars, also of a sale; the order is taken by then, or never.
    orderWords: (takenUntil) => ({ oflags: 'fciq', deadline: takenUntil.toISOString() }),
    hasDeadline: true,
    isPagedByPlace: true,
    page: 50,
    canAmend: true,
    keyFacts: krakenKey,
  },
  coinbase: {
    looks: { of: 300, perMs: 30_000 },
    orders: { of: 300, perMs: 30_000 },
    // CCXT drops its own name for the id here, and sends one of its own.
    orderWords: (_, id) => ({ client_order_id: id }),
    // The older question shows no wallets of Advanced Trade.
    balanceWords: { v3: true },
    keyFacts: coinbaseKey,
  },
  binance: {
    money: 'USDT',
    looks: { of: 200, perMs: 60_000 },
    orders: { of: 50, perMs: 10_000 },
    // A request that comes later than that is refused.
    orderWords: () => ({ recvWindow: 10_000 }),
    hasDeadline: true,
    page: 500,
    keyFacts: binanceKey,
  },
}

/** The ways of an exchange. Those that nobody has tried are asked seldom. */
export const quirksOf = (id: string): Quirks => ({ ...usual, ...known[id] })

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
const objectIn = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const isTrue = (value: unknown) => value === true || value === 'true'

/** Kraken: `GetApiKeyInfo` names the rights and the account. */
async function krakenKey(exchange: Exchange): Promise<KeyFacts> {
  const { result } = objectIn(await exchange.privatePostGetApiKeyInfo!())
  const { permissions, iban } = objectIn(result)
  const rights = texts(permissions)
  return {
    ...(typeof iban === 'string' && iban !== '' && { account: iban.replaceAll(' ', '') }),
    mayWithdraw: rights.includes('withdraw-funds'),
    lacks: ['query-funds', 'query-open-trades', 'modify-trades'].filter((right) => !rights.includes(right)),
  }
}

/** Coinbase: `key_permissions` names the rights and the portfolio. */
async function coinbaseKey(exchange: Exchange): Promise<KeyFacts> {
  const told = objectIn(await exchange.v3PrivateGetBrokerageKeyPermissions!())
  const portfolio = told.portfolio_uuid
  return {
    ...(typeof portfolio === 'string' && portfolio !== '' && { account: portfolio }),
    mayWithdraw: isTrue(told.can_transfer),
    lacks: ['can_view', 'can_trade'].filter((right) => !isTrue(told[right])),
  }
}

/** Binance: `apiRestrictions` names the rights; the account has a number. */
async function binanceKey(exchange: Exchange): Promise<KeyFacts> {
  const told = objectIn(await exchange.sapiGetAccountApiRestrictions!())
  const { uid } = objectIn(await exchange.privateGetAccount!({ omitZeroBalances: 'true' }))
  return {
    ...(uid !== undefined && { account: String(uid) }),
    mayWithdraw: isTrue(told.enableWithdrawals),
    lacks: ['enableReading', 'enableSpotAndMarginTrading'].filter((right) => !isTrue(told[right])),
  }
}
