// The child process of a bench of linked accounts: a local broker that notes when orders arrive. Every message is answered with one of the
// same kind; `placed` comes by itself.
import { setTimeout as wait } from 'node:timers/promises'
import type { Credentials } from '../../src/venues/links/credentials.ts'

/** A question of the bench. */
export type Asked =
  | { kind: 'accounts'; holding: string[][] }
  | { kind: 'price'; symbol: string; price: string }
  | { kind: 'requests' }
  | { kind: 'listening' }
  | { kind: 'cut' }

/** Its answer. */
export interface Answers {
  accounts: { environment: Record<string, string>; accounts: AccountAtBench[] }
  price: object
  /** The number of requests since the last question, and the most of one account and kind. */
  requests: { all: number; most: number }
  listening: { count: number }
  /** Milliseconds until all streams listened again, and the most that came within one second. */
  cut: { tookMs: number; peak: number }
  /** An order arrived, by the machine's monotonic clock in nanoseconds. */
  placed: { at: string }
}

/** An account, the way into it, and a plain order of it as a request. */
export interface AccountAtBench {
  id: string
  masked: string
  credentials: Credentials
  bare: { url: string; headers: Record<string, string>; body: object }
}

interface Heard {
  method: string
  path: string
  account?: string
}

/** A local broker, as its bench uses it. */
export interface BrokerAtBench {
  environment: Record<string, string>
  requests: Heard[]
  isPlacement(heard: Heard): boolean
  /** Requests that the broker counts together have the same kind. */
  kindOf(heard: Heard): string
  /** A new account that holds 100 of each symbol, at $100. */
  open(symbols: string[]): AccountAtBench
  setPrice(symbol: string, price: string): void
  listening(): number
  cutStreams(): void
}

/** Answers the questions of a bench until it ends. */
export function serveBench(broker: BrokerAtBench): void {
  const { requests } = broker
  const push = requests.push.bind(requests)
  requests.push = (...heard) => {
    const at = String(process.hrtime.bigint())
    for (const one of heard) if (broker.isPlacement(one)) process.send!({ kind: 'placed', at })
    return push(...heard)
  }
  process.on('message', (asked: Asked) => {
    void answer(broker, asked).then((answered) => process.send!({ kind: asked.kind, ...answered }))
  })
  process.on('disconnect', () => process.exit())
  process.send!({ kind: 'begun' })
}

async function answer(broker: BrokerAtBench, asked: Asked): Promise<Answers[keyof Answers]> {
  switch (asked.kind) {
    case 'accounts':
      return { environment: broker.environment, accounts: asked.holding.map((symbols) => broker.open(symbols)) }
    case 'price':
      broker.setPrice(asked.symbol, asked.price)
      return {}
    case 'requests': {
      const seen = broker.requests.splice(0)
      const each = Map.groupBy(seen, (heard) => `${heard.account} ${broker.kindOf(heard)}`)
      return { all: seen.length, most: Math.max(0, ...[...each.values()].map(({ length }) => length)) }
    }
    case 'listening':
      return { count: broker.listening() }
    case 'cut':
      return storm(broker)
  }
}

/** Cuts all streams at once, and looks every few milliseconds how many are back. */
async function storm(broker: BrokerAtBench): Promise<Answers['cut']> {
  const all = broker.listening()
  broker.cutStreams()
  const began = performance.now()
  const seen: { at: number; count: number }[] = [{ at: 0, count: 0 }]
  while (seen.at(-1)!.count < all) {
    await wait(5)
    seen.push({ at: performance.now() - began, count: broker.listening() })
  }
  const within = seen.map(({ at, count }) => {
    const before = seen.findLast((one) => one.at <= at - 1000)
    return count - (before?.count ?? 0)
  })
  return { tookMs: seen.at(-1)!.at, peak: Math.max(...within) }
}
