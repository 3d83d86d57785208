import { sql } from 'kysely'
import type { Config } from '../../../config.ts'
import type { Db } from '../../../infra/db/client.ts'
import { type Check, down, type HealthParts, ok, warn } from '../check.ts'

/** Differences in milliseconds: brokers and exchanges refuse signed requests whose time is some seconds off. */
const offMs = 2000
const wrongMs = 10_000
/** A `Date` header counts whole seconds. */
const headerGrainMs = 1000
const answersWithinMs = 3000

/** This machine's clock beside the database's, and the database's beside those of venues in use. */
export const clock: Check = {
  name: 'clock',
  of: 'machine',
  stops:
    'The desk goes by the database’s clock. While clocks differ, exchanges refuse signed requests, and a wrong clock of the database carries out orders for a time of day early or late.',
  async look(parts) {
    const { db, machine } = parts
    const ours = await offset(machine.now, () => timeOf(db))
    const venues = await Promise.all(
      (await hostsInUse(parts)).map(async ([name, url]) => {
        const between = await offset(machine.now, () => headerOf(url)).catch(() => undefined)
        return between === undefined ? [] : [{ name, ms: between - ours, grain: headerGrainMs }]
      }),
    )
    const all = [{ name: 'this machine', ms: -ours, grain: 0 }, ...venues.flat()]
    const worst = all.toSorted((one, other) => beyond(other) - beyond(one))[0]!
    const seconds = (Math.abs(worst.ms) / 1000).toFixed(1)
    const words = `${worst.name} is ${seconds} s ${worst.ms > 0 ? 'ahead of' : 'behind'} the database`
    if (beyond(worst) >= wrongMs) return down(words)
    return beyond(worst) >= offMs ? warn(words) : ok(`${words}${venues.flat().length > 0 ? ', others less' : ''}`)
  },
}

const beyond = ({ ms, grain }: { ms: number; grain: number }) => Math.max(0, Math.abs(ms) - grain)

/** By how many milliseconds another clock is ahead of ours; the moment of its answer is taken in the middle of the question. */
async function offset(now: () => number, ask: () => Promise<number>): Promise<number> {
  const [began, beganAt] = [now(), performance.now()]
  const theirs = await ask()
  return theirs - (began + (performance.now() - beganAt) / 2)
}

async function timeOf(db: Db): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(db)
  return rows[0]!.ms
}

/** Any answer has the header: nothing is asked for, and no key is shown. */
async function headerOf(url: string): Promise<number> {
  const answer = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(answersWithinMs) })
  const ms = Date.parse(answer.headers.get('date') ?? '')
  if (Number.isNaN(ms)) throw new Error('no Date header')
  return ms + headerGrainMs / 2
}

/** The addresses of brokers that have a linked account, or that give prices. */
async function hostsInUse({ db, config, market }: HealthParts): Promise<[name: string, url: string][]> {
  const linked = await db
    .selectFrom('accounts')
    .select('venue')
    .distinct()
    .where('venue', '<>', 'paper')
    .where('unlinked_at', 'is', null)
    .execute()
  const names = new Set([...linked.map(({ venue }) => venue), ...market.name.split(',').map((name) => name.trim())])
  return Object.entries(addresses(config)).filter(([name]) => names.has(name))
}

const addresses = (config: Config): Record<string, string> => ({
  ...Object.fromEntries(config.CCXT_URLS),
  alpaca: config.ALPACA_API,
  tradestation: config.TRADESTATION_API,
})
