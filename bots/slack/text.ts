/**
 * Escapes plain text for a Slack message: its three control characters are escaped, so that nothing is markup or pings.
 * Characters that cannot be sent (control characters, halves of surrogate pairs) are removed.
 */
export function escapeText(text: string): string {
  return sendable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Removes the characters that cannot be sent. */
export function sendable(text: string): string {
  return text.toWellFormed().replace(/[^\P{Cc}\n\t]/gu, '')
}

const link = /<([^<>|\s][^<>|]*)(?:\|([^<>]*))?>/g

/**
 * Decodes the text of a Slack event into what the person typed: links and channels as they looked, mentions as `<@ID>`,
 * entities as plain characters. The marks of quotations, code and strikes stay.
 */
export function decodeText(text: string): string {
  return text
    .replace(link, (_, target: string, label?: string) => readLink(target, label))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

function readLink(target: string, label?: string): string {
  if (target.startsWith('@')) return `<${target}>`
  if (target.startsWith('#')) return label ? `#${label}` : `<${target}>`
  if (target.startsWith('!')) return label || `@${target.slice(1).split('^')[0]}`
  return label || target.replace(/^mailto:/, '')
}

/** Removes mentions of `userId` from the raw text of a Slack event, and tells whether there was one. */
export function takeMention(text: string, userId: string): { text: string; mentioned: boolean } {
  const mention = new RegExp(`[ \\t]*<@${userId}(\\|[^<>]*)?>[:,]?[ \\t]*`, 'g')
  const rest = text.replace(mention, ' ')
  return { text: rest.trim(), mentioned: rest !== text }
}

/**
 * Splits a text into parts of at most `limit` characters after escaping. Parts end at the end of a line, long lines at
 * a space, and only a longer word is broken. The parts are the whole text again when joined by line ends, or by nothing
 * within a long line.
 */
export function splitText(text: string, limit: number): string[] {
  const parts: string[] = []
  let part: string[] = []
  let length = 0
  for (const line of text.split('\n').flatMap((whole) => foldLine(whole, limit))) {
    const size = escapeText(line).length
    if (part.length > 0 && length + 1 + size > limit) {
      parts.push(part.join('\n'))
      part = []
      length = 0
    }
    length += size + (part.length > 0 ? 1 : 0)
    part.push(line)
  }
  parts.push(part.join('\n'))
  const visible = parts.filter((each) => each.trim() !== '')
  return visible.length > 0 ? visible : ['…']
}

function foldLine(line: string, limit: number): string[] {
  if (escapeText(line).length <= limit) return [line]
  const words = line.split(/(?<= )/)
  return pack(
    words.flatMap((word) => (escapeText(word).length > limit ? breakWord(word, limit) : [word])),
    limit,
  )
}

/** Breaks between visible characters, so that no emoji is torn unless it is too long itself. */
function breakWord(word: string, limit: number): string[] {
  const characters = Array.from(new Intl.Segmenter().segment(word), ({ segment }) => segment)
  return pack(
    characters.flatMap((character) => (escapeText(character).length > limit ? [...character] : [character])),
    limit,
  )
}

/** Joins neighbours while they fit. */
function pack(units: string[], limit: number): string[] {
  const pieces: string[] = []
  let piece = ''
  let size = 0
  for (const unit of units) {
    const next = escapeText(unit).length
    if (piece !== '' && size + next > limit) {
      pieces.push(piece)
      piece = ''
      size = 0
    }
    piece += unit
    size += next
  }
  return [...pieces, piece]
}

/** Cuts a text to at most `limit` characters after escaping, with `…` at the cut; for labels, never for replies. */
export function shorten(text: string, limit: number): string {
  if (escapeText(text).length <= limit) return text
  return `${breakWord(text, limit - 1)[0]}…`
}
