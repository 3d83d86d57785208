import type { Worker } from 'bullmq'
import type { Desk } from '../src/desk.ts'
import { beat } from '../src/infra/queue/heartbeat.ts'
import { connectWorkerRedis } from '../src/infra/queue/redis.ts'
import type { Poster } from '../src/talk/chat/door.ts'
import { watchPriceAlerts } from '../src/trading/price-alerts/watch-prices.ts'
import { startConditions } from '../src/trading/schedule/conditions.ts'
import { type SourceWatchOptions, watchSources } from '../src/watch/sources/watch-sources.ts'
import { type AccountsOptions, startAccounts } from './accounts.ts'
import { startAgents } from './agents.ts'
import { startAlerts } from './alerts.ts'
import { startBackups } from './backups.ts'
import { startChunks } from './chunks.ts'
import { startCritical } from './critical.ts'
import { startFills } from './fills.ts'
import { startGuardian } from './guardian.ts'
import { type HealthOptions, startHealth } from './health.ts'
import { startHousekeeping } from './housekeeping.ts'
import { startMonitor } from './monitor.ts'
import { startOrders } from './orders.ts'
import { closeWorker } from './processor.ts'
import { startReplies } from './replies.ts'
import { startRuns } from './runs.ts'
import { startScheduled } from './scheduled.ts'

/** Milliseconds between sweeps: the longest delay after Redis has lost everything. */
const sweepEveryMs = 10_000
/** Jobs that one process runs at once. They wait for Postgres or a platform most of the time. */
const atOnce = { chunks: 150, orders: 10, scheduled: 10, agents: 4, alerts: 50, guardian: 50, replies: 20 }

/** Settings that tests change: how soon the work of a dead worker, and of a Redis that lost everything, is taken up again. */
export interface WorkerOptions {
  sweepEveryMs?: number
  lockMs?: number
  /** The default is MONITOR_SWEEP_SECONDS. */
  monitorEveryMs?: number
  /** Chunks at once. */
  concurrency?: number
  accounts?: Partial<AccountsOptions>
  sources?: SourceWatchOptions
  /** Milliseconds between two looks whether a backup is due. */
  backupLookEveryMs?: number
  health?: HealthOptions
}

/** A running part of the desk; `close` lets running work end first. */
export interface Running {
  close(): Promise<void>
}

/** Starts the processors of all queues except replies, and the sweep. */
export function startWorker(desk: Desk, options: WorkerOptions = {}): Running {
  const { parts } = desk
  const connection = connectWorkerRedis(desk.config.REDIS_URL, parts.log)
  const { lockMs, concurrency = atOnce.chunks } = options
  const workers = [
    startChunks(parts, connection, { concurrency, lockMs }),
    startOrders(parts, connection, { concurrency: atOnce.orders, lockMs }),
    startScheduled(desk, connection, { concurrency: atOnce.scheduled, lockMs }),
    startAlerts(desk, connection, { concurrency: atOnce.alerts, lockMs }),
    startGuardian(desk.guardian, connection, { concurrency: atOnce.guardian, lockMs }),
  ]
  const agents = startAgents(parts, connection, { concurrency: atOnce.agents, lockMs })
  const fills = startFills(parts, desk.critical)
  const accounts = startAccounts(parts, options.accounts)
  const critical = startCritical(desk.critical)
  const conditions = startConditions(parts)
  const priceAlerts = watchPriceAlerts(parts)
  const sources = watchSources(parts, options.sources)
  const housekeeping = startHousekeeping(desk)
  const backups = startBackups(desk, options.backupLookEveryMs)
  const health = startHealth(desk, options.health)
  const runs = startRuns(parts)
  const monitor = startMonitor(desk, connection, { everyMs: options.monitorEveryMs, lockMs })
  const sweepNow = () =>
    desk
      .sweep()
      .then(() => beat(parts.redis))
      .catch((cause) => parts.log.warn({ err: cause }, 'the sweep did not get through'))
  // A sweep that takes long because a server is away is not started again meanwhile.
  let sweeping: Promise<void> | undefined
  const sweepUnlessSweeping = () => {
    sweeping ??= sweepNow().finally(() => {
      sweeping = undefined
    })
  }
  sweepUnlessSweeping()
  const timer = setInterval(sweepUnlessSweeping, options.sweepEveryMs ?? sweepEveryMs)
  return {
    async close() {
      clearInterval(timer)
      await sweeping
      await runs.close()
      await agents.close()
      await housekeeping.close()
      await backups.close()
      await health.close()
      await conditions.close()
      await priceAlerts.close()
      await sources.close()
      await monitor.close()
      await accounts.close()
      await critical.close()
      await fills.close()
      await closeAll(desk, workers)
      connection.disconnect()
    },
  }
}

/** Starts the outbox of a door: `poster` posts the replies of jobs. */
export function startOutbox(desk: Desk, poster: Poster, { lockMs }: Pick<WorkerOptions, 'lockMs'> = {}): Running {
  const connection = connectWorkerRedis(desk.config.REDIS_URL, desk.parts.log)
  const replies = startReplies(desk.parts, connection, poster, { concurrency: atOnce.replies, lockMs })
  return {
    async close() {
      await replies.close()
      connection.disconnect()
    },
  }
}

async function closeAll(desk: Desk, workers: Worker[]): Promise<void> {
  await Promise.all(workers.map(closeWorker))
  desk.parts.log.debug({ workers: workers.map((worker) => worker.name) }, 'workers closed')
}
