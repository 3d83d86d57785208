/** A value is kept for these milliseconds at least: a venue's clock may be behind, and then its next change lies in the past. */
const leastMs = 2000
const most = 5000

/** A value that is asked for again when it is old, or from the moment at which it changes. A failure is not kept. */
export function kept<Value>(now: () => Date, forMs: number, changesAt?: (value: Value) => Date) {
  const values = new Map<string, { at: number; forMs: number; value: Promise<Value> }>()
  return async (key: string, ask: () => Promise<Value>): Promise<Value> => {
    const found = values.get(key)
    if (found && Math.abs(now().getTime() - found.at) < found.forMs) return found.value
    const value = ask()
    const entry = { at: now().getTime(), forMs, value }
    values.set(key, entry)
    if (values.size > most) values.delete(values.keys().next().value!)
    value.then(
      (given) => {
        const untilChange = (changesAt?.(given).getTime() ?? Number.POSITIVE_INFINITY) - entry.at
        entry.forMs = Math.max(leastMs, Math.min(forMs, untilChange))
      },
      () => values.delete(key),
    )
    return value
  }
}
