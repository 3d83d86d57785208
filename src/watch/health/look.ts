import { setTimeout as wait } from 'node:timers/promises'
import { tellOwners } from '../../trading/events/tell-owners.ts'
import { type Check, down, type HealthParts } from './check.ts'
import { type HealthRow, healthRows, noteHealth } from './rows.ts'
import { type Followed, follow, type Seen } from './rules/follow.ts'

/** A look that takes longer, in milliseconds, has failed. */
const withinMs = 5000

/** Looks at some parts of the desk, notes what was found, and tells owners once of a part that is down, and once that it is back. */
export async function lookAt(parts: HealthParts, checks: readonly Check[]): Promise<void> {
  const [seen, before] = await Promise.all([
    Promise.all(checks.map((check) => look(parts, check))),
    healthRows(parts.db),
  ])
  await Promise.all(
    checks.map((check, nth) => {
      const name = rowName(check, parts)
      return note(
        parts,
        check,
        seen[nth]!,
        before.find((row) => row.name === name),
      )
    }),
  )
}

/** The name of a check in the database; each machine has rows of its own. */
export const rowName = ({ name, of }: Check, { machine }: Pick<HealthParts, 'machine'>): string =>
  of === 'machine' ? `${name}@${machine.host}` : name

async function look(parts: HealthParts, check: Check): Promise<Seen> {
  const late = new AbortController()
  const tooLate = wait(withinMs, down(`no answer within ${withinMs / 1000} s`), { signal: late.signal })
  try {
    return await Promise.race([check.look(parts), tooLate])
  } catch (cause) {
    parts.log.debug({ err: cause, check: check.name }, 'a check failed')
    return down(reasonOf(cause))
  } finally {
    tooLate.catch(() => {})
    late.abort()
  }
}

/** An error's own message may hold an address or a row; its code does not. */
function reasonOf(cause: unknown): string {
  const { code } = cause as { code?: unknown }
  return typeof code === 'string' ? `it does not answer (${code})` : 'it does not answer'
}

async function note(parts: HealthParts, check: Check, seen: Seen, before: HealthRow | undefined): Promise<void> {
  const now = parts.clock.now()
  const { followed, news } = follow(before, seen, now, check.isCertain)
  const name = rowName(check, parts)
  // The key of a notice is of one outage, so a process that dies before the row is written tells nothing twice.
  if (news && !check.isToldElsewhere) await tell(parts, check, name, followed, news, now)
  await noteHealth(parts.db, { ...followed, name, lookedAt: now })
}

async function tell(
  parts: HealthParts,
  check: Check,
  name: string,
  { words, downSince = new Date(0) }: Followed,
  news: 'down' | 'back',
  now: Date,
): Promise<void> {
  const key = `health-${news}-${name}-${downSince.getTime()}`
  const facts = { check: name, words, since: downSince }
  if (news === 'down') {
    await tellOwners(parts, key, { kind: 'health.down', ...facts, stops: check.stops }, { check: name })
  } else {
    await tellOwners(parts, key, { kind: 'health.back', ...facts, until: now }, { check: name }, 'info')
  }
}
