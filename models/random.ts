/** A random generator that gives the same sequence for the same seed on every machine (mulberry32). */
export interface Chance {
  /** From 0 up to but not including 1. */
  next(): number
  /** A whole number below `count`. */
  below(count: number): number
  pick<T>(from: readonly T[]): T
  /** True with this probability. */
  is(probability: number): boolean
}

/** A random generator from a seed of 32 bits. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (count: number) => Math.floor(next() * count)
  return { next, below, pick: (from) => from[below(from.length)]!, is: (probability) => next() < probability }
}

/** A hash of a text, the same on every machine (FNV-1a). */
export function numberOf(text: string): number {
  let value = 0x811c9dc5
  for (const letter of text) value = Math.imul(value ^ letter.codePointAt(0)!, 0x01000193)
  return (value ^ (value >>> 15)) >>> 0
}
