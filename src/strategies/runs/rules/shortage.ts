const mb = 1024 * 1024

/** A thread with the bars of five years of 2,000 symbols takes about 150 MB. */
const leastMemory = 256 * mb
/** Results of a run take a few MB; a full disk stops Postgres, and with it every exit. */
const leastDisk = 200 * mb
/** With so many processes for each core a run would slow the others down, and take several times its usual time. */
const mostLoad = 8

/** A run waits so long for a busy machine and then starts all the same: a machine may always be busy. Milliseconds. */
const waitsForLoadMs = 30_000
/** A run waits so long for memory or disk and then ends: started without them, it would take the desk down. */
const waitsForRoomMs = 10 * 60_000

/** Something that is too little for a run: without `space` it would take the desk down, `load` only slows it down. */
export interface Shortage {
  of: 'space' | 'load'
  /** `120 MB of memory are left, and a run needs 256 MB` */
  text: string
}

/** The shortage of a machine; undefined when it has enough left. */
export function shortageOf(left: { memory: number; load: number; disk: number }): Shortage | undefined {
  const short = (what: string, is: number, needs: number): Shortage => ({
    of: 'space',
    text: `${Math.floor(is / mb)} MB of ${what} are left, and a run needs ${needs / mb} MB`,
  })
  if (left.memory < leastMemory) return short('memory', left.memory, leastMemory)
  if (left.disk < leastDisk) return short('disk', left.disk, leastDisk)
  if (left.load <= mostLoad) return undefined
  return { of: 'load', text: `the machine is busy: ${left.load.toFixed(1)} processes wait for each core` }
}

/** The way on for a run whose start has waited for so long, in milliseconds. */
export function verdictOn(shortage: Shortage | undefined, waitedMs: number): 'start' | 'wait' | 'give up' {
  if (!shortage) return 'start'
  if (shortage.of === 'load') return waitedMs >= waitsForLoadMs ? 'start' : 'wait'
  return waitedMs >= waitsForRoomMs ? 'give up' : 'wait'
}
