import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { commandLine } from './processes.mjs'

/**
 * Ends every process whose TMPDIR is this folder; all descendants inherit that variable. Returns the command lines of those
 * that did not end by themselves in the given time. Works on Linux only; elsewhere it finds none.
 * @param {string} folder
 * @param {number} milliseconds
 * @returns {Promise<string[]>}
 */
export async function endProcessesOf(folder, milliseconds) {
  const patience = Date.now() + milliseconds
  let pids = processesOf(folder)
  while (pids.length > 0 && Date.now() < patience) {
    await wait(50)
    pids = processesOf(folder)
  }
  const lines = pids.map((pid) => `${pid} ${commandLine(pid)}`)
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {} // it has ended meanwhile
  }
  return lines
}

/** @param {string} folder */
function processesOf(folder) {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && environmentOf(pid).includes(`TMPDIR=${folder}\0`))
}

/** @param {number} pid */
function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}
