const pieces = '(chunks|pieces|bits|slices|parts|portions|tranches|steps|stages)'
const gradual = new RegExp(
  `^(gradually|slowly|progressively|over time|(in )?((small|tiny|little|several|a few) )?${pieces}|(in )?(several|many|multiple) (small )?(times|orders|goes|pieces)|(a )?(bit|little) at( a)? time|(bit|step|little|piece|part) by (bit|step|little|piece|part))(?= |$)`,
)

/** Removes the words that ask for a sale in parts: `in small pieces`, `step by step`. */
export function withoutGradual(leftover: string[]): string[] {
  const at = leftover.findIndex((_, index) => gradual.test(leftover.slice(index).join(' ')))
  if (at < 0) return leftover
  const [found = ''] = gradual.exec(leftover.slice(at).join(' ')) ?? []
  const used = found.split(' ').length
  // `in chunks of 100` is left over as one piece, because it has a size.
  if (leftover.slice(at, at + used).join(' ') !== found) return leftover
  return [...leftover.slice(0, at), ...leftover.slice(at + used)]
}
