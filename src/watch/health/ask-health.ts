import { setTimeout as wait } from 'node:timers/promises'
import { isBeating } from '../../infra/queue/heartbeat.ts'
import type { Parts } from '../../trading/parts.ts'
import { type HealthRow, healthRows } from './rows.ts'
import type { HealthState } from './rules/follow.ts'
import { checks } from './table.ts'
import { lookChannel } from './watch-health.ts'

/** Somebody who asks waits no longer for the workers, in milliseconds. */
const withinMs = 7000
const againMs = 50
/** A look is new for so many milliseconds, however many people ask. */
const freshMs = 5000

/** A part of the desk as health shows it. */
export interface ShownHealth {
  name: string
  /** The machine, for a part of one. */
  machine?: string
  state: HealthState
  words: string
  since: Date
  lookedAt: Date
  stops: string
}

/** The health of the desk. */
export interface Health {
  /** The worst state of all parts; `down` when no worker looks. */
  state: HealthState
  parts: ShownHealth[]
  /** No worker has looked when it was asked to. */
  isUnwatched: boolean
}

/**
 * Shows the parts as workers have seen them within some seconds; if they have not, it asks for a look and waits for it. Without one it shows
 * what was found last, and says so.
 */
export async function askHealth(parts: Pick<Parts, 'db' | 'redis' | 'notices' | 'clock'>): Promise<Health> {
  const { db, redis, notices, clock } = parts
  const from = new Date(clock.now().getTime() - freshMs)
  const isNew = (rows: HealthRow[]) =>
    checks.every((check) => rows.some((row) => nameOf(row.name) === check.name && row.lookedAt >= from))
  let rows = await healthRows(db)
  // Nobody waits for workers that are not there. While Redis is away nobody knows whether they are.
  if (isNew(rows) || !(await isBeating(redis).catch(() => true))) return shown(rows, !isNew(rows))
  await notices.send(lookChannel)
  for (const until = performance.now() + withinMs; !isNew(rows) && performance.now() < until; ) {
    await wait(againMs)
    rows = await healthRows(db)
  }
  return shown(rows, !isNew(rows))
}

function shown(rows: HealthRow[], isUnwatched: boolean): Health {
  const parts = checks.flatMap((check) =>
    rows
      .filter((row) => nameOf(row.name) === check.name)
      .map(({ name, state, words, since, lookedAt }): ShownHealth => {
        const machine = name.includes('@') ? name.slice(name.indexOf('@') + 1) : undefined
        return { name: check.name, ...(machine && { machine }), state, words, since, lookedAt, stops: check.stops }
      }),
  )
  const states = new Set(parts.map(({ state }) => state))
  const worst = isUnwatched || states.has('down') ? 'down' : states.has('warn') ? 'warn' : 'ok'
  return { state: worst, parts, isUnwatched }
}

const nameOf = (row: string) => row.split('@')[0]!
