const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Ever smaller units that a text can be broken into: lines, words, characters as people see them, code points. */
const grains: ((text: string) => string[])[] = [
  (text) => text.split(/(?<=\n)/),
  (text) => text.split(/(?<=\s)(?=\S)/),
  (text) => Array.from(characters.segment(text), ({ segment }) => segment),
  (text) => [...text],
]

/**
 * The text in parts whose `size` is at most `most`; joined they are the text again. Parts end at the end of a line; only
 * a line that is too long by itself is broken between words, and only a word that is, between characters.
 */
export function split(text: string, most: number, size: (text: string) => number, grain = 0): string[] {
  const units = grains[grain]
  if (!units || size(text) <= most) return [text]
  const parts: string[] = []
  let part = ''
  for (const unit of units(text)) {
    if (size(part + unit) <= most) {
      part += unit
      continue
    }
    if (part) parts.push(part)
    const pieces = split(unit, most, size, grain + 1)
    part = pieces.pop() ?? ''
    parts.push(...pieces)
  }
  return [...parts, part]
}
