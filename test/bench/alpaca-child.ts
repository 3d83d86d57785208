// The child process of alpaca.bench.ts: a local Alpaca that notes when orders arrive. Every message is answered with one of the
// same kind; `placed` comes by itself.
import { setTimeout as wait } from 'node:timers/promises'
import { startAlpacaServer } from '../platforms/alpaca/server.ts'

/** A question of the bench. */
export type Asked =
  | { kind: 'accounts'; holding: string[][] }
  | { kind: 'price'; symbol: string; price: string }
  | { kind: 'requests' }
  | { kind: 'listening' }
  | { kind: 'cut' }

/** Its answer. */
export interface Answers {
  accounts: { url: string; accounts: { id: string; number: string; keyId: string; secret: string }[] }
  price: object
  /** The number of requests since the last question, and the most of one account. */
  requests: { all: number; most: number }
  listening: { count: number }
  /** Milliseconds until all streams listened again, and the most that came within one second. */
  cut: { tookMs: number; peak: number }
  /** An order arrived, by the machine's monotonic clock in nanoseconds. */
  placed: { at: string }
}

const alpaca = await startAlpacaServer({ isByHand: false })
const { requests } = alpaca
const push = requests.push.bind(requests)
requests.push = (...heard) => {
  const at = String(process.hrtime.bigint())
  for (const { method, path } of heard)
    if (method === 'POST' && path === '/v2/orders') process.send!({ kind: 'placed', at })
  return push(...heard)
}

process.on('message', (asked: Asked) => {
  void answer(asked).then((answered) => process.send!({ kind: asked.kind, ...answered }))
})
process.on('disconnect', () => process.exit())
process.send!({ kind: 'begun' })

async function answer(asked: Asked): Promise<Answers[keyof Answers]> {
  switch (asked.kind) {
    case 'accounts': {
      const accounts = asked.holding.map(() => alpaca.addAccount())
      for (const [index, account] of accounts.entries()) {
        for (const symbol of asked.holding[index]!) {
          alpaca.addAsset(symbol)
          alpaca.setPrice(symbol, '100', '100')
          alpaca.hold(account, symbol, '100', '100')
        }
      }
      return {
        url: alpaca.paperUrl,
        accounts: accounts.map(({ id, number, keyId, secret }) => ({ id, number, keyId, secret })),
      }
    }
    case 'price':
      alpaca.setPrice(asked.symbol, asked.price, asked.price)
      return {}
    case 'requests': {
      const seen = requests.splice(0)
      const each = Map.groupBy(seen, ({ account }) => account)
      return { all: seen.length, most: Math.max(0, ...[...each.values()].map(({ length }) => length)) }
    }
    case 'listening':
      return { count: alpaca.listening().length }
    case 'cut':
      return storm()
  }
}

/** Cuts all streams at once, and looks every few milliseconds how many are back. */
async function storm(): Promise<Answers['cut']> {
  const all = alpaca.listening().length
  alpaca.cutStreams()
  const began = performance.now()
  const seen: { at: number; count: number }[] = [{ at: 0, count: 0 }]
  while (seen.at(-1)!.count < all) {
    await wait(5)
    seen.push({ at: performance.now() - began, count: alpaca.listening().length })
  }
  const within = seen.map(({ at, count }) => {
    const before = seen.findLast((one) => one.at <= at - 1000)
    return count - (before?.count ?? 0)
  })
  return { tookMs: seen.at(-1)!.at, peak: Math.max(...within) }
}
