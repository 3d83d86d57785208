// Linked accounts at a local broker in a process of its own: from the tick that touches a stop to the order on the wire, beside a
// bare POST to the same server; looks at 50 accounts against the budget of requests; memory an account; and all streams cut at once.
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql } from 'kysely'
import { startWorker } from '../../jobs/worker.ts'
import type { Desk } from '../../src/desk.ts'
import { calendarOf } from '../../src/market/calendar.ts'
import { lookAt } from '../../src/trading/reconcile/look.ts'
import { readCredentialKeys } from '../../src/venues/links/credential-keys.ts'
import { seal } from '../../src/venues/links/vault.ts'
import type { Answers, Asked } from './broker-child.ts'
import { percentile, report } from './figures.ts'
import { handMarket, holdAndProtect, openDesk, watched } from './stopped-desk.ts'

const busy = 50
const symbolsEach = 4
const closes = busy * symbolsEach
const many = 200
const storms = 5
const sweeps = 9
/** Accounts that a worker looks at at once. */
const atOnce = 10

/** Brokers have symbols of letters: `SAA` is the first. */
function symbolOf(index: number): string {
  return `S${String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26))}`
}

const credentialKeys = `k1:${randomBytes(32).toString('base64')}`
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** A broker at which linked accounts are measured. */
export interface BenchedBroker {
  venue: 'alpaca' | 'tradestation'
  /** The program of its local server. */
  child: URL
  /** Requests of a kind that it takes from an account in a minute. */
  budget: number
}

/** The next session of the exchange has begun half an hour ago, whatever the machine's clock says. */
const aheadMs = aheadOf(new Date())
const now = () => new Date(Date.now() + aheadMs)

function aheadOf(at: Date): number {
  const calendar = calendarOf('')
  return calendar.sessionAt(at) ? 0 : calendar.nextSession(at).open.getTime() + 1_800_000 - at.getTime()
}

/** Measures linked accounts at a broker, and ends the process. */
export async function benchLinked(broker: BenchedBroker): Promise<never> {
  // First, while nothing has been freed that later work would use again.
  await manyAccounts(broker)
  await busyAccounts(broker)
  process.exit()
}

async function busyAccounts({ venue, child, budget }: BenchedBroker): Promise<void> {
  const broker = await openBroker(child)
  const { environment, accounts } = await broker.ask({
    kind: 'accounts',
    holding: Array.from({ length: busy }, (_, account) =>
      Array.from({ length: symbolsEach }, (_, n) => symbolOf(account * symbolsEach + n)),
    ),
  })
  const market = handMarket(closes, symbolOf, now)
  const { desk, close } = await openLinkedDesk(market, environment)
  await holdAndProtect(desk, closes, symbolOf)
  // The positions of four people become those of one linked account.
  await link(desk, venue, accounts, 1)
  await sql`update positions set account_id = 1 + (id - 1) / ${symbolsEach}::int`.execute(desk.parts.db)
  await sql`update protective_orders set account_id = 1 + (id - 1) / ${symbolsEach}::int`.execute(desk.parts.db)
  await sweepsOf(desk, venue, broker)
  const worker = startWorker(desk)
  await watched(desk, market)
  await areLookedAfter(desk, broker, busy)
  await minuteAtRest(broker, budget)
  await tickToWire(desk, market, broker, accounts)
  await worker.close()
  const { rows } = await sql<{ wrong: number }>`select
    count(*)::int as wrong from positions where signed_quantity <> 0 or working_quantity <> 0`.execute(desk.parts.db)
  if (rows[0]?.wrong !== 0) throw new Error(`${rows[0]?.wrong} positions were not closed`)
  await close()
  broker.close()
}

/** All accounts, as a worker looks at them. */
async function sweepsOf({ parts }: Desk, venue: string, broker: Broker): Promise<void> {
  const { rows } = await sql<{ id: number }>`select id from accounts where venue = ${venue}`.execute(parts.db)
  const sweep = async () => {
    const left = [...rows]
    const began = performance.now()
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let row = left.shift(); row; row = left.shift()) await lookAt(parts, { accountId: row.id })
      }),
    )
    return performance.now() - began
  }
  // The first look reads the past.
  await sweep()
  await broker.ask({ kind: 'requests' })
  const took: number[] = []
  for (let sample = 0; sample < sweeps; sample++) took.push(await sweep())
  const { all } = await broker.ask({ kind: 'requests' })
  report({
    figure: `a look at ${busy} linked accounts with ${symbolsEach} positions each, ${atOnce} at once`,
    value: percentile(took, 0.5),
    unit: 'ms',
    samples: sweeps,
    note: `slowest ${Math.round(Math.max(...took))} ms; ${all / sweeps / busy} requests a look`,
  })
}

async function minuteAtRest(broker: Broker, budget: number): Promise<void> {
  await broker.ask({ kind: 'requests' })
  await wait(60_000)
  const { all, most } = await broker.ask({ kind: 'requests' })
  report({
    figure: `requests a minute of an account with open positions at rest, the busiest of ${busy}`,
    value: most,
    unit: 'requests',
    goal: `at most a quarter of the budget of ${budget}`,
    holds: most <= budget / 4,
    note: `${Math.round(all / busy)} on average`,
  })
}

async function tickToWire(
  desk: Desk,
  market: ReturnType<typeof handMarket>,
  broker: Broker,
  accounts: Answers['accounts']['accounts'],
): Promise<void> {
  const samples: number[] = []
  const floors: number[] = []
  for (let index = 0; index < closes; index++) {
    const symbol = symbolOf(index)
    await broker.ask({ kind: 'price', symbol, price: '90' })
    const began = process.hrtime.bigint()
    const placed = broker.placed()
    market.jump(symbol, 90)
    samples.push(Number((await placed) - began) / 1e6)
    await until(async () => {
      const { rows } = await sql`select from positions where id = ${index + 1} and closed_at is not null`.execute(
        desk.parts.db,
      )
      return rows.length === 1
    })
    floors.push(await barePost(broker, accounts[index % busy]!))
  }
  for (const [name, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    report({
      figure: `tick to the order on the wire, ${name}`,
      value: percentile(samples, share),
      unit: 'ms',
      floor: percentile(floors, share),
      floorOf: 'a bare POST of an order to the same server, in turn',
      samples: closes,
      note: 'two transactions are committed before the order is sent: the event, and the order',
    })
  }
}

/** Milliseconds until a plain order has arrived. */
async function barePost(broker: Broker, { bare }: Answers['accounts']['accounts'][number]) {
  const { url, headers, body } = bare
  const began = process.hrtime.bigint()
  const placed = broker.placed()
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  await response.text()
  return Number((await placed) - began) / 1e6
}

async function manyAccounts({ venue, child }: BenchedBroker): Promise<void> {
  const broker = await openBroker(child)
  const { environment, accounts } = await broker.ask({
    kind: 'accounts',
    holding: Array.from({ length: many + 10 }, () => []),
  })
  const { desk, close } = await openLinkedDesk(handMarket(1, undefined, now), environment)
  await sql`insert into members (name, role) select 'trader ' || n, 'trader' from generate_series(1, ${many + 10}::int) n`.execute(
    desk.parts.db,
  )
  await sql`insert into accounts (member_id) select id from members order by id`.execute(desk.parts.db)
  // The code that the first accounts need is loaded before.
  await link(desk, venue, accounts.slice(0, 10), 1)
  const worker = startWorker(desk)
  await areLookedAfter(desk, broker, 10)
  const before = occupied()
  await link(desk, venue, accounts.slice(10), 11)
  await areLookedAfter(desk, broker, many + 10)
  const after = occupied()
  report({
    figure: 'memory of a linked account at rest, heap after collection',
    value: (after.heap - before.heap) / many / 1000,
    unit: 'kB',
    samples: many,
    note: `${Math.round((after.rss - before.rss) / many / 1000)} kB of the resident set`,
  })
  const results: Answers['cut'][] = []
  for (let storm = 0; storm < storms; storm++) results.push(await broker.ask({ kind: 'cut' }))
  report({
    figure: `${many + 10} streams cut at once: all listen again`,
    value: percentile(
      results.map(({ tookMs }) => tookMs),
      0.5,
    ),
    unit: 'ms',
    samples: storms,
    note: `slowest ${Math.round(Math.max(...results.map(({ tookMs }) => tookMs)))} ms; at most ${Math.max(...results.map(({ peak }) => peak))} came within a second`,
  })
  await worker.close()
  await close()
  broker.close()
}

function openLinkedDesk(market: ReturnType<typeof handMarket>, environment: Record<string, string>) {
  // A cut stream is a warning each.
  const all = { CREDENTIALS_KEYS: credentialKeys, ...environment, LOG_LEVEL: 'error' }
  return openDesk(market, all, { now, scale: 1 })
}

/** Makes accounts of the desk, from this id on, into linked ones. */
async function link(
  { parts }: Desk,
  venue: string,
  accounts: Answers['accounts']['accounts'],
  firstId: number,
): Promise<void> {
  const keys = readCredentialKeys(credentialKeys)
  for (const [index, { id, masked, credentials }] of accounts.entries()) {
    const expiresAt =
      credentials.kind === 'oauth' && credentials.expiresAt ? new Date(credentials.expiresAt) : undefined
    const given = credentials.kind === 'oauth' ? { ...credentials, expiresAt } : credentials
    const sealed = seal(keys, given, { venue, account: id, mode: 'paper' })
    const accountId = firstId + index
    await parts.db
      .updateTable('accounts')
      .set({ venue, venue_account: id, masked_number: masked })
      .where('id', '=', accountId)
      .execute()
    await parts.db
      .insertInto('venue_credentials')
      .values({
        ...{ account_id: accountId, kind: credentials.kind, key_id: sealed.keyId, wrapped_key: sealed.wrappedKey },
        ...{
          sealed: sealed.sealed,
          expires_at: expiresAt ?? null,
          refreshed_at: null,
          refused_at: null,
          refused_because: null,
        },
      })
      .execute()
  }
}

/** Waits until all accounts were looked at, and their streams listen. */
async function areLookedAfter({ parts }: Desk, broker: Broker, count: number): Promise<void> {
  await until(async () => {
    const { rows } = await sql<{ seen: number }>`select count(*)::int as seen from account_looks`.execute(parts.db)
    const { count: listening } = await broker.ask({ kind: 'listening' })
    return rows[0]!.seen >= count && listening >= count
  })
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`does not come: ${holds}`)
    await wait(5)
  }
}

/** Bytes in use after garbage collection. */
function occupied(): { rss: number; heap: number } {
  for (let time = 0; time < 3; time++) collect()
  const { rss, heapUsed: heap } = process.memoryUsage()
  return { rss, heap }
}

interface Broker {
  ask<Kind extends Asked['kind']>(asked: Extract<Asked, { kind: Kind }>): Promise<Answers[Kind]>
  /** The moment at which the next order arrives, by the monotonic clock in nanoseconds. */
  placed(): Promise<bigint>
  close(): void
}

async function openBroker(file: URL): Promise<Broker> {
  const child = fork(file, [String(aheadMs)])
  const next = <Kind extends keyof Answers>(kind: Kind) =>
    new Promise<Answers[Kind]>((resolve) => {
      const hear = (message: { kind: string } & Answers[Kind]) => {
        if (message.kind !== kind) return
        child.off('message', hear)
        resolve(message)
      }
      child.on('message', hear)
    })
  await once(child, 'message')
  return {
    ask(asked) {
      const answered = next(asked.kind)
      child.send(asked)
      return answered
    },
    placed: async () => BigInt((await next('placed')).at),
    close: () => void child.disconnect(),
  }
}
