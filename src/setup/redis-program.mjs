import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { home } from './folders.mjs'
import { run } from './processes.mjs'
import { SetupError, say } from './say.mjs'

/** @typedef {import('./redis.mjs').RedisProgram} RedisProgram */

/** Package managers with their command to install Redis, for the error message. */
const installers = [
  ['brew', 'brew install redis'],
  ['apt-get', 'sudo apt-get install redis-server'],
  ['dnf', 'sudo dnf install valkey'],
  ['pacman', 'sudo pacman -S valkey'],
  ['zypper', 'sudo zypper install redis'],
  ['apk', 'sudo apk add redis'],
]

/**
 * Finds a redis-server or valkey-server: on the PATH, or downloaded earlier, or downloaded now from Debian's or Ubuntu's
 * packages, without root. Otherwise throws with the command that installs one.
 * @param {object} [options]
 * @param {string} [options.folder] the folder of downloaded programs
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<RedisProgram>}
 */
export async function redisProgram({ folder = home, signal } = {}) {
  const installed = onPath('redis-server') ?? onPath('valkey-server')
  if (installed) return { path: installed }
  const fetched = join(folder, 'redis-dist')
  if (!existsSync(fetched)) {
    if (!onPath('apt-get') || !onPath('dpkg')) throw noRedis()
    try {
      await fetchPackages(fetched, signal)
    } catch (cause) {
      signal?.throwIfAborted()
      throw noRedis(cause)
    }
  }
  return { path: join(fetched, 'usr/bin/redis-server'), libraries: libraryFolders(fetched) }
}

/** @param {unknown} [cause] */
function noRedis(cause) {
  const line = installers.find(([manager]) => onPath(manager ?? ''))?.[1]
  const how = line ? `Install one: ${line}` : 'Install redis-server or valkey-server'
  return new SetupError(
    `${cause ? `Redis could not be fetched: ${cause instanceof Error ? cause.message : cause}\n` : ''}There is no Redis here. ${how} — or set REDIS_URL.`,
  )
}

/**
 * Downloads and unpacks redis-server and the libraries that this machine lacks for it.
 * @param {string} to this folder appears only when it is complete
 * @param {AbortSignal} [signal]
 */
async function fetchPackages(to, signal) {
  say("Redis: fetching redis-server from this system's packages (nothing is installed) …")
  const making = `${to}.${process.pid}` // another run may do the same
  try {
    await unpackPackages(making, signal)
    if (!existsSync(to)) renameSync(making, to)
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
}

/**
 * @param {string} making the folder for it
 * @param {AbortSignal} [signal]
 */
async function unpackPackages(making, signal) {
  const packages = join(making, 'packages')
  const lists = join(making, 'apt/lists')
  for (const folder of [packages, join(lists, 'partial'), join(making, 'apt/cache/archives/partial')]) {
    mkdirSync(folder, { recursive: true })
  }
  const options = { cwd: packages, signal, env: { ...process.env, LC_ALL: 'C' } }
  /** @type {string[]} */
  let apart = []
  if (!(await knowsRedis(options))) {
    say('  … reading the package lists first')
    apart = [
      '-o',
      `Dir::State::lists=${lists}`,
      '-o',
      `Dir::Cache=${join(making, 'apt/cache')}`,
      '-o',
      'APT::Sandbox::User=',
    ]
    await run('apt-get', [...apart, 'update', '-q'], options)
  }
  await run('apt-get', [...apart, 'download', '-q', ...(await missingPackages(apart, options))], options)
  for (const file of readdirSync(packages)) await run('dpkg', ['-x', join(packages, file), making], options)
  for (const folder of [packages, join(making, 'apt')]) rmSync(folder, { recursive: true })
  accessSync(join(making, 'usr/bin/redis-server'), constants.X_OK)
}

/** @param {import('node:child_process').SpawnOptions} options */
async function knowsRedis(options) {
  return (await run('apt-cache', ['policy', 'redis-server'], options)).includes('Candidate')
}

/**
 * redis-server and the libraries that it needs, without its other dependencies.
 * @param {string[]} apart
 * @param {import('node:child_process').SpawnOptions} options
 */
async function missingPackages(apart, options) {
  const usual = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1']
  try {
    const plan = await run(
      'apt-get',
      [...apart, 'install', '--simulate', '--no-install-recommends', 'redis-server'],
      options,
    )
    const needed = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name ?? '')
    return [...new Set([...usual, ...needed.filter((name) => /^(lib|lua|redis|valkey)/.test(name))])]
  } catch {
    options.signal?.throwIfAborted()
    return usual
  }
}

/** @param {string} dist */
function libraryFolders(dist) {
  const folder = join(dist, 'usr/lib')
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return [folder, ...below.map((entry) => join(folder, entry.name))].join(delimiter)
}

/** @param {string} program */
export function onPath(program) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {}
  }
}
