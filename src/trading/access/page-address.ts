import type { Logger } from 'pino'
import type { RedisConnection } from '../../infra/queue/redis.ts'

const key = 'deskhand:page'
/** The address is told again this often, in milliseconds, and forgotten after so many seconds without. */
const tellEveryMs = 10_000
const forgottenAfterSeconds = 45

/** Tells all processes the address of the page that this one serves, such as `http://127.0.0.1:3000`, until it is closed. */
export function publishPage(redis: RedisConnection, address: string, log: Logger): { close(): void } {
  const tell = () =>
    redis
      .set(key, address, 'EX', forgottenAfterSeconds)
      .catch((cause) => log.debug({ err: cause }, 'the address of the page could not be told'))
  void tell()
  const timer = setInterval(() => void tell(), tellEveryMs)
  timer.unref()
  return { close: () => clearInterval(timer) }
}

/** The address of the page; undefined while no process serves it. Throws when Redis is away. */
export async function pageAddress(redis: RedisConnection): Promise<string | undefined> {
  return (await redis.get(key)) ?? undefined
}
