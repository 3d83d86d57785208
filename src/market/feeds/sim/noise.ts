/** A 32-bit seed from words: the same words give the same seed on every machine. FNV-1a, then mixed. */
export function seedOf(...words: string[]): number {
  let hash = 0x811c9dc5
  for (const char of words.join('\u0000')) {
    hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193)
  }
  return mix(hash)
}

/** A number in [0, 1) at an index of an endless sequence; the same index always gives the same number. */
export function draw(seed: number, index: number): number {
  return mix(seed + Math.imul(index | 0, 0x9e3779b1)) / 0x1_0000_0000
}

/** Smooth noise in [-1, 1]: a random value at each whole `x`, an S-curve in between (value noise). */
export function noise(seed: number, x: number): number {
  const whole = Math.floor(x)
  const part = x - whole
  const from = draw(seed, whole)
  const to = draw(seed, whole + 1)
  return 2 * (from + (to - from) * part * part * (3 - 2 * part)) - 1
}

/**
 * The same noise for a row of whole numbers, bit for bit: of `first / step + shift` and those that follow. Many of them lie between the
 * same two draws, which are made once.
 */
export function noiseInto(out: Float64Array, seed: number, first: number, step: number, shift = 0): void {
  let known = Number.NaN
  let from = 0
  let to = 0
  for (let at = 0; at < out.length; at++) {
    const x = (first + at) / step + shift
    const whole = Math.floor(x)
    if (whole !== known) {
      from = whole === known + 1 ? to : draw(seed, whole)
      to = draw(seed, whole + 1)
      known = whole
    }
    const part = x - whole
    out[at] = 2 * (from + (to - from) * part * part * (3 - 2 * part)) - 1
  }
}

/** The finalizer of MurmurHash3: every bit of the input affects every bit of the result. */
function mix(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
