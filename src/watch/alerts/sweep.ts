import type { Config } from '../../config.ts'
import { wakeReplies } from '../../trading/parts.ts'
import type { WatchParts } from '../parts.ts'
import { postDigests } from './digest.ts'
import { sayCounts } from './repeats.ts'
import { postTable, tablesDue } from './table.ts'
import { alertLimits, untold } from './tell.ts'

/** An event that nobody was told of for this long is put on the clock again. */
const toldWithinMs = 2000
/** Older events are no news any more. */
const newsMs = 24 * 60 * 60_000

/** Does what alerts owe: events that were not told, tables, counts and digests that are due. */
export async function sweepAlerts(parts: WatchParts, config: Config): Promise<void> {
  const { db, clock, queues } = parts
  const now = clock.now()
  const before = (ms: number) => new Date(now.getTime() - ms)
  const wake = await sayCounts(parts, alertLimits(config).windowMs, now)
  for (const id of await tablesDue(db, now)) {
    if (await postTable(parts, id, now)) wake.push(id)
  }
  wake.push(...(await postDigests(parts, now)))
  await wakeReplies(parts, wake)
  const ids = await untold(db, config, before(newsMs), before(toldWithinMs))
  if (ids.length > 0) await queues.events('alerts', ids)
}
