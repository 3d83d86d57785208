/** Yields the items in order, in slices of at most `most`. */
export function* slices<Item>(all: readonly Item[], most: number): Generator<Item[]> {
  for (let from = 0; from < all.length; from += most) yield all.slice(from, from + most)
}
