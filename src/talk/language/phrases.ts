/**
 * How people say a command in other words than its name and its aliases; between phrases stand commas. A phrase is compared
 * without articles and politeness, and also with symbols and amounts taken out: `get me out` finds `get me half out of BYND`.
 */
export interface Phrases {
  /** The words that they say beside the command: `flatten out` is `close now`. */
  says?: string
  /** Phrases that count as they stand. */
  full?: string
  /** Phrases that say so little that they count only with a symbol or an amount beside them. */
  thin?: string
}

/** One phrase, in small letters and single spaces. */
export interface Phrase {
  phrase: string
  says: string
  isThin: boolean
}

/** Lists the phrases of a command one by one. */
export function phrasesIn(all: Phrases[] = []): Phrase[] {
  return all.flatMap(({ says = '', full = '', thin = '' }) => [
    ...listed(full).map((phrase) => ({ phrase, says, isThin: false })),
    ...listed(thin).map((phrase) => ({ phrase, says, isThin: true })),
  ])
}

const listed = (text: string) =>
  text
    .split(',')
    .map((phrase) => phrase.replace(/\s+/g, ' ').trim())
    .filter(Boolean)
