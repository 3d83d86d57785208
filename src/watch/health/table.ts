import type { Check } from './check.ts'
import { backups } from './checks/backups.ts'
import { clock } from './checks/clock.ts'
import { database } from './checks/database.ts'
import { disk } from './checks/disk.ts'
import { models } from './checks/models.ts'
import { providers } from './checks/providers.ts'
import { queues } from './checks/queues.ts'
import { redis } from './checks/redis.ts'
import { sentiment } from './checks/sentiment.ts'
import { venues } from './checks/venues.ts'

/** All checks, in the order in which they are shown: the further up, the more stops with it. */
export const checks: readonly Check[] = [
  database,
  redis,
  queues,
  providers,
  venues,
  disk,
  clock,
  models,
  sentiment,
  backups,
]
