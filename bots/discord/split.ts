const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Units that a text can be broken into, from large to small: lines, words, visible characters, code points. */
const grains: ((text: string) => string[])[] = [
  (text) => text.split(/(?<=\n)/),
  (text) => text.split(/(?<=\s)(?=\S)/),
  (text) => Array.from(characters.segment(text), ({ segment }) => segment),
  (text) => [...text],
]

/**
 * Splits a text into parts whose `size` is at most `most`; joined, the parts are the text again. Parts end at the end
 * of a line. A line that is too long is broken between words, and a word that is too long between characters.
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
