/**
 * Escapes plain text so that Discord shows it unchanged: markdown, masked links, timestamps, channel and role mentions
 * lose their meaning. Characters that cannot be sent (control characters, halves of surrogate pairs) are removed. A
 * mention of a user (`<@ID>`) stays and reads as a name: it pings nobody, since every message forbids pings.
 */
export function literal(text: string): string {
  return (
    sendable(text)
      .replace(/[\\*_`]/g, '\\$&')
      // A single `|` or `~` means nothing, and stays readable in notifications, which show the raw text.
      .replace(/\|{2,}|~{2,}/g, (run) => run.replace(/./g, '\\$&'))
      .replace(/<(?!@!?\d{1,20}>)/g, '\\<')
      .replace(/@(?=everyone|here)/g, '\\@')
      .replace(/\](?=\()/g, '\\]')
      // Headings, small print and quotes have a meaning only at the start of a line.
      .replace(/^([^\S\n]*)(?=#{1,3}\s|-#\s|>)/gm, '$1\\')
  )
}

/** Removes the characters that cannot be sent. */
export function sendable(text: string): string {
  return text.toWellFormed().replace(/[^\P{Cc}\n\t]/gu, '')
}
