import type { Clock } from '../../src/base/clock.ts'

/**
 * A clock that goes on at the machine's pace from Friday, 10:00 in New York: for tests in which it matters that the exchange is
 * open, and for how long.
 */
export function fridayClock(scale = 60): Clock {
  const ahead = Date.parse('2026-11-20T15:00:00Z') - Date.now()
  return { scale, now: () => new Date(Date.now() + ahead) }
}
