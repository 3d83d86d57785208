import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { endLeftover, freePort, plainEnvironment, run, spawnBound, worksIn } from './processes.mjs'
import { whenReady } from './server.mjs'

/** @typedef {import('./postgres-place.mjs').PostgresPlace} PostgresPlace */

/** The role that owns the desk's database, and the database's name. */
const name = 'deskhand'

/** @type {import('./processes.mjs').Farewell} */
const farewell = [
  ['SIGINT', 10_000], // "fast": ends sessions, writes a checkpoint
  ['SIGQUIT', 5_000], // "immediate": recovers at the next start
  ['SIGKILL', 5_000],
]

/**
 * Starts a Postgres on the loopback interface. A new data folder gets a database for the desk; a server that a crash left in
 * the folder is ended first.
 * @param {object} options
 * @param {PostgresPlace} options.place
 * @param {string} options.log
 * @param {string} options.password
 * @param {number} [options.port]
 * @param {string[]} [options.settings] `name=value` each
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<import('./server.mjs').Server>}
 */
export async function startPostgres({ place, log, password, port: wanted, settings = [], signal }) {
  const { folder } = place
  if (!existsSync(join(folder, 'PG_VERSION'))) await initialise(place, password, settings, signal)
  const pidFile = join(folder, 'postmaster.pid')
  await endLeftover(pidFile, folder, farewell)
  rmSync(pidFile, { force: true }) // another process may have this pid by now, and Postgres would take it for a server

  const port = wanted ?? (await freePort())
  const args = ['-D', folder, '-p', String(port)]
  for (const setting of ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings])
    args.push('-c', setting)
  const url = `postgres://${name}:${password}@127.0.0.1:${port}/${name}`

  for (const patience = Date.now() + 10_000; ; await wait(100)) {
    signal?.throwIfAborted()
    const output = openSync(log, 'w', 0o600)
    const child = spawnBound(join(place.programs, 'bin', 'postgres'), args, 'SIGINT', {
      ...as(place),
      detached: true, // Ctrl-C in the terminal reaches only the desk; Postgres stops after it
      stdio: ['ignore', output, output],
    })
    closeSync(output)
    const ready = async () => isReady(pidFile, child.pid)
    try {
      return await whenReady('Postgres', child, { url, port, log, farewell, ready, signal })
    } catch (error) {
      // After a kill -9 the sessions of the old server need a moment to end.
      if (Date.now() > patience || !String(error).includes('shared memory block')) throw error
    }
  }
}

/**
 * The address of the server that runs on a data folder now, also when another process started it; undefined when there is
 * none.
 * @param {PostgresPlace} place
 * @param {string} password
 * @returns {string | undefined}
 */
export function runningPostgres({ folder }, password) {
  try {
    const [pid, , , port, , , , state] = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
    if (state?.trim() !== 'ready' || !worksIn(Number(pid), folder)) return undefined
    return `postgres://${name}:${password}@127.0.0.1:${Number(port)}/${name}`
  } catch {
    return undefined
  }
}

/**
 * Makes the data folder beside its place, and moves it there when it is complete. An interruption leaves nothing that the
 * next start could take for a database.
 * @param {PostgresPlace} place
 * @param {string} password
 * @param {string[]} settings
 * @param {AbortSignal} [signal]
 */
async function initialise(place, password, settings, signal) {
  const making = `${place.folder}.new`
  rmSync(making, { recursive: true, force: true, maxRetries: 10 }) // an initdb that was killed may still write
  mkdirSync(making, { mode: 0o700 })
  const passwordFile = join(making, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (place.account) for (const path of [making, passwordFile]) chownSync(path, place.account.uid, place.account.gid)

  const data = join(making, 'data')
  const durable = !settings.includes('fsync=off')
  const initdb = ['--pgdata', data, '--username', name, '--pwfile', passwordFile]
  const locale = ['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8']
  // A test's database holds nothing secret, and tests open thousands of connections: each would hash 4096 times, and prove
  // that it knows the password without showing it.
  const hasty = ['--auth', 'password', '--set', 'scram_iterations=1', '--no-sync']
  const auth = durable ? ['--auth', 'scram-sha-256'] : hasty
  await run(join(place.programs, 'bin', 'initdb'), [...initdb, ...auth, ...locale], {
    ...as(place),
    signal,
  })
  const single = ['--single', '-D', data, ...(durable ? [] : ['-c', 'fsync=off']), 'postgres']
  const said = await run(join(place.programs, 'bin', 'postgres'), single, {
    ...as(place),
    signal,
    input: `CREATE DATABASE ${name}\n`,
  })
  if (said.includes('ERROR')) throw new Error(`Postgres did not create the database:\n${said}`)
  rmSync(place.folder, { recursive: true, force: true })
  renameSync(data, place.folder)
  rmSync(making, { recursive: true, force: true })
}

/** @param {PostgresPlace} place */
function as({ account }) {
  return { cwd: '/', env: plainEnvironment(), ...(account && { uid: account.uid, gid: account.gid }) }
}

/**
 * Is Postgres ready? It writes its state to the eighth line of its pid file, where pg_ctl looks too.
 * @param {string} pidFile
 * @param {number | undefined} pid
 */
function isReady(pidFile, pid) {
  try {
    const lines = readFileSync(pidFile, 'utf8').split('\n')
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
  } catch {
    return false
  }
}
