import { mkdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { endLeftover, freePort, plainEnvironment, spawnBound } from './processes.mjs'
import { whenReady } from './server.mjs'

/** @type {import('./processes.mjs').Farewell} */
const farewell = [
  ['SIGTERM', 10_000],
  ['SIGKILL', 5_000],
]

/**
 * @typedef {object} RedisProgram
 * @property {string} path of redis-server or valkey-server
 * @property {string} [libraries] the folder of its libraries, when it does not use the system's
 */

/**
 * Starts a Redis on the loopback interface that keeps its data in a folder. A server that a crash left there is ended first.
 * @param {{ program: RedisProgram, folder: string, password: string, port?: number, signal?: AbortSignal }} options
 * @returns {Promise<import('./server.mjs').Server>}
 */
export async function startRedis({ program, folder, password, port: wanted, signal }) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pidFile = join(folder, 'redis.pid')
  await endLeftover(pidFile, folder, farewell)
  rmSync(pidFile, { force: true })

  const port = wanted ?? (await freePort())
  const log = join(folder, 'redis.log')
  rmSync(log, { force: true })
  signal?.throwIfAborted()
  const child = spawnBound(program.path, ['-'], 'SIGTERM', {
    cwd: folder,
    env: { ...plainEnvironment(), ...(program.libraries && { LD_LIBRARY_PATH: program.libraries }) },
    detached: true, // Ctrl-C in the terminal reaches only the desk; Redis stops after it
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin?.on('error', () => {})
  child.stdin?.end(configuration({ folder, port, password, pidFile, log })) // others could read the command line
  const ready = () => answersPing(port, password)
  const url = `redis://:${password}@127.0.0.1:${port}`
  return whenReady('Redis', child, { url, port, log, farewell, ready, signal })
}

/** @param {{ folder: string, port: number, password: string, pidFile: string, log: string }} options */
function configuration({ folder, port, password, pidFile, log }) {
  const settings = {
    bind: '127.0.0.1',
    port,
    requirepass: password,
    dir: JSON.stringify(folder),
    pidfile: JSON.stringify(pidFile),
    logfile: JSON.stringify(log),
    appendonly: 'yes',
    save: '""', // the append-only file suffices
    'maxmemory-policy': 'noeviction',
    hz: 100, // for precise delays of jobs
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('')
}

/**
 * @param {number} port
 * @param {string} password
 * @returns {Promise<boolean>}
 */
function answersPing(port, password) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`AUTH ${password}\r\nPING\r\n`))
    let answer = ''
    const finish = (/** @type {boolean} */ ready) => {
      socket.destroy()
      resolve(ready)
    }
    socket.setTimeout(1000, () => finish(false))
    socket.on('error', () => finish(false))
    socket.on('close', () => resolve(false))
    socket.on('data', (chunk) => {
      answer += chunk
      if (answer.split('\r\n').length > 2) finish(answer.includes('+PONG')) // it answers -LOADING while it loads its file
    })
  })
}
