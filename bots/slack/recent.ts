/** Remembers the last `size` ids, and tells whether an id is one of them. */
export function createRecent(size: number): (id: string) => boolean {
  const ids = new Set<string>()
  return (id) => {
    if (ids.has(id)) return true
    ids.add(id)
    if (ids.size > size) ids.delete(ids.values().next().value!)
    return false
  }
}
