/**
 * Phrases for a command beside its name and its aliases, separated by commas. Articles and politeness are ignored. Symbols and
 * amounts are also taken out for a second comparison, so `get me out` matches `get me half out of BYND`.
 */
export interface Phrases {
  /** The words that the phrases add to the command: `flatten out` is `close now`. */
  says?: string
  /** Phrases that count on their own. */
  full?: string
  /** Vague phrases that count only with a symbol or an amount. */
  thin?: string
}

/** One phrase, in lower case with single spaces. */
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
