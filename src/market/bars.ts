/**
 * Checks a request for bars. Throws `RangeError` unless `minutes` is whole and at least 1, and `count` is whole and at least
 * 0.
 */
export function checkBars(minutes: number, count: number): void {
  if (!Number.isInteger(minutes) || minutes < 1) throw new RangeError(`bars of ${minutes} minutes do not exist`)
  if (!Number.isInteger(count) || count < 0) throw new RangeError(`${count} is not a number of bars`)
}
