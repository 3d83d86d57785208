import { limits } from './limits.ts'

/** Happened this too long ago to act on it? In Slack's seconds; what has no time is not old. */
export function isOld(seconds: string | number | undefined): boolean {
  return Date.now() - Number(seconds) * 1000 > limits.oldestDelivery
}
