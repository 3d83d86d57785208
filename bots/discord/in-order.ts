/** Runs tasks with the same key in the order of arrival, and tasks with different keys in parallel. */
export function createLanes(): <T>(key: string, task: () => Promise<T>) => Promise<T> {
  const ends = new Map<string, Promise<unknown>>()
  return (key, task) => {
    const result = (ends.get(key) ?? Promise.resolve()).then(task)
    const end = result.then(
      () => {},
      () => {},
    )
    ends.set(key, end)
    void end.then(() => ends.get(key) === end && ends.delete(key))
    return result
  }
}
