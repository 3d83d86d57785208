/** The last `size` ids that were shown to it. The answer is whether this one was among them already. */
export function createRecent(size: number): (id: string) => boolean {
  const ids = new Set<string>()
  return (id) => {
    if (ids.has(id)) return true
    ids.add(id)
    if (ids.size > size) ids.delete(ids.values().next().value!)
    return false
  }
}
