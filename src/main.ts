import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type Keeping, type Kept, keepDoor } from '../bots/keep-door.ts'
import { slackPath } from '../bots/slack/path.ts'
import { type Running, startOutbox, startWorker } from '../jobs/worker.ts'
import type { OwnHttpServer } from './api/http/http-server.ts'
import type { HttpServer } from './base/http.ts'
import { createLog } from './base/log.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { createDesk, type Desk } from './desk.ts'
import { BackupError } from './infra/backup/backup-error.ts'
import { checkDatabase, DatabaseAway } from './infra/db/check-database.ts'
import { connectDatabase } from './infra/db/client.ts'
import { migrate, SchemaError, waitForSchema } from './infra/db/migrator.ts'
import { checkRedis, RedisAway } from './infra/queue/redis.ts'
import { MarketError } from './market/index.ts'
import { type Connection, type ConnectionNews, DoorFailed } from './talk/chat/connection.ts'
import type { Door } from './talk/chat/door.ts'
import type { DoorName } from './talk/chat/place.ts'
import { bringCatalogue } from './talk/commands/bring-catalogue.ts'
import { holdsAny, waitsForNextStart } from './talk/outbox/left.ts'
import { isIdle } from './talk/outbox/rows.ts'
import { publishPage } from './trading/access/page-address.ts'
import { rotateKeys } from './venues/links/rotate-keys.ts'
import { VaultError } from './venues/links/vault.ts'
import { backupTyped, restoreTyped } from './watch/backups/from-command-line.ts'
import { tellSources } from './watch/sources/told.ts'

const roles = ['all', 'release', 'discord', 'slack', 'worker', 'web', 'rotate-keys', 'backup', 'restore'] as const
type Role = (typeof roles)[number]

/** The port of Slack's signed HTTP and of the role `web` when PORT is not set. */
const usualPort = 3000

/** The process exits after this time, in milliseconds, even if a server does not answer. All important data is committed. */
const longestCloseMs = 8000

/** A running role. `done` resolves when the role ends by itself, as the terminal does, and rejects when it fails. */
type Played = Running & { done?: Promise<void> }
type Connections = Map<DoorName, Connection>

/** Plays the role from the command line (`all` by default) until a signal or the terminal ends it. */
async function main(): Promise<void> {
  const role = roleFrom(process.argv[2] ?? 'all')
  const config = readConfig(process.env)
  const log = createLog({ level: config.LOG_LEVEL, file: config.LOG_FILE })
  // Libraries for chat platforms sometimes reject promises that nobody can catch. Important data is safe in Postgres.
  process.on('unhandledRejection', (cause) => log.error({ err: cause }, 'unhandled rejection'))
  const stop = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.resolve())

  if (role === 'backup' || role === 'restore') return typed(role, config, log)
  if (role !== 'rotate-keys') await checkRedis(config.REDIS_URL, log)
  await checkDatabase(config.DATABASE_URL)
  const isStopped = await Promise.race([stop.promise.then(() => true), bringSchema(role, config)])
  if (role === 'release' || isStopped) return
  if (role === 'rotate-keys') return rotate(config, log)
  // Owners come from the environment of the processes that hear people. A worker's environment may not name them.
  const desk = await createDesk({ config, log, setsOwners: role !== 'worker' && role !== 'web' })
  for (const { command, handler } of desk.orphans) {
    say(`The command "${command}" names the handler "${handler}", which does not exist; it is left out.`)
  }
  const played: Played[] = [tellSources(desk.parts, { id: randomUUID(), role })]
  const whole = play(role, desk, config, log, played).then(() => {
    log.info({ role, market: desk.parts.market.name }, 'the desk is open')
  })
  await Promise.race([stop.promise, whole])
  const over = Promise.race([stop.promise, ...played.flatMap(({ done }) => done ?? [])])
  const failure = await over.catch((cause: unknown) => cause)
  const closed = close(desk, played).then(() => log.info({ role }, 'the desk is closed'))
  await Promise.race([closed, wait(longestCloseMs)])
  if (failure) throw failure
}

/**
 * Brings the schema and the command catalogue up to date. The roles `all` and `release` migrate; every other role waits for the
 * schema. With several processes, `release` therefore runs once a deployment: processes that start together never migrate
 * at the same time, and they need no right to change the schema.
 */
async function bringSchema(role: Role, { DATABASE_URL }: Config): Promise<void> {
  if (role !== 'release' && role !== 'all') return waitForSchema(DATABASE_URL, say)
  const ran = await migrate(DATABASE_URL)
  if (ran.length > 0) say(`Database: migrated (${ran.join(', ')})`)
  await bringCatalogue(DATABASE_URL)
}

/** Wraps all stored credentials with the first key of CREDENTIALS_KEYS, and prints how many. Fails when some did not open. */
async function rotate({ DATABASE_URL, CREDENTIALS_KEYS }: Config, log: Logger): Promise<void> {
  const db = connectDatabase(DATABASE_URL, log, 1)
  try {
    const { wrapped, already, failed } = await rotateKeys(db, CREDENTIALS_KEYS)
    say(`Keys: ${wrapped} wrapped anew, ${already} were already, ${failed.length} failed`)
    for (const { venue, account, because } of failed) say(`  ${venue} account ${account}: ${because}`)
    if (failed.length > 0) throw new VaultError('Some credentials were not wrapped anew; the others were')
  } finally {
    await db.destroy()
  }
}

/** Carries out `npm run backup` and `npm run restore`, which npm starts in the project's folder, wherever they were typed. */
async function typed(role: 'backup' | 'restore', config: Config, log: Logger): Promise<void> {
  const words = { words: process.argv.slice(3), cwd: process.env.INIT_CWD ?? process.cwd(), say }
  if (role === 'restore') return restoreTyped(config, words, new Date(), log)
  await checkDatabase(config.DATABASE_URL)
  const db = connectDatabase(config.DATABASE_URL, log, 1)
  try {
    await backupTyped(config, words, db, log)
  } finally {
    await db.destroy()
  }
}

/** Closes all parts, the newest first. Doors stop hearing before the rest closes, and work under way is finished. */
async function close(desk: Desk, played: Played[]): Promise<void> {
  for (const running of played.toReversed()) await running.close()
  await desk.close()
}

/** Starts the parts of the role and adds them to `played`. The worker closes positions, so it does not wait for a platform. */
async function play(role: Role, desk: Desk, config: Config, log: Logger, played: Played[]): Promise<void> {
  const connections: Connections = new Map()
  const has = { discord: config.DISCORD_TOKEN !== undefined, slack: config.SLACK_BOT_TOKEN !== undefined }
  const api = await openApi(role, desk, config, log, connections)
  if (api) played.push(api)
  if (role === 'all' || role === 'worker') played.push(startWorker(desk))
  if (role === 'worker') say('Worker: running')
  const others = (other: string | false) =>
    role === 'all' ? [other, 'the worker'].filter(Boolean).join(', ') : undefined
  const doors: Kept[] = []
  if (role === 'discord' || (role === 'all' && has.discord)) {
    doors.push(openDiscord(desk, config, log, { connections, others: others(has.slack && 'Slack') }))
  }
  if (role === 'slack' || (role === 'all' && has.slack)) {
    doors.push(openSlack(desk, config, log, { connections, others: others(has.discord && 'Discord') }, api))
  }
  played.push(...doors)
  await Promise.all(doors.map(({ opened }) => opened))
  if (role === 'all' && !has.discord && !has.slack) played.push(await openTerminal(desk, config, log))
}

/** An HTTP server that is open, with what belongs to it. */
type OpenedApi = OwnHttpServer & Running

/**
 * Opens the HTTP server of this process if it needs one: in the roles `all` and `web`, for Slack's signed HTTP, or when PORT is set.
 * Without PORT the role `all` takes the usual port, or any free one. If the port is taken, only the role `web` fails, because it
 * has no other work. Slack's door tries the port again.
 */
async function openApi(
  role: Role,
  desk: Desk,
  config: Config,
  log: Logger,
  doors: Connections,
): Promise<OpenedApi | undefined> {
  const isSlacks = (role === 'slack' || role === 'all') && config.SLACK_BOT_TOKEN && !config.SLACK_APP_TOKEN
  if (role !== 'web' && role !== 'all' && config.PORT === undefined && !isSlacks) return undefined
  const { createApi } = await import('./api/server.ts')
  const { webPoster } = await import('./api/web-poster.ts')
  const { builtPage, pageRoutes } = await import('./api/page/page-routes.ts')
  const routes = pageRoutes(builtPage, { isSecure: config.PUBLIC_URL?.startsWith('https:') ?? false })
  const absentPaths = isSlacks ? [slackPath] : []
  const apiAt = (wanted: number) => createApi(desk, { port: wanted, host: config.HOST, doors, absentPaths, routes })
  const port = config.PORT ?? usualPort
  let api = apiAt(port)
  let outbox: Running | undefined
  let page: { close(): void } | undefined
  try {
    await api.open().catch(async (cause) => {
      const mayBeAnother = config.PORT === undefined && role === 'all' && !isSlacks
      if (!mayBeAnother || (cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause
      api = apiAt(0)
      await api.open()
    })
    const address = config.PUBLIC_URL?.replace(/\/$/, '') ?? addressOf(config.HOST, api.port)
    outbox = startOutbox(desk, webPoster)
    page = publishPage(desk.parts.redis, { address, isSet: config.PUBLIC_URL !== undefined }, log)
    say(`Page: ${address} (\`dashboard\` opens it); API at /api, metrics at /metrics`)
  } catch (cause) {
    const isTaken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    const because = isTaken ? 'is taken' : `cannot be opened at ${config.HOST}`
    const instead = isTaken ? 'Set PORT to a free one.' : 'Set HOST to an address of this machine.'
    const sentence = `Port ${port} ${because}: no page and no metrics are served there. ${instead}`
    if (role === 'web') throw new ConfigError(sentence, { cause })
    log.warn({ err: cause, port }, 'the page and the metrics are not served')
    say(sentence)
  }
  const server = api
  return {
    get port() {
      return server.port
    },
    open: () => server.open(),
    mount: (route) => server.mount(route),
    async close() {
      page?.close()
      await Promise.all([server.close(), outbox?.close()])
    },
  }
}

/** The address of a server for people on its machine. One that listens everywhere is reached by the loopback address. */
function addressOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

// Only a process that opens a door loads its library: the libraries of the platforms are large.

type HowKept = Pick<Keeping, 'connections' | 'others'>

function openDiscord(desk: Desk, config: Config, log: Logger, how: HowKept): Kept {
  const { DISCORD_TOKEN: token, DISCORD_API: api } = config
  if (!token) throw new ConfigError('The environment is not right:\n  DISCORD_TOKEN is not set')
  const open = async (news: ConnectionNews) => {
    const { startDiscord } = await import('../bots/discord/index.ts')
    const door = await startDiscord({ desk, token, api, log, news })
    return { ...withOutbox(desk, door), greeting: 'Discord: connected' }
  }
  return keepDoor({ door: 'discord', title: 'Discord', open, say, log, ...how })
}

function openSlack(desk: Desk, config: Config, log: Logger, how: HowKept, http?: HttpServer): Kept {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = config
  if (!botToken) throw new ConfigError('The environment is not right:\n  SLACK_BOT_TOKEN is not set')
  const { HOST: host, SLACK_API: api } = config
  const open = async (news: ConnectionNews) => {
    const { startSlack } = await import('../bots/slack/index.ts')
    const door = await startSlack({ desk, botToken, appToken, signingSecret, http, api, log, news })
    const way = door.port === undefined ? 'connected (Socket Mode)' : `listening on port ${door.port} of ${host}`
    return { ...withOutbox(desk, door), greeting: `Slack: ${way}` }
  }
  return keepDoor({ door: 'slack', title: 'Slack', open, say, log, ...how })
}

async function openTerminal(desk: Desk, config: Config, log: Logger): Promise<Played> {
  const { startTerminal, terminalPlace } = await import('../bots/terminal/index.ts')
  const folder = config.LOG_FILE && dirname(config.LOG_FILE)
  const kept = folder ? { historyFile: join(folder, 'history'), pictureFolder: join(folder, 'pictures') } : {}
  const left = () => waitsForNextStart(desk.parts.db, 'terminal')
  const door = await startTerminal({
    ...{ desk, idle: () => comesToRest(desk), left, ...kept, log },
    welcome: () => desk.welcome({ id: 'terminal:local', name: '' }, terminalPlace),
    holds: () => holdsAny(desk.parts.db, 'terminal'),
  })
  return { ...withOutbox(desk, door), done: door.done }
}

/** A door with the outbox that posts through it. */
function withOutbox(desk: Desk, door: Door): Played {
  const outbox = startOutbox(desk, door.poster)
  return {
    async close() {
      await Promise.all([door.close(), outbox.close()])
    },
  }
}

/** Resolves when the terminal has no work under way and all its replies are posted. */
async function comesToRest(desk: Desk): Promise<void> {
  while (!(await isIdle(desk.parts.db, 'terminal'))) await wait(50)
}

function roleFrom(word: string): Role {
  const role = roles.find((one) => one === word)
  if (!role) throw new ConfigError(`There is no role "${word}". Roles are ${roles.join(', ')}.`)
  return role
}

/** Writes a line for the person who starts the desk. */
function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

main().then(
  () => process.exit(),
  (cause: unknown) => {
    const isPlain = [
      BackupError,
      ConfigError,
      DatabaseAway,
      DoorFailed,
      MarketError,
      RedisAway,
      SchemaError,
      VaultError,
    ].some((plain) => cause instanceof plain)
    process.stderr.write(`${isPlain ? (cause as Error).message : describe(cause)}\n`)
    process.exit(1)
  },
)

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const because = cause.cause === undefined ? '' : `\n  because: ${describe(cause.cause)}`
  return `${cause.message || cause.name}${because}`
}
