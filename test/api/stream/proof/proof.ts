import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Kysely, sql } from 'kysely'
import { pino } from 'pino'
import { connectDatabase, type Db } from '../../../../src/infra/db/client.ts'
import { openNotices } from '../../../../src/infra/db/notices.ts'
import type { Database } from '../../../../src/infra/db/schema.ts'
import { wording } from '../../../../src/talk/wording/index.ts'
import { makeToken } from '../../../../src/trading/access/rows/api-tokens.ts'
import { appendEvent } from '../../../../src/trading/events/append-event.ts'
import { openPageReader, type PageReader, type Person } from './page-reader.ts'
import { type RoughProxy, roughProxy } from './rough-proxy.ts'

/** The size of a proof. */
export interface ProofSize {
  streams: number
  perSecond: number
  seconds: number
  /** How often the server is killed. */
  kills: number
  /** Streams of a member: at most six. */
  ofMember: number
}

/** The outcome of a proof. */
export interface ProofResult {
  events: number
  connections: number
  resets: number
  /** A sentence for each reader that missed, doubled or misplaced an event, or saw a foreign one. */
  faults: string[]
  /** Milliseconds from the last commit until every reader had everything. */
  drainedMs: number
}

/** Readers get everything within this time after the end, in milliseconds; else something was lost. */
const patienceMs = 60_000
const program = fileURLToPath(new URL('life.ts', import.meta.url))
const type = 'undone'

/**
 * Lets readers follow while events are appended by transactions that end late, out of order or not at all; the server is killed,
 * and a proxy before it refuses, stalls and cuts. Then compares what each reader got with the log.
 */
export async function prove(
  servers: { databaseUrl: string; redisUrl: string },
  { streams, perSecond, seconds, kills, ofMember }: ProofSize,
  random: () => number,
): Promise<ProofResult> {
  const log = pino({ level: 'silent' })
  const db = connectDatabase(servers.databaseUrl, log, 20)
  const notices = openNotices(db, servers.databaseUrl, log)
  const proxy = await roughProxy(random)
  let life = await begin(servers, proxy)
  try {
    const persons = await people(db, Math.ceil(streams / ofMember))
    const readers = await Promise.all(
      Array.from({ length: streams }, (_, index) =>
        openPageReader(proxy.port, { person: persons[index % persons.length]!, type, random }),
      ),
    )
    const over = new AbortController()
    const trouble = mistreat(proxy, random, over.signal)
    const killing = (async () => {
      for (let kill = 0; kill < kills; kill++) {
        await wait((1000 * seconds) / (kills + 1))
        await end(life)
        await wait(300)
        life = await begin(servers, proxy)
      }
    })()
    const events = await append(db, {
      notices,
      members: persons.map(({ memberId }) => memberId),
      perSecond,
      seconds,
      random,
    })
    const wroteAt = performance.now()
    await killing
    over.abort()
    await trouble
    const expected = await expectedOf(db)
    const isWhole = (reader: PageReader) => reader.ids.length >= (expected.get(reader.memberId)?.length ?? 0)
    while (!readers.every(isWhole) && performance.now() - wroteAt < patienceMs) await wait(20)
    const drainedMs = performance.now() - wroteAt
    // Something that is told twice comes right behind.
    await wait(100)
    for (const reader of readers) reader.close()
    return {
      ...{ events, drainedMs },
      connections: sum(readers.map((reader) => reader.connections)),
      resets: sum(readers.map((reader) => reader.resets)),
      faults: readers.flatMap((reader) => faultIn(reader, expected.get(reader.memberId) ?? []) ?? []),
    }
  } finally {
    await end(life)
    await proxy.close()
    await notices.close()
    await db.destroy()
  }
}

async function begin({ databaseUrl, redisUrl }: { databaseUrl: string; redisUrl: string }, proxy: RoughProxy) {
  const life = spawn(process.execPath, [program, databaseUrl, redisUrl], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [port] = await once(createInterface({ input: life.stdout }), 'line')
  proxy.pointTo(Number(port))
  return life
}

async function end(life: ChildProcess): Promise<void> {
  const closed = once(life, 'close')
  life.kill('SIGKILL')
  await closed
}

/** People with an account each, whose id is the member's, and a token for it. */
export async function people(db: Kysely<Database>, count: number): Promise<Person[]> {
  const { rows } = await sql<{ id: number }>`
    with person as (
      insert into members (name, role) select 'reader ' || n, 'trader' from generate_series(1, ${count}::int) n returning id
    ), identity as (
      insert into member_identities (platform_id, member_id) select 'slack:T1:R' || id, id from person
    )
    insert into accounts (id, member_id) overriding system value select id, id from person order by id returning id`.execute(
    db,
  )
  return Promise.all(
    rows.map(async ({ id }) => {
      const made = await makeToken(db, { memberId: id, accountId: id, name: 'robot', trades: false }, new Date())
      if (typeof made === 'string') throw new Error(`no token: ${made}`)
      return { memberId: id, token: made.token }
    }),
  )
}

/** Refuses, stalls and cuts connections, until it is over. */
async function mistreat(proxy: RoughProxy, random: () => number, signal: AbortSignal): Promise<void> {
  const pause = (ms: number) => wait(ms, undefined, { signal }).catch(() => {})
  while (!signal.aborted) {
    const trouble = Math.floor(3 * random())
    if (trouble === 0) {
      proxy.refuse(true)
      proxy.cut(0.5)
    } else if (trouble === 1) proxy.stall()
    else proxy.cut(0.3)
    await pause(300 + 500 * random())
    if (trouble === 1 && random() < 0.5) proxy.cut(0.5)
    proxy.refuse(false)
    proxy.goOn()
    await pause(300 + 700 * random())
  }
}

/** Appends events, each by its own transaction. Returns the number of those that were committed. */
async function append(
  db: ReturnType<typeof connectDatabase>,
  {
    notices,
    members,
    perSecond,
    seconds,
    random,
  }: {
    notices: ReturnType<typeof openNotices>
    members: number[]
    perSecond: number
    seconds: number
    random: () => number
  },
): Promise<number> {
  const parts = { wording, notices }
  const began = performance.now()
  const working: Promise<number>[] = []
  for (let index = 0; index < perSecond * seconds; index++) {
    const ahead = began + (1000 * index) / perSecond - performance.now()
    if (ahead > 0) await wait(ahead)
    const accountId = members[index % members.length]!
    const lateMs = random() < 0.1 ? 400 * random() : 0
    const isTakenBack = random() < 0.05
    const work = db.transaction().execute(async (trx) => {
      await appendEvent(trx, parts, {
        ...{ type, accountId, memberId: accountId, symbol: 'BYND', at: new Date() },
        data: { what: `thing ${index}` },
      })
      if (lateMs > 0) await wait(lateMs)
      if (isTakenBack) throw new TakenBack()
    })
    working.push(
      work.then(
        () => 1,
        (cause) => {
          if (cause instanceof TakenBack) return 0
          throw cause
        },
      ),
    )
  }
  return sum(await Promise.all(working))
}

class TakenBack extends Error {}

/** Transaction and id of every event of an account, in order. */
async function expectedOf(db: Db): Promise<Map<number, string[]>> {
  const { rows } = await sql<{ account_id: number; place: string }>`
    select account_id, xid::text || '.' || id as place from desk_events where type = ${type} order by xid, id`.execute(
    db,
  )
  const byAccount = Map.groupBy(rows, (row) => row.account_id)
  return new Map([...byAccount].map(([id, own]) => [id, own.map(({ place }) => place)]))
}

function faultIn({ memberId, ids, accounts }: PageReader, expected: string[]): string | undefined {
  const places = ids.map((id) => id.slice(id.indexOf('.') + 1))
  const first = expected.findIndex((place, index) => places[index] !== place)
  if (first >= 0) return `reader of ${memberId}: at ${first} it has ${places[first]} and not ${expected[first]}`
  if (places.length > expected.length)
    return `reader of ${memberId}: ${places.length - expected.length} more than there are`
  if ([...accounts].some((id) => id !== memberId)) return `reader of ${memberId}: events of ${[...accounts]}`
  return undefined
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
