import { getPriority, setPriority } from 'node:os'

/**
 * Puts the thread that calls it behind the others of the desk. Only Linux knows priorities of threads; elsewhere the whole process would be
 * put back, and its closes with it.
 */
export function giveWay(): void {
  if (process.platform === 'linux') setPriority(Math.min(19, getPriority() + 10))
}
