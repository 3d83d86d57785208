import type { Given, Slots } from './slots.ts'

/** Makes the command's own number the other level of a bracket: `stop .58 target .75`. */
export function pair(given: Given, slots: Slots, name: 'stop' | 'target'): void {
  const value = slots.percent !== undefined ? `${slots.percent}%` : (given.price ?? given.quantity)
  if (value === undefined) return
  given[name] = value
  for (const taken of ['quantity', 'price', 'fraction']) delete given[taken]
}

/** Reads two numbers as stop and target, in this order: `bracket .58 .75`. */
export function pairInOrder(given: Given, slots: Slots, leftover: string[]): void {
  if (given.stop !== undefined || given.target !== undefined) return
  if (slots.pair) {
    const at = leftover.findIndex((word) => /^[$.\d%]+[/-][$.\d%]+$/.test(word))
    if (at >= 0) leftover.splice(at, 1)
    ;[given.stop, given.target] = slots.pair
    // `bracket .54/.88 stop/target`
    const names = leftover.findIndex((word) => /^((stop|sl)\/(target|tp)|(target|tp)\/(stop|sl))$/.test(word))
    if (names >= 0 && /^t/.test(leftover.splice(names, 1)[0]!)) [given.target, given.stop] = slots.pair
    return
  }
  const second = leftover.findIndex((word) => word.endsWith('%'))
  const between = leftover.findIndex((word) => /^between \$?[\d.]+$/.test(word))
  if (slots.percent !== undefined && second >= 0) {
    given.stop = `${slots.percent}%`
    given.target = leftover.splice(second, 1)[0]!
    delete given.fraction
  } else if (slots.isAfter && given.price !== undefined && given.quantity !== undefined) {
    // `at 24.15 and 26.40`
    given.stop = given.price
    given.target = given.quantity
    delete given.quantity
    delete given.price
  } else if (between >= 0 && given.quantity !== undefined) {
    given.stop = leftover.splice(between, 1)[0]!.replace(/^between \$?/, '')
    given.target = given.quantity
    delete given.quantity
  } else if (given.quantity !== undefined && given.price !== undefined && slots.isSize && !slots.isCounted) {
    // `bracket 1.3 0.9 bynd`: the number before the symbol is the second.
    given.stop = given.price
    given.target = given.quantity
    delete given.quantity
    delete given.price
  } else if (given.quantity !== undefined && given.price !== undefined && slots.isSecond) {
    given.stop = given.quantity
    given.target = given.price
    delete given.quantity
    delete given.price
  }
}

/** Reads a percentage as the distance of a level. For a trail any number is a distance. */
export function level(given: Given, slots: Slots, name: string): void {
  // If the whole text was read, the slot has the command's own name: `put a stop at .58`.
  const own = given[name]
  if (own !== undefined && (name === 'stop' || name === 'target')) {
    delete given[name]
    if (own.endsWith('%')) given.percent ??= own.slice(0, -1)
    else given.price ??= own
  }
  if (name === 'trail' && given.stop?.endsWith('%') && given.percent === undefined) {
    given.percent = given.stop.slice(0, -1)
    delete given.stop
  }
  if (slots.percent !== undefined) {
    // `stop coin -7%`
    given.percent = slots.percent.replace(/^[+-]/, '')
    delete given.fraction
  }
  // `put a floor at 127`: for a scaleout a floor has another meaning.
  if (name === 'stop' && given.floor !== undefined && given.price === undefined) {
    given.price = given.floor
    delete given.floor
  }
  if (name === 'trail' && given.percent === undefined && given.quantity !== undefined) {
    given.percent = given.quantity
    delete given.quantity
  }
}
