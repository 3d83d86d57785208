import { type Exchange, loadExchange } from '../../infra/exchanges/exchange.ts'

/** The clients of an exchange in a process: they are loaded with the first question, and share the list of pairs. */
export interface Clients {
  /** A client without keys, with its pairs. Throws as CCXT does. */
  open(): Promise<Exchange>
  /** The client of a key, with the pairs. Throws as CCXT does. */
  of(keyId: string, secret: string): Promise<Exchange>
  /** Another client of a key, for one stream: who ends the stream closes it. */
  ofStream(keyId: string, secret: string): Promise<Exchange>
}

/** The list of pairs is read again after so many milliseconds. */
const pairsForMs = 60 * 60_000
/** Clients of more keys than this are not kept. */
const most = 1000

/** Creates them. `prepare` is called with each client before its first request. */
export function createClients(
  id: string,
  { urls, prepare }: { urls?: string; prepare(exchange: Exchange): void },
): Clients {
  const byKey = new Map<string, { secret: string; exchange: Exchange }>()
  const nonces = new Map<string, () => number>()
  let base: { read: Promise<Exchange>; until: number } | undefined

  async function load(): Promise<Exchange> {
    const exchange = await loadExchange(id, { urls })
    prepare(exchange)
    return exchange
  }

  function open(): Promise<Exchange> {
    if (base && performance.now() < base.until) return base.read
    const before = base
    const read = (async () => {
      const exchange = before ? await before.read.catch(load) : await load()
      await exchange.loadMarkets(true)
      for (const one of byKey.values()) one.exchange.setMarketsFromExchange(exchange)
      return exchange
    })()
    const mine = { read, until: performance.now() + pairsForMs }
    base = mine
    read.catch(() => {
      // An old list is better than none.
      if (base === mine) base = before && { read: before.read, until: performance.now() + 60_000 }
    })
    return before ? before.read.catch(() => read) : read
  }

  async function withKeys(keyId: string, secret: string): Promise<Exchange> {
    const from = await open()
    const exchange = await load()
    exchange.apiKey = keyId
    // Keys that are several lines long are given in one.
    exchange.secret = secret.replaceAll('\\n', '\n')
    const nonce = nonces.get(keyId) ?? increasing()
    nonces.set(keyId, nonce)
    exchange.nonce = nonce
    exchange.setMarketsFromExchange(from)
    return exchange
  }

  return {
    open,
    async of(keyId, secret) {
      await open()
      const known = byKey.get(keyId)
      if (known?.secret === secret) return known.exchange
      const exchange = await withKeys(keyId, secret)
      byKey.set(keyId, { secret, exchange })
      if (byKey.size > most) byKey.delete(byKey.keys().next().value!)
      return exchange
    },
    ofStream: withKeys,
  }
}

/** Nonces of one key: microseconds of the machine's clock, and each larger than the one before. */
function increasing(): () => number {
  let last = 0
  return () => {
    last = Math.max(last + 1, Date.now() * 1000)
    return last
  }
}
