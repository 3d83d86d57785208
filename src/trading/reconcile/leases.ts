import { randomUUID } from 'node:crypto'
import type { Parts } from '../parts.ts'
import { type AccountLease, leaseMs, leaveLeases, renewLeases } from './rows/leases.ts'

/** The leases of one process. */
export interface Leases {
  /** Renews, takes and lets go; then makes the venues follow exactly the accounts that are held. */
  renew(): Promise<void>
  /** The accounts that this process looks after now. */
  held(): AccountLease[]
  /** Is this lease still good, by the clock of this process? */
  isHeld(lease: AccountLease): boolean
  /** Lets all go, so that others take over at once. */
  close(): Promise<void>
}

/**
 * Leases of linked accounts for one process. By its own monotonic clock a lease ends before the database lets others have it, so
 * a process that stood still stops before it acts; what it had begun is fenced by the generation.
 */
export function createLeases(parts: Pick<Parts, 'db' | 'venues' | 'log'>, holder: string = randomUUID()): Leases {
  const linked = parts.venues.all().filter(({ capabilities }) => capabilities.isLinked)
  const names = linked.map(({ name }) => name)
  let leases: AccountLease[] = []
  let goodUntil = 0
  let followed = ''
  const isGood = () => performance.now() < goodUntil
  const held = () => (isGood() ? leases : [])

  async function follow(): Promise<void> {
    const places = await Promise.all(held().map(({ accountId }) => parts.venues.of(accountId)))
    const wanted = JSON.stringify(places.map(({ venue, account }) => [venue.name, account]))
    if (wanted === followed) return
    followed = wanted
    for (const venue of linked)
      venue.follow?.(places.filter((place) => place.venue.name === venue.name).map(({ account }) => account))
  }

  return {
    held,
    isHeld: (lease) =>
      held().some(({ accountId, generation }) => accountId === lease.accountId && generation === lease.generation),
    async renew() {
      if (names.length === 0) return
      const began = performance.now()
      try {
        leases = await renewLeases(parts.db, holder, names)
        goodUntil = began + leaseMs
      } finally {
        // A process without a lease follows nothing, also while Postgres is away.
        await follow()
      }
    },
    async close() {
      goodUntil = 0
      leases = []
      for (const venue of linked) venue.follow?.([])
      if (names.length > 0) await leaveLeases(parts.db, holder)
    },
  }
}
