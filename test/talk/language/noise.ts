import fc from '../../support/fast-check.ts'

const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit))
/** Text that often breaks programs: NUL, halves of surrogate pairs, direction marks, joiners, stacked marks, markup. */
const nasty = fc.constantFrom(
  ...['\u0000', '\ud83d', '\udc00', '\u202e', '\u2066', '\u200b', '\u200d', '\ufe0f', '\u0301', '\ufdfa', '\ufeff'],
  ...['@', '<', '>', '`', '*', '_', '|', '$', '{', '}', "'", '"', ';', '%', '\\', '/', '\n', '\r', '\t', '1️⃣', '🇦🇹'],
)

/** Random text: any UTF-16 units in any order, with halves of characters. */
export const noise = (most: number) =>
  fc.string({ unit: fc.oneof(anyUnit, nasty, fc.constantFrom(' ', 'a', '1', '.', ',')), maxLength: most })
