import { flushCompileCache } from 'node:module'
import { createInterface } from 'node:readline'
import { pino } from 'pino'
import { startOutbox, startWorker, type WorkerOptions } from '../../jobs/worker.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { createDesk, type Desk } from '../../src/desk.ts'
import { connectDatabase } from '../../src/infra/db/client.ts'
import { openDatabaseClock } from '../../src/infra/db/clock.ts'
import { openMarket } from '../../src/market/open-market.ts'
import type { Door } from '../../src/talk/chat/door.ts'
import type { Venue } from '../../src/venues/venue.ts'
import { connectDifficultVenue } from '../contracts/venues/difficult/connect.ts'
import { fewConnections } from '../support/few-connections.ts'
import { unhurried } from '../support/unhurried.ts'
import { plenty } from '../venues/ccxt/under-test.ts'
import { settableClock } from './machine-clock.ts'
import { type Death, type MortalPorts, mortal } from './moments.ts'

/** The settings of one life of the desk's process, as JSON in its first argument. */
export interface LifeSpec {
  environment: Record<string, string>
  roles: ('worker' | 'discord' | 'slack')[]
  death?: Death
  /** The address of a venue that another process serves; the paper venue by default. */
  venueUrl?: string
  /** The pace at which linked accounts are looked after. */
  accounts?: WorkerOptions['accounts']
  /** The desk's clock is ahead of the database's by this many milliseconds. */
  clockAheadMs?: number
  /** The machine's clock is ahead by this many milliseconds. */
  skewMs?: number
}

/** The times after which a dead process's job is taken over and missing jobs are put back: sooner than in production. */
const lockMs = 1000
const sweepEveryMs = 500

const {
  environment,
  roles,
  death,
  venueUrl,
  accounts,
  clockAheadMs = 0,
  skewMs = 0,
} = JSON.parse(process.argv[2]!) as LifeSpec
const machine = settableClock(skewMs)
const config = readConfig(environment)
const log = pino({ level: process.env.TEST_LOG ?? 'silent' }, pino.destination(2))
process.on('unhandledRejection', (cause) => log.error({ err: cause }, 'unhandled rejection'))
const looking = connectDatabase(config.DATABASE_URL, log, 1)
const databaseClock = await openDatabaseClock(looking, config.TIME_SCALE, log)
const clock = { ...databaseClock, now: () => new Date(databaseClock.now().getTime() + clockAheadMs) }
const ports = mortal(looking, death)
const maxAgeMs = config.QUOTE_MAX_AGE_SECONDS * 1000
const market = ports.market(await openMarket(looking, { spec: config.MARKET, clock, maxAgeMs, log }))
const served = venueUrl === undefined ? undefined : ports.venue(await connectDifficultVenue(venueUrl))
const venue = (paper: Venue) => served ?? ports.venue(paper)
const { queues, venue: linkedVenue } = ports
const budgets = { exchangeBudgets: plenty }
const desk = await createDesk({ config, log, clock, market, venue, linkedVenue, queues, ...budgets, ...fewConnections })

const running: { close(): Promise<unknown> }[] = []
if (roles.includes('worker')) running.push(startWorker(desk, { sweepEveryMs, lockMs, accounts }))
for (const role of roles) {
  if (role === 'worker') continue
  const door = await openDoor(role, config, desk, ports)
  running.push(door, startOutbox(desk, ports.poster(unhurried(door.poster)), { lockMs }))
}
process.stdout.write('open\n')
flushCompileCache() // a killed life would leave nothing to the next

// A line sets the moment of death, or the machine's clock. At the end of input, the test has gone, or ends this life in an
// orderly way.
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const said = JSON.parse(line) as Death | { skewMs: number }
    if ('skewMs' in said) machine.set(said.skewMs)
    else ports.diesAt(said)
    process.stdout.write('heard\n')
  })
  .on('close', () => void end())

async function end(): Promise<void> {
  await Promise.all(running.map((one) => one.close()))
  await desk.close()
  await looking.destroy()
  process.exit()
}

async function openDoor(role: 'discord' | 'slack', config: Config, desk: Desk, ports: MortalPorts): Promise<Door> {
  const hearing = ports.hearing(desk)
  if (role === 'discord') {
    const { startDiscord } = await import('../../bots/discord/index.ts')
    return startDiscord({ desk: hearing, token: config.DISCORD_TOKEN!, api: config.DISCORD_API, log })
  }
  const { startSlack } = await import('../../bots/slack/index.ts')
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_API: api } = config
  return startSlack({ desk: hearing, botToken: botToken!, appToken, api, log })
}
