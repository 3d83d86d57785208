import type { Config } from '../../config.ts'
import { wakeReplies } from '../../trading/parts.ts'
import type { WatchParts } from '../parts.ts'
import { postDigests } from './digest.ts'
import { tellEnds } from './ends.ts'
import { sayCounts } from './repeats.ts'
import { postTable, tablesDue } from './table.ts'
import { alertLimits, untold } from './tell.ts'

/** An event that was not told within this time is queued again. */
const toldWithinMs = 2000
/** The sweep does not tell events older than this. */
const newsMs = 24 * 60 * 60_000

/** Posts the tables, counts and digests that are due, and queues again the events that were not told. */
export async function sweepAlerts(parts: WatchParts, config: Config): Promise<void> {
  const { db, clock, queues } = parts
  const now = clock.now()
  const before = (ms: number) => new Date(now.getTime() - ms)
  const wake = await sayCounts(parts, alertLimits(config).windowMs, now)
  for (const id of await tablesDue(db, now)) {
    if (await postTable(parts, id, now)) wake.push(id)
  }
  wake.push(...(await postDigests(parts, now)))
  wake.push(...(await tellEnds(parts, { since: before(newsMs) })))
  await wakeReplies(parts, wake)
  const ids = await untold(db, config, before(newsMs), before(toldWithinMs))
  if (ids.length > 0) await queues.events('alerts', ids)
}
