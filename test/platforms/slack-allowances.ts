/** The channels' allowances for messages: unlimited, until a limit is set. */
export function createAllowances() {
  let everyMs = 0
  let burst = 1
  let refused = 0
  /** The time at which a channel's allowance is full again. */
  const wholeAt = new Map<string, number>()
  return {
    limit(limit: { everyMs: number; burst: number }): void {
      everyMs = limit.everyMs
      burst = limit.burst
    },
    limited: () => refused,
    /** Uses one message of a channel's allowance; false when it is empty. */
    take(channel: string): boolean {
      const now = performance.now()
      const whole = Math.max(wholeAt.get(channel) ?? 0, now)
      // The travel time of requests varies by a few milliseconds.
      const isOver = whole - now > everyMs * (burst - 1) + everyMs / 10
      if (isOver) refused += 1
      else wholeAt.set(channel, whole + everyMs)
      return !isOver
    },
  }
}
