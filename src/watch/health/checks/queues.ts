import { durationText } from '../../../base/format.ts'
import { type Check, down, ok, warn } from '../check.ts'

/** A job that is due for longer, in milliseconds, waits for a worker that has too much to do, or for none. */
const lateMs = 60_000
const stoppedMs = 300_000

/** The oldest job that is due. */
export const queues: Check = {
  name: 'queues',
  of: 'desk',
  stops: 'Chunks, orders for later and messages come late, or not until a worker takes their jobs.',
  async look({ queues }) {
    const depths = await queues.depths().catch(() => undefined)
    if (!depths) return warn('not known: Redis does not answer')
    const oldest = depths.toSorted((one, other) => other.oldestMs - one.oldestMs)[0]!
    if (oldest.oldestMs < 1000) return ok('no job is overdue')
    const words = `a job of the queue ${oldest.queue} is overdue for ${durationText(oldest.oldestMs)}`
    if (oldest.oldestMs >= stoppedMs) return down(words)
    return oldest.oldestMs >= lateMs ? warn(words) : ok(words)
  },
}
