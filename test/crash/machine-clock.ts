/**
 * Replaces the machine's clock with one that can be set: `Date` is wrong by this many milliseconds in the whole process. The
 * monotonic clock (`performance`, timers) is unchanged, as when a machine's clock is set.
 */
export function settableClock(skewMs: number): { set(skewMs: number): void } {
  const Real = Date
  let skew = skewMs
  const now = () => Real.now() + skew
  globalThis.Date = new Proxy(Real, {
    construct: (target, given, as) => Reflect.construct(target, given.length === 0 ? [now()] : given, as),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  })
  return {
    set(to) {
      skew = to
    },
  }
}
