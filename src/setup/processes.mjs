import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */
/** @typedef {readonly (readonly [NodeJS.Signals, number])[]} Farewell Signals to send, each with the milliseconds to wait after it. */

/** @type {boolean | undefined} */
let setpriv

/**
 * Begins the command only if its parent lives: one that was killed before the kernel knew of the signal would leave a server
 * behind, and a Redis that reads its settings from that parent would begin without a password.
 */
const unlessOrphan = 'test "$PPID" = "$0" && exec "$@"'

/**
 * Spawns a process that the kernel signals when this one ends, even by `kill -9`. This works on Linux; elsewhere the pid
 * files help at the next start.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.Signals} signal sent to it when its parent has ended
 * @param {import('node:child_process').SpawnOptions} options
 */
export function spawnBound(command, args, signal, options) {
  setpriv ??= process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0
  return setpriv
    ? spawn(
        'setpriv',
        ['--pdeathsig', signal.slice(3), '--', 'sh', '-c', unlessOrphan, `${process.pid}`, command, ...args],
        options,
      )
    : spawn(command, args, options)
}

/**
 * Runs a command to its end and returns its output. Throws with its error output when it fails. An aborted `signal` kills it
 * at once (npm reacts slowly to milder signals), so it must be a command that can be run again.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { input?: string }} [options]
 * @returns {Promise<string>}
 */
export async function run(command, args, { input, ...options } = {}) {
  options.signal?.throwIfAborted()
  const child = spawnBound(command, args, 'SIGKILL', {
    ...options,
    killSignal: 'SIGKILL',
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout?.on('data', (chunk) => (printed += chunk))
  child.stderr?.on('data', (chunk) => (printed += chunk))
  child.stdin?.on('error', () => {}) // it ended without reading; its exit code says why
  child.stdin?.end(input)
  const code = await ended(child)
  options.signal?.throwIfAborted()
  if (code !== 0) throw new Error(`${command} ${args[0]} failed (${code})\n${printed.trim()}`)
  return printed
}

/**
 * The exit code of a child: 128 plus the signal's number when a signal ended it, 127 when it could not be started.
 * @param {ChildProcess} child
 * @returns {Promise<number>}
 */
export function ended(child) {
  return new Promise((resolve) => {
    child.once('error', () => child.pid === undefined && resolve(127))
    child.once('close', (code, signal) => resolve(code ?? exitCode(signal)))
  })
}

/**
 * The exit code for the end by a signal.
 * @param {NodeJS.Signals | null} signal
 */
export function exitCode(signal) {
  const numbers = /** @type {Record<string, number>} */ ({ SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 })
  return 128 + (numbers[signal ?? ''] ?? 0)
}

/**
 * Does this child still run?
 * @param {ChildProcess} child
 */
export function running(child) {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

/**
 * Ends a process: sends one signal after the other while it still runs.
 * @param {number | undefined} pid
 * @param {() => boolean} isRunning
 * @param {Farewell} farewell
 */
export async function end(pid, isRunning, farewell) {
  for (const [signal, milliseconds] of farewell) {
    if (pid === undefined || !isRunning()) return
    try {
      process.kill(pid, signal)
    } catch {
      return // it has ended meanwhile
    }
    const patience = Date.now() + milliseconds
    while (isRunning() && Date.now() < patience) await wait(10)
  }
}

/**
 * Ends the process in a pid file, if it still works in the folder that it was started for. The system uses pids again; a
 * process of somebody else is left alone.
 * @param {string} pidFile its first line is the pid
 * @param {string} folder
 * @param {Farewell} farewell
 * @returns {Promise<boolean>} true when there was one
 */
export async function endLeftover(pidFile, folder, farewell) {
  const pid = pidIn(pidFile)
  if (pid === undefined || !worksIn(pid, folder)) return false
  await end(pid, () => worksIn(pid, folder), farewell)
  return true
}

/**
 * The pid in the first line of a file; undefined when there is none.
 * @param {string} file
 */
export function pidIn(file) {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined
  } catch {
    return undefined
  }
}

/**
 * Is there a process with this pid and this working folder? A zombie has no working folder.
 * @param {number} pid
 * @param {string} folder
 */
export function worksIn(pid, folder) {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === folder
    const lsof = spawnSync('lsof', ['-a', '-d', 'cwd', '-p', String(pid), '-Fn'], { encoding: 'utf8' })
    return lsof.stdout.split('\n').includes(`n${folder}`)
  } catch {
    return false
  }
}

/**
 * The command line of a process; empty when there is no such process.
 * @param {number} pid
 */
export function commandLine(pid) {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  } catch {
    return ''
  }
}

/**
 * A free port on the loopback interface, below the range of outgoing connections, so that a restarted server finds its port
 * free.
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const probe = createServer()
    const free = await new Promise((resolve) => {
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!free) continue
    await new Promise((resolve) => probe.close(resolve))
    return port
  }
}

/**
 * The environment of a server: no secrets.
 * @returns {NodeJS.ProcessEnv}
 */
export function plainEnvironment() {
  const { PATH, TMPDIR, TZ } = process.env
  return { PATH, ...(TMPDIR && { TMPDIR }), ...(TZ && { TZ }), LC_ALL: 'C' }
}
