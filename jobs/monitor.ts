import { Queue, type Worker } from 'bullmq'
import type { Desk } from '../src/desk.ts'
import { prefixOf, queueNames, shardJob } from '../src/infra/queue/queues.ts'
import { connectRedis, type RedisConnection } from '../src/infra/queue/redis.ts'
import { createStudies, type Studies } from '../src/watch/monitor/studies.ts'
import { sweepPositions } from '../src/watch/monitor/sweep.ts'
import { startTicks } from '../src/watch/monitor/ticks.ts'
import { closeWorker, readJob, startProcessor } from './processor.ts'

/** A sweep is cut into this many jobs, so that as many workers can share it. All positions of an account are in one job. */
const shards = 8
/** Shards that one process works on at once. */
const concurrency = 2
/**
 * How often the schedule of sweeps is checked, in milliseconds; a Redis that loses everything delays sweeps by no more than
 * this.
 */
const checkEveryMs = 10_000

/** After this many intervals without a sweep, a process stops waiting for Redis. */
const aloneAfter = 2

type Shard = { index: number; of: number }

/** Settings that tests change. */
export interface MonitorOptions {
  /** Milliseconds between sweeps. */
  everyMs?: number
  lockMs?: number
}

/** A running monitor, until it is closed. */
export interface Monitor {
  close(): Promise<void>
}

/** Watches open positions: on every tick of the market, and in sweeps that all workers share. */
export function startMonitor(desk: Desk, connection: RedisConnection, options: MonitorOptions = {}): Monitor {
  const { parts, config } = desk
  const everyMs = options.everyMs ?? config.MONITOR_SWEEP_SECONDS * 1000
  const studies = createStudies(parts)
  const ticks = startTicks(parts, desk.critical, studies)
  let sweptAt = performance.now()
  const sweep = async (shard: Shard) => {
    sweptAt = performance.now()
    await sweepShard(desk, studies, shard)
  }
  const worker = startSweeps(desk, connection, sweep, options)
  const schedule = keepSchedule(desk, everyMs)
  // Redis distributes the sweeps. When Redis is away, a process that gets none for long sweeps everything by itself.
  let alone: Promise<void> | undefined
  const refresh = setInterval(() => {
    ticks.refresh()
    if (performance.now() - sweptAt < aloneAfter * everyMs) return
    alone ??= sweep({ index: 0, of: 1 })
      .catch((cause) => parts.log.warn({ err: cause }, 'positions could not be swept'))
      .finally(() => {
        alone = undefined
      })
  }, everyMs)
  return {
    async close() {
      clearInterval(refresh)
      await alone
      await schedule.close()
      await closeWorker(worker)
      await ticks.close()
    },
  }
}

function startSweeps(
  { parts }: Desk,
  connection: RedisConnection,
  sweep: (shard: Shard) => Promise<void>,
  { lockMs }: MonitorOptions,
): Worker {
  return startProcessor(parts, connection, queueNames.monitor, { concurrency, lockMs }, (job) =>
    sweep(readJob(shardJob, job.data)),
  )
}

async function sweepShard({ parts }: Desk, studies: Studies, shard: Shard): Promise<void> {
  const began = performance.now()
  const swept = await sweepPositions(parts, studies, { shard })
  if (swept.positions === 0) return
  parts.log.debug({ ...swept, shard: shard.index, took_ms: Math.round(performance.now() - began) }, 'positions swept')
}

/**
 * Keeps a job scheduler for each shard: creates a missing one, replaces one with another interval, and leaves the others
 * alone.
 */
function keepSchedule({ parts, config }: Desk, everyMs: number): Monitor {
  const redis = connectRedis(config.REDIS_URL, parts.log)
  const queue = new Queue(queueNames.monitor, {
    connection: redis,
    prefix: prefixOf(queueNames.monitor),
    skipVersionCheck: true,
  })
  queue.on('error', (cause) => parts.log.warn({ err: cause, queue: queueNames.monitor }, 'queue'))

  async function keep(): Promise<void> {
    for (let index = 0; index < shards; index++) {
      const id = `sweep-${index}`
      const known = await queue.getJobScheduler(id)
      if (known?.every === everyMs) continue
      const template = {
        name: 'sweep',
        data: { index, of: shards },
        opts: { removeOnComplete: true, removeOnFail: true },
      }
      await queue.upsertJobScheduler(id, { every: everyMs }, template)
    }
  }
  const look = () => keep().catch((cause) => parts.log.warn({ err: cause }, 'sweeps could not be scheduled'))
  let looking = look()
  const timer = setInterval(() => {
    looking = look()
  }, checkEveryMs)
  return {
    async close() {
      clearInterval(timer)
      await looking
      await queue.close()
      redis.disconnect()
    },
  }
}
