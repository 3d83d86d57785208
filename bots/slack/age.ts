import { limits } from './limits.ts'

/** Whether a moment, in Slack's seconds, is too long ago to act on. A missing time is not old. */
export function isOld(seconds: string | number | undefined): boolean {
  return Date.now() - Number(seconds) * 1000 > limits.oldestDelivery
}
