import { dueToBeAsked } from '../src/trading/orders/rows/order-calls.ts'
import { findOrder } from '../src/trading/orders/rows/orders.ts'
import { takeUpOrder } from '../src/trading/orders/take-up.ts'
import type { Parts } from '../src/trading/parts.ts'
import { LeaseLost } from '../src/trading/reconcile/fence.ts'
import { createLeases } from '../src/trading/reconcile/leases.ts'
import { type LookOptions, lookAt } from '../src/trading/reconcile/look.ts'
import type { AccountLease } from '../src/trading/reconcile/rows/leases.ts'
import { busyAccounts } from '../src/trading/reconcile/rows/looks.ts'

/** Settings that tests change; milliseconds. */
export interface AccountsOptions extends LookOptions {
  /** Between renewals of the leases. */
  renewEveryMs: number
  /** Between looks at an account with something open or under way, and at one without. */
  busyEveryMs: number
  idleEveryMs: number
  /** Between two looks for accounts that are due. */
  tickMs: number
}

const usual: AccountsOptions = { renewEveryMs: 3000, busyEveryMs: 10_000, idleEveryMs: 60_000, tickMs: 1000 }
/** Accounts that one process looks at at once. */
const atOnce = 10

/**
 * Looks after linked accounts: leases its share of them, follows their news, looks at each at its venue, and asks for orders without
 * an outcome. It needs Postgres and the venues, and no Redis. Closes at once do not wait for it.
 */
export function startAccounts(parts: Parts, options: Partial<AccountsOptions> = {}): { close(): Promise<void> } {
  const { renewEveryMs, busyEveryMs, idleEveryMs, tickMs, ...looking } = { ...usual, ...options }
  const isLinked = parts.venues.all().some(({ capabilities }) => capabilities.isLinked)
  if (!isLinked) return { close: async () => {} }
  const leases = createLeases(parts)
  /** When each account was looked at last, by this process; milliseconds of the monotonic clock. */
  const lookedAt = new Map<string, number>()
  const underWay = new Map<number, Promise<void>>()
  let isClosing = false
  const keyOf = ({ accountId, generation }: AccountLease) => `${accountId} ${generation}`

  function look(lease: AccountLease): void {
    lookedAt.set(keyOf(lease), performance.now())
    const { accountId } = lease
    const isStillMine = () => !isClosing && leases.isHeld(lease)
    const done = lookAt(parts, { accountId, lease }, { ...looking, isStillMine })
      .catch((cause) => {
        if (cause instanceof LeaseLost) parts.log.info({ account: accountId }, cause.message)
        else parts.log.warn({ err: cause, account: accountId }, 'a linked account could not be looked at')
      })
      .finally(() => underWay.delete(accountId))
    underWay.set(accountId, done)
  }

  async function askForUnknown(held: AccountLease[]): Promise<void> {
    const ids = await dueToBeAsked(
      parts.db,
      held.map(({ accountId }) => accountId),
      parts.clock.now(),
    )
    await Promise.all(
      ids.map(async (id) => {
        const order = await findOrder(parts.db, id)
        if (order) await takeUpOrder(parts, order)
      }),
    )
  }

  async function tick(): Promise<void> {
    const held = leases.held()
    if (held.length === 0) return
    await askForUnknown(held)
    const idle = held.filter(({ accountId }) => !underWay.has(accountId))
    const busy = await busyAccounts(
      parts.db,
      idle.map(({ accountId }) => accountId),
    )
    const now = performance.now()
    for (const lease of idle) {
      const everyMs = busy.has(lease.accountId) ? busyEveryMs : idleEveryMs
      const last = lookedAt.get(keyOf(lease))
      if (isClosing || underWay.size >= atOnce || (last !== undefined && now - last < everyMs)) continue
      look(lease)
    }
    // A lease that comes back has another generation, and is looked at anew.
    const keys = new Set(held.map(keyOf))
    for (const key of lookedAt.keys()) if (!keys.has(key)) lookedAt.delete(key)
  }

  const renewing = repeat(renewEveryMs, () => leases.renew(), 'the leases of linked accounts were not renewed')
  const ticking = repeat(tickMs, tick, 'linked accounts were not looked through')

  /** Repeats work, the next time only when the last one is over. */
  function repeat(everyMs: number, work: () => Promise<void>, complaint: string) {
    let running: Promise<void> | undefined
    const once = () => {
      running ??= work()
        .catch((cause) => parts.log.warn({ err: cause }, complaint))
        .finally(() => {
          running = undefined
        })
      return running
    }
    void once()
    const timer = setInterval(once, everyMs)
    return {
      async end() {
        clearInterval(timer)
        await running
      },
    }
  }

  return {
    async close() {
      isClosing = true
      await ticking.end()
      await Promise.all(underWay.values())
      await renewing.end()
      await leases.close().catch((cause) => parts.log.warn({ err: cause }, 'leases end by themselves'))
    },
  }
}
