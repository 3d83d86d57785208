/** Throws when a question for bars makes no sense: whole minutes from 1, and a whole count from 0. */
export function checkBars(minutes: number, count: number): void {
  if (!Number.isInteger(minutes) || minutes < 1) throw new RangeError(`bars of ${minutes} minutes do not exist`)
  if (!Number.isInteger(count) || count < 0) throw new RangeError(`${count} is not a number of bars`)
}
