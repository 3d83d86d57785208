import type { Clock } from '../../src/base/clock.ts'

/** A clock that a test moves by hand. */
export interface HandClock extends Clock {
  set(time: Date | number): void
  advance(ms: number): void
}

/** A clock that stands at `start` until it is moved. */
export function handClock(start: Date | string | number = '2026-11-20T15:00:00Z', scale = 1): HandClock {
  let time = new Date(start).getTime()
  return {
    scale,
    now: () => new Date(time),
    set: (to) => {
      time = Number(to)
    },
    advance: (ms) => {
      time += ms
    },
  }
}
