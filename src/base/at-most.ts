/** Limits how many pieces of work run at once; the others begin in the order in which they came. */
export function atMost(most: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = []
  let underway = 0
  return async (work) => {
    if (underway >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else underway += 1
    try {
      return await work()
    } finally {
      // The next in line inherits the place, so the count stays the same.
      const next = waiting.shift()
      if (next) next()
      else underway -= 1
    }
  }
}
