/** The words that ask for an answer that nobody else sees. */
const asking = '(?:privately|in private|(?:just|only) (?:for|to) me|(?:for|to) me (?:only|alone))'
const atEnd = new RegExp(`[\\s,;:-]+${asking}\\s*[.!]*$`, 'i')
const atBegin = /^(?:privately|in private)[\s,:]+/i

/** Takes the words that ask for a private answer off a text: `pl privately`. These words alone stay what they are. */
export function takeAside(text: string): { text: string; isPrivate: boolean } {
  const rest = text.replace(atEnd, '').replace(atBegin, '').trim()
  return rest === '' || rest === text.trim() ? { text, isPrivate: false } : { text: rest, isPrivate: true }
}
