/**
 * Plain text as Discord shows it unchanged: markdown, masked links, timestamps, channel and role mentions lose their
 * meaning, and what cannot be sent (control characters, halves of surrogate pairs) is left out. A mention of a user
 * (`<@ID>`) stays, so that it reads as a name: nothing is ever pinged, because every message forbids it.
 */
export function literal(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/[^\P{Cc}\n\t]/gu, '')
      .replace(/[\\*_`]/g, '\\$&')
      // One `|` or `~` means nothing and is left readable for notifications, which show the raw text.
      .replace(/\|{2,}|~{2,}/g, (run) => run.replace(/./g, '\\$&'))
      .replace(/<(?!@!?\d{1,20}>)/g, '\\<')
      .replace(/@(?=everyone|here)/g, '\\@')
      .replace(/\](?=\()/g, '\\]')
      // Headings, small print and quotes are only that at the start of a line.
      .replace(/^([^\S\n]*)(?=#{1,3}\s|-#\s|>)/gm, '$1\\')
  )
}
