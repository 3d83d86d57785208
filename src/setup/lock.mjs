import { spawnSync } from 'node:child_process'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { end } from './processes.mjs'

/**
 * Writes a process's pid and start time to a file, so that a later run can tell whether it still runs.
 * @param {string} file
 * @param {number} pid
 */
export function noteProcess(file, pid) {
  writeFileSync(file, `${pid} ${startOf(pid)}`)
}

/**
 * The pid in such a file, if that same process still runs: the system uses pids again.
 * @param {string} file
 * @returns {number | undefined}
 */
export function notedProcess(file) {
  let noted = ''
  try {
    noted = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const [pid, ...start] = noted.split(' ')
  return start.length > 0 && start.join(' ') === startOf(Number(pid)) ? Number(pid) : undefined
}

/**
 * Ends the process in such a file, if it still runs.
 * @param {string} file
 */
export async function endNoted(file) {
  await end(notedProcess(file), () => notedProcess(file) !== undefined, [['SIGKILL', 5_000]])
  rmSync(file, { force: true })
}

/**
 * Takes a lock that one live process can hold.
 * @param {string} file
 * @returns {number | undefined} the pid of the process that holds it, undefined when it is ours now
 */
export function takeLock(file) {
  const mine = `${file}.${process.pid}`
  noteProcess(mine, process.pid)
  try {
    for (;;) {
      try {
        linkSync(mine, file) // unlike a write, this fails when another run is faster, and the file is never incomplete
        return undefined
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
      }
      const holder = notedProcess(file)
      if (holder !== undefined) return holder
      removeStale(file, `${mine}.stale`)
    }
  } finally {
    rmSync(mine)
  }
}

/**
 * Removes a stale lock. Two runs may find the same one: the slower run must not remove the new lock of the faster.
 * @param {string} file
 * @param {string} aside
 */
function removeStale(file, aside) {
  try {
    renameSync(file, aside)
  } catch {
    return // the other run has removed it
  }
  if (notedProcess(aside) !== undefined) linkSync(aside, file)
  rmSync(aside)
}

/**
 * The start time of a process as the system writes it; empty when there is none, or when it is a zombie.
 * @param {number} pid
 */
function startOf(pid) {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name before it may contain anything
    return fields[0] === 'Z' ? '' : (fields[19] ?? '')
  } catch {
    return ''
  }
}
