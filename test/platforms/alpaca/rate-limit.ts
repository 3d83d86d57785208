import type { Allowance } from '../broker/answering.ts'

/** Limits callers to so many requests in each minute of the broker's time. */
export function createRateLimit(now: () => Date, limit: () => number): (caller: string) => Allowance {
  const windows = new Map<string, { minute: number; used: number }>()
  return (caller) => {
    const minute = Math.floor(now().getTime() / 60_000)
    const known = windows.get(caller)
    const window = known?.minute === minute ? known : { minute, used: 0 }
    windows.set(caller, window)
    const isAllowed = window.used < limit()
    if (isAllowed) window.used++
    return {
      isAllowed,
      headers: {
        'X-RateLimit-Limit': String(limit()),
        'X-RateLimit-Remaining': String(Math.max(0, limit() - window.used)),
        'X-RateLimit-Reset': String((minute + 1) * 60),
      },
    }
  }
}
