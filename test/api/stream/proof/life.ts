import { pino } from 'pino'
import { systemClock } from '../../../../src/base/clock.ts'
import { connectDatabase } from '../../../../src/infra/db/client.ts'
import { openNotices } from '../../../../src/infra/db/notices.ts'
import { connectRedis } from '../../../../src/infra/queue/redis.ts'
import { openMarket } from '../../../../src/market/open-market.ts'
import { wording } from '../../../../src/talk/wording/index.ts'
import { serveStreams } from '../server.ts'

// One life of a process that serves streams, until it is killed. It prints its port.
const [databaseUrl, redisUrl] = process.argv.slice(2) as [string, string]
const log = pino({ level: process.env.TEST_LOG ?? 'silent' }, pino.destination(2))
const db = connectDatabase(databaseUrl, log)
const clock = systemClock()
const parts = {
  ...{ db, clock, log, wording },
  notices: openNotices(db, databaseUrl, log),
  redis: connectRedis(redisUrl, log),
  market: await openMarket(db, { spec: 'sim', clock, maxAgeMs: 15_000, log }),
}
const { port } = await serveStreams(parts, { times: { beatEveryMs: 500 }, limits: { ofMember: 6, ofProcess: 1000 } })
process.stdout.write(`${port}\n`)
process.stdin.resume().on('end', () => process.exit())
