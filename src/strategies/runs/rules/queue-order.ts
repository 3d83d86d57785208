import { restMs } from './progress.ts'
import { type Priority, priorities } from './run.ts'

/** A run that waits for its turn. */
export interface WaitingRun {
  id: number
  memberId: number
  priority: Priority
  /** The expected length of its work in milliseconds. */
  takesMs: number
}

/** A run that is worked on. */
export interface ActiveRun {
  memberId: number
  /** The expected rest of its work in milliseconds. */
  leftMs: number
}

/**
 * The waiting runs in the order of their turns: higher priority first; within one, the member with the fewest runs that are
 * active or have their turn before; then the order in which they were asked for.
 */
export function inOrder<One extends Omit<WaitingRun, 'takesMs'>>(
  waiting: readonly One[],
  active: readonly Pick<ActiveRun, 'memberId'>[],
): One[] {
  const ahead = new Map<number, number>()
  const count = (memberId: number) => ahead.set(memberId, (ahead.get(memberId) ?? 0) + 1)
  for (const { memberId } of active) count(memberId)
  const left = [...waiting]
  const ordered: One[] = []
  while (left.length > 0) {
    const next = left.reduce((best, one) => (isBefore(one, best, ahead) ? one : best))
    left.splice(left.indexOf(next), 1)
    count(next.memberId)
    ordered.push(next)
  }
  return ordered
}

type Compared = Omit<WaitingRun, 'takesMs'>

function isBefore(one: Compared, other: Compared, ahead: ReadonlyMap<number, number>): boolean {
  const rank = ({ priority }: Compared) => priorities.indexOf(priority)
  if (rank(one) !== rank(other)) return rank(one) < rank(other)
  const runs = ({ memberId }: Compared) => ahead.get(memberId) ?? 0
  if (runs(one) !== runs(other)) return runs(one) < runs(other)
  return one.id < other.id
}

/** The place of a waiting run: 0 starts now, 1 is the next after that; with the expected wait in milliseconds. */
export interface Turn {
  id: number
  position: number
  waitMs: number
}

/** The turns of all waiting runs, in order, with `places` runs at once. */
export function turns(waiting: readonly WaitingRun[], active: readonly ActiveRun[], places: number): Turn[] {
  const free = Array.from({ length: Math.max(0, places - active.length) }, () => 0)
  // The times at which places become free. With more active runs than places, the last of them free none.
  const ends = active.map(({ leftMs }) => Math.max(0, leftMs)).sort((a, b) => b - a)
  const times = [...free, ...ends.slice(0, Math.max(1, places))].sort((a, b) => a - b)
  let later = 0
  return inOrder(waiting, active).map((run, index) => {
    const waitMs = times.shift() ?? 0
    times.push(waitMs + run.takesMs)
    times.sort((a, b) => a - b)
    if (index >= free.length) later += 1
    return { id: run.id, position: later, waitMs }
  })
}

/**
 * The expected rest of an active run in milliseconds, by its progress so far, as its message tells it; else by what such runs usually
 * take. One that has taken longer than that is expected to take as long again.
 */
export function expectedRest(progressPercent: number, workedMs: number, usualMs: number): number {
  const rest = workedMs > 0 ? restMs(progressPercent, workedMs) : undefined
  return rest ?? Math.max(1000, workedMs < usualMs ? usualMs - workedMs : workedMs)
}
