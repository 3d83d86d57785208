import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Big } from '../../../base/amounts.ts'
import { type Exchange, UnknownExchange } from '../../../infra/exchanges/exchange.ts'
import { venueTitle } from '../../../trading/accounts/rules/account-mode.ts'
import { createCcxtClient, trace } from '../../ccxt/client.ts'
import { createClients } from '../../ccxt/clients.ts'
import { exchangeIdOf } from '../../ccxt/order-map.ts'
import { type Quirks, quirksOf } from '../../ccxt/quirks.ts'
import { createBudgets } from '../../shared/budgets.ts'
import { VenueError } from '../../venue.ts'
import type { Credentials } from '../credentials.ts'
import type { Checked, Linkable } from '../linkable.ts'

/** Everything that a venue must be able to do, by CCXT's words. Of a list with two the exchange needs one. */
const needed = [
  ['createOrder'],
  ['cancelOrder'],
  ['fetchOrder'],
  ['fetchOpenOrders'],
  ['fetchClosedOrders', 'fetchOrders'],
  ['fetchMyTrades'],
  ['fetchBalance'],
]
/** The whole look must be over within this time, in milliseconds. */
const withinMs = 8000
const keysPages: Record<string, string> = {
  kraken: 'https://pro.kraken.com/app/settings/api',
  coinbase: 'https://portal.cdp.coinbase.com/access/api',
  binance: 'https://www.binance.com/en/my/settings/api-management',
}

/** The abilities that an exchange lacks for the desk, in CCXT's words. */
export const lacksOf = ({ has, requiredCredentials = {} }: Pick<Exchange, 'has' | 'requiredCredentials'>): string[] => {
  const isThere = (name: string) => has[name] === true || has[name] === 'emulated'
  const missing = needed.filter((names) => !names.some(isThere)).map((names) => names.join(' or '))
  const more = Object.keys(requiredCredentials).filter(
    (name) => requiredCredentials[name] && !['apiKey', 'secret'].includes(name),
  )
  return [...(has.spot === true ? [] : ['spot']), ...missing, ...more.map((name) => `keys without a ${name}`)]
}

/**
 * Does an order carry the id that the desk gives it? Without it, one without an answer could not be found again. It is tried with an order that
 * is made and not sent.
 */
export async function carriesId(exchange: Exchange, { orderWords }: Quirks): Promise<boolean> {
  const pair = Object.values(exchange.markets ?? {}).find((one) => one.spot !== false && one.active !== false)
  if (!pair) return false
  const id = exchangeIdOf('a trial', 0)
  const sent = exchange.fetchImplementation
  let carried = ''
  exchange.fetchImplementation = async (url, { body, headers }) => {
    carried += `${url} ${String(body)} ${JSON.stringify(headers)}`
    throw new TypeError('this order is not sent')
  }
  try {
    const { amount, price } = { amount: pair.limits.amount?.min ?? '1', price: pair.precision.price ?? '1' }
    const words = { clientOrderId: id, ...orderWords?.(new Date(Date.now() + 15_000), id) }
    await exchange.createOrder(pair.symbol, 'limit', 'sell', amount, price, words)
  } catch {
    // It was meant to fail.
  } finally {
    exchange.fetchImplementation = sent
  }
  return carried.includes(id)
}

/** An exchange that CCXT knows as a venue whose accounts members link, by keys. Its client is loaded with the first look. */
export function linkCcxt(exchange: string, urls?: string): Linkable {
  const title = venueTitle(exchange)
  const page = keysPages[exchange] ?? `${title}’s page for API keys`
  return {
    venue: exchange,
    title,
    keysPage: { paper: page, live: `${page}, with the right to trade and without the right to withdraw` },
    async check(_, credentials) {
      const over = new AbortController()
      const late = wait(withinMs, away(title), { signal: over.signal, ref: false }).catch(() => away(title))
      return Promise.race([look(exchange, title, urls, credentials), late]).finally(() => over.abort())
    },
  }
}

const away = (title: string): Checked => ({ outcome: 'away', words: `${title} did not answer.` })

async function look(id: string, title: string, urls: string | undefined, credentials: Credentials): Promise<Checked> {
  if (credentials.kind !== 'keys') return { outcome: 'wrong', words: `${title} takes keys only.` }
  const quirks = quirksOf(id)
  const budget = createBudgets({ of: 20, perMs: 60_000 })
  const client = createCcxtClient({
    title,
    access: {
      of: async () => ({ mode: 'live', credentials }),
      refused: async () => false,
      accounts: async () => [],
    },
    clients: createClients(id, { urls, prepare: (exchange) => trace(exchange, () => {}) }),
    budgets: { looks: budget, orders: budget },
    news: { answered() {}, failed() {} },
    patienceMs: { order: withinMs, look: withinMs },
  })
  try {
    const exchange = await client.open('new')
    const lacks = lacksOf(exchange)
    if (lacks.length === 0 && !(await carriesId(exchange, quirks))) lacks.push('orders with an id of the desk’s')
    if (lacks.length > 0)
      return { outcome: 'unfit', words: `${title} lacks what the desk needs of an exchange: ${lacks.join(', ')}.` }
    const facts = quirks.keyFacts && (await client.look('new', quirks.keyFacts))
    if (facts?.outcome === 'refused') return { outcome: 'wrong', words: `${title} does not take them: ${facts.words}.` }
    if (facts?.value.mayWithdraw)
      return { outcome: 'unfit', words: 'This key may withdraw money. Make one that may not, and give that.' }
    if (facts && facts.value.lacks.length > 0)
      return { outcome: 'unfit', words: `This key lacks rights that the desk needs: ${facts.value.lacks.join(', ')}.` }
    const told = await client.look('new', (exchange) => exchange.fetchBalance(quirks.balanceWords))
    if (told.outcome === 'refused') return { outcome: 'wrong', words: `${title} does not take them: ${told.words}.` }
    const { total = {}, free = {} } = told.value
    // Where an exchange names no account, each key is one.
    const account =
      facts?.value.account ?? `key-${createHash('sha256').update(credentials.keyId).digest('hex').slice(0, 16)}`
    return {
      outcome: 'found',
      found: {
        account,
        maskedNumber: `••••${account.slice(-4)}`,
        cash: new Big(total[quirks.money] || 0),
        buyingPower: new Big(free[quirks.money] || 0),
      },
    }
  } catch (cause) {
    if (cause instanceof VenueError && cause.cause instanceof UnknownExchange)
      return { outcome: 'unfit', words: `CCXT knows no exchange ${id}.` }
    return away(title)
  }
}
