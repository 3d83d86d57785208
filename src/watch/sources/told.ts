import { z } from 'zod'
import type { ProviderStatus } from '../../base/provider-status.ts'
import type { RedisConnection } from '../../infra/queue/redis.ts'
import type { Parts } from '../../trading/parts.ts'

/** The sources as one process sees them. */
export interface SourcesSeen {
  /** The role of the process: `worker`, `all`, `web`, … */
  role: string
  sources: ProviderStatus[]
}

const key = 'deskhand:sources'
const tellEveryMs = 5000
/** A process that has told nothing for so many milliseconds is gone. */
const forgottenMs = 20_000

const moment = z.coerce.date()
/** A status as another process, perhaps of another version, wrote it. */
const written = z.object({
  at: z.number(),
  role: z.string(),
  sources: z.array(
    z.object({
      name: z.string(),
      isConnected: z.boolean(),
      isAnswering: z.boolean().optional(),
      account: z.string().optional(),
      isAuthenticated: z.boolean().optional(),
      expiresAt: moment.optional(),
      heardAt: moment.optional(),
      delayMs: z.number().optional(),
      feed: z.string().optional(),
      faults: z.number(),
      lastFault: z.object({ at: moment, words: z.string() }).optional(),
      budget: z.object({ left: z.number(), of: z.number(), perMs: z.number() }).optional(),
    }),
  ),
})

/**
 * The connections of this process. A market or a venue without any has a row of its own: it is computed or read here, and always
 * there.
 */
export function ownSources({ market, venues }: Pick<Parts, 'market' | 'venues'>): ProviderStatus[] {
  const ofMarket = market.providers?.() ?? []
  const isNamed = (name: string) => ofMarket.some((one) => wordOf(one.name) === wordOf(name))
  const plain = market.name.split(',').filter((name) => !isNamed(name))
  const ofVenues = venues.all().flatMap((venue) => venue.providers?.() ?? [here(venue.name)])
  return [...ofMarket, ...plain.map(here), ...ofVenues]
}

const here = (name: string): ProviderStatus => ({ name, isConnected: true, faults: 0 })

/** The first word of a source: `alpaca` for `alpaca quotes` and `alpaca account ••1234`. */
export const wordOf = (name: string): string => /^[a-z0-9_]+/i.exec(name)?.[0].toLowerCase() ?? name

/** Has the process a connection to tell of now? Accounts at brokers come and go. */
export const hasConnections = ({ market, venues }: Pick<Parts, 'market' | 'venues'>): boolean =>
  [market, ...venues.all()].some((one) => (one.providers?.() ?? []).length > 0)

/**
 * Tells the other processes every few seconds how the sources look from here, until it is closed. `id` names the process. It is
 * short memory: while Redis is away, each process knows its own connections.
 */
export function tellSources(
  parts: Pick<Parts, 'market' | 'venues' | 'redis' | 'log'>,
  { id, role }: { id: string; role: string },
): { close(): Promise<void> } {
  const { redis, log } = parts
  const tell = async () => {
    if (!hasConnections(parts)) return
    const seen = { at: await timeOf(redis), role, sources: ownSources(parts) }
    await redis.hset(key, id, JSON.stringify(seen))
    await redis.pexpire(key, forgottenMs)
  }
  const tellNow = () => tell().catch((cause) => log.debug({ err: cause }, 'the sources could not be told'))
  let telling = tellNow()
  const timer = setInterval(() => {
    telling = telling.then(tellNow)
  }, tellEveryMs).unref()
  return {
    async close() {
      clearInterval(timer)
      await telling
      await redis.hdel(key, id).catch(() => undefined)
    },
  }
}

/** The sources as all living processes see them. Throws when Redis is away. */
export async function toldSources({ redis, log }: Pick<Parts, 'redis' | 'log'>): Promise<SourcesSeen[]> {
  const [now, rows] = await Promise.all([timeOf(redis), redis.hgetall(key)])
  const seen: SourcesSeen[] = []
  for (const [id, text] of Object.entries(rows)) {
    const parsed = written.safeParse(jsonIn(text))
    if (!parsed.success) {
      log.debug({ process: id }, 'what a process tells of its sources cannot be read')
      continue
    }
    const { at, role, sources } = parsed.data
    if (now - at <= forgottenMs) seen.push({ role, sources })
    else if (now - at > 2 * forgottenMs) await redis.hdel(key, id)
  }
  return seen
}

/** Redis alone measures the time, so that no two clocks are compared; in milliseconds. */
async function timeOf(redis: RedisConnection): Promise<number> {
  const [seconds, micros] = await redis.time()
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
