import { setTimeout as wait } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'
import type { Database } from './schema.ts'

/**
 * Milliseconds: the wait before a lost listening connection is opened again, how often a quiet one is checked, and its time
 * to answer.
 */
const reconnectMs = 250
const checkEveryMs = 5000
const answersWithinMs = 2000
/** The moment of `sendSoon`, in milliseconds: most transactions end within it. */
const soonMs = 25

/**
 * Messages between processes over Postgres. It is no queue: a process that is not listening misses them, and reads the tables
 * instead.
 */
export interface Notices {
  /** Sends a message on a channel, at once and outside of any transaction. Throws when Postgres does not take it. */
  send(channel: string, payload?: string): Promise<void>
  /**
   * Sends a message without a payload a moment later; all of that moment become one. For what happens often, and inside of
   * transactions that are about to end. A failure is only logged.
   */
  sendSoon(channel: string): void
  /**
   * Calls `heard` with every payload on a channel. Calls `missed` when payloads may have been lost: after each loss of the
   * connection, and when it is first opened. Returns a function that stops it.
   */
  hear(channel: string, heard: (payload: string) => void, missed?: () => void): () => void
  close(): Promise<void>
}

interface Ear {
  channel: string
  heard(payload: string): void
  missed?(): void
}

/** Opens the notices of a process. One connection listens for all channels, from the first `hear` on. */
export function openNotices(db: Kysely<Database>, url: string, log: Logger): Notices {
  const ears = new Set<Ear>()
  const closing = new AbortController()
  const soon = new Map<string, NodeJS.Timeout>()
  let client: pg.Client | undefined
  let living: Promise<void> | undefined

  /** Runs one connection until it is lost or closed. */
  async function live(): Promise<void> {
    const own = new pg.Client({
      connectionString: url,
      keepAlive: true,
      pipeline: true,
      connectionTimeoutMillis: answersWithinMs,
      query_timeout: answersWithinMs,
    })
    const lost = new Promise<void>((resolve) => {
      own.once('error', () => resolve())
      own.once('end', () => resolve())
    })
    // A connection that fails while it ends needs a listener, or the error would end the process.
    own.on('error', () => {})
    own.on('notification', ({ channel, payload = '' }) => {
      for (const ear of ears) if (ear.channel === channel) ear.heard(payload)
    })
    try {
      await own.connect()
      client = own
      for (const channel of new Set([...ears].map((ear) => ear.channel))) await listen(own, channel)
      for (const ear of ears) ear.missed?.()
      while (!closing.signal.aborted) {
        await Promise.race([lost, pause(checkEveryMs)])
        await own.query('select 1')
      }
    } finally {
      client = undefined
      void own.end().catch(() => {})
    }
  }

  async function liveOn(): Promise<void> {
    while (!closing.signal.aborted) {
      await live().catch((cause) => {
        if (!closing.signal.aborted) log.warn({ err: cause }, 'notices of other processes cannot be heard')
      })
      await pause(reconnectMs)
    }
  }

  const pause = (ms: number) => wait(ms, undefined, { signal: closing.signal }).catch(() => {})

  async function send(channel: string, payload = ''): Promise<void> {
    await sql`select pg_notify(${channel}, ${payload})`.execute(db)
  }

  return {
    send,
    sendSoon(channel) {
      if (soon.has(channel) || closing.signal.aborted) return
      const sending = setTimeout(() => {
        soon.delete(channel)
        send(channel).catch((cause) => log.warn({ err: cause, channel }, 'other processes were not notified'))
      }, soonMs)
      soon.set(channel, sending)
    },
    hear(channel, heard, missed) {
      const ear: Ear = { channel, heard, missed }
      ears.add(ear)
      if (client) {
        listen(client, channel).then(
          () => missed?.(),
          (cause) => log.warn({ err: cause }, 'notices of other processes cannot be heard'),
        )
      }
      living ??= liveOn()
      return () => void ears.delete(ear)
    },
    async close() {
      closing.abort()
      for (const sending of soon.values()) clearTimeout(sending)
      await living
    },
  }
}

async function listen(client: pg.Client, channel: string): Promise<void> {
  await client.query(`listen ${client.escapeIdentifier(channel)}`)
}
