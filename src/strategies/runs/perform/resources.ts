import { statfs } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'

/** Memory, time and disk that this machine has left. */
export interface Resources {
  /** Bytes of memory that a process may still take, by the limit of its container if it has one. */
  memory: number
  /** Waiting and running processes of the last minute, for each core. */
  load: number
  /** Bytes left on the disk of the working folder. */
  disk: number
}

/** Reads what this machine has left. A figure that cannot be read counts as plenty. */
export async function readResources(folder = process.cwd()): Promise<Resources> {
  const disk = await statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => Number.POSITIVE_INFINITY,
  )
  return { memory: process.availableMemory(), load: loadavg()[0]! / availableParallelism(), disk }
}
