/** The items in order, at most so many at a time. */
export function* slices<Item>(all: Item[], most: number): Generator<Item[]> {
  for (let from = 0; from < all.length; from += most) yield all.slice(from, from + most)
}
