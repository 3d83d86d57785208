import type { Logger } from 'pino'
import type { RedisConnection } from '../../infra/queue/redis.ts'

/** One key for addresses that were set, one for those that a process has found by itself. */
const keys = { set: 'deskhand:page:set', found: 'deskhand:page' }
/** The address is told again this often, in milliseconds, and forgotten after so many seconds without. */
const tellEveryMs = 10_000
const forgottenAfterSeconds = 45

/** An address of the page, such as `http://127.0.0.1:3000`. */
interface PageAddress {
  address: string
  /** Was it set for people (`PUBLIC_URL`)? Else it is where the process listens, which is only of use on its machine. */
  isSet: boolean
}

/** Tells all processes the address of the page that this one serves, until it is closed. */
export function publishPage(redis: RedisConnection, { address, isSet }: PageAddress, log: Logger): { close(): void } {
  const tell = () =>
    redis
      .set(isSet ? keys.set : keys.found, address, 'EX', forgottenAfterSeconds)
      .catch((cause) => log.debug({ err: cause }, 'the address of the page could not be told'))
  void tell()
  const timer = setInterval(() => void tell(), tellEveryMs)
  timer.unref()
  return { close: () => clearInterval(timer) }
}

/**
 * The address of the page, one that was set before one that was found, as several processes may serve it. Undefined while none
 * does. Throws when Redis is away.
 */
export async function pageAddress(redis: RedisConnection): Promise<string | undefined> {
  return (await redis.get(keys.set)) ?? (await redis.get(keys.found)) ?? undefined
}
