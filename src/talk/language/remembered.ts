/** So many texts are remembered: the parts and variants of a few messages. */
const most = 64
/** A longer text is worked on each time, in characters. */
const longest = 600

/** A function of a text that remembers its last results: the layers look at the same message, and at its clauses, again and again. */
export function remembered<Result>(of: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, { result: Result }>()
  return (text) => {
    const before = known.get(text)
    if (before) return before.result
    const result = of(text)
    if (known.size >= most) known.clear()
    if (text.length <= longest) known.set(text, { result })
    return result
  }
}
