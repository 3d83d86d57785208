/**
 * Puts a clock that can be set in the place of the machine's: `Date` is wrong by so many milliseconds, in all of this process.
 * Time as it passes (`performance`, timers) is left alone, as it is when a machine's clock is set.
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
