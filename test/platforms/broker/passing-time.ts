import type { Clock } from '../../../src/base/clock.ts'

/** The time of a local broker, moved by hand, that passes by itself `scale` times as fast as here, and a clock that shows it. */
export function passTime(
  broker: { now(): Date; letPass(milliseconds: number): Promise<void> },
  { scale, onSecond }: { scale: number; onSecond?: () => void },
): { clock: Clock; end(): Promise<void> } {
  const tickMs = 20
  let isOver = false
  const passing = (async () => {
    let last = performance.now()
    let seconds = 0
    while (!isOver) {
      await new Promise((resolve) => setTimeout(resolve, tickMs))
      const now = performance.now()
      // A machine that is busy lets time pass more slowly there, so that nobody there waits in vain.
      await broker.letPass(Math.round(Math.min(now - last, 5 * tickMs) * scale))
      last = now
      const second = Math.floor(broker.now().getTime() / 1000)
      if (second !== seconds) onSecond?.()
      seconds = second
    }
  })()
  return {
    clock: { scale, now: () => broker.now() },
    async end() {
      isOver = true
      await passing
    },
  }
}
