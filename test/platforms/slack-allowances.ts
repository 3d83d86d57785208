/** What channels of a Slack still take: everything, until a limit is set. */
export function createAllowances() {
  let everyMs = 0
  let burst = 1
  let refused = 0
  /** When the allowance of a channel is whole again. */
  const wholeAt = new Map<string, number>()
  return {
    limit(limit: { everyMs: number; burst: number }): void {
      everyMs = limit.everyMs
      burst = limit.burst
    },
    limited: () => refused,
    /** Takes one message off a channel's allowance. False when there is no room. */
    take(channel: string): boolean {
      const now = performance.now()
      const whole = Math.max(wholeAt.get(channel) ?? 0, now)
      // Requests are a few milliseconds under way, one more than the other.
      const isOver = whole - now > everyMs * (burst - 1) + everyMs / 10
      if (isOver) refused += 1
      else wholeAt.set(channel, whole + everyMs)
      return !isOver
    },
  }
}
