import { tellOwners } from '../../trading/events/tell-owners.ts'
import type { HealthParts } from './check.ts'
import { lookAt } from './look.ts'
import { claimBack, claimLook, healthRows } from './rows.ts'
import { isUnsure } from './rules/follow.ts'
import { checks } from './table.ts'

/** Milliseconds between looks, and until a look that did not make sure is repeated. */
const usual = { everyMs: 300_000, soonMs: 20_000 }

/** Settings that tests change. */
export type HealthWatchOptions = Partial<typeof usual>

/** Asks all workers for a look now. */
export const lookChannel = 'deskhand_health'

const ofDesk = checks.filter(({ of }) => of === 'desk')
const ofMachine = checks.filter(({ of }) => of === 'machine')

/**
 * Looks at the parts of the desk every five minutes and when somebody asks, until it is closed. Of many workers one looks at the desk, and
 * each at its own machine. While Postgres is away nothing can be noted or posted: it is logged at once, and told when it is back.
 */
export function watchHealth(parts: HealthParts, options: HealthWatchOptions = {}): { close(): Promise<void> } {
  const { everyMs, soonMs } = { ...usual, ...options }
  const { db, log, notices, clock } = parts
  let isDone = false
  let machineLookedAt = performance.now()
  let isMachineUnsure = false
  let awaySince: Date | undefined
  let failures = 0

  async function look(isAsked: boolean): Promise<void> {
    const isClaimed = isAsked || (await claimLook(db, { everyMs, soonMs }))
    const isMachineDue = performance.now() - machineLookedAt >= (isMachineUnsure ? soonMs : everyMs)
    const looksAtMachine = isAsked || isMachineDue
    await Promise.all([isClaimed && lookAt(parts, ofDesk), looksAtMachine && lookAt(parts, ofMachine)])
    await tellAway()
    if (!looksAtMachine) return
    machineLookedAt = performance.now()
    const rows = await healthRows(db)
    isMachineUnsure = rows.some((row) => row.name.endsWith(`@${parts.machine.host}`) && isUnsure(row))
  }

  /** Two failures in a row are an outage; it is over with the first look that gets through. */
  async function tellAway(): Promise<void> {
    const since = awaySince
    const isOutage = failures >= 2
    awaySince = undefined
    failures = 0
    if (!since || !isOutage || !(await claimBack(db))) return
    const facts = { check: 'database', words: 'it answers', since, until: clock.now() }
    await tellOwners(parts, `health-back-database-${since.getTime()}`, { kind: 'health.back', ...facts }, {}, 'info')
  }

  let looking: Promise<void> | undefined
  let isWanted = false
  const lookNow = (isAsked = false) => {
    isWanted ||= isAsked
    looking ??= look(takeWanted())
      .catch((cause) => {
        if (isDone) return
        awaySince ??= clock.now()
        failures += 1
        if (failures === 2)
          log.error({ err: cause, check: 'database' }, 'the database does not answer: nothing can act')
      })
      .finally(() => {
        looking = undefined
        if (isWanted && !isDone) lookNow()
      })
  }
  const takeWanted = () => {
    const wanted = isWanted
    isWanted = false
    return wanted
  }
  const unhear = notices.hear(lookChannel, () => lookNow(true))
  const timer = setInterval(lookNow, Math.min(everyMs, soonMs))
  return {
    async close() {
      isDone = true
      unhear()
      clearInterval(timer)
      await looking
    },
  }
}
