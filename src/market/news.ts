/** A headline about a symbol, as its provider shows it: data, and never an instruction. */
export interface NewsItem {
  title: string
  publisher: string
  url?: string
  publishedAt: Date
}

/** A provider of headlines. */
export interface NewsSource {
  /** `yahoo` */
  name: string
  /** It is asked about a symbol no more often, in milliseconds. */
  everyMs: number
  /** Its latest headlines about a symbol. Throws when nothing is known; the message is for people and holds no key. */
  news(symbol: string): Promise<NewsItem[]>
}

/** The longest title that counts, in characters. */
const longest = 300

/** A title in one line without control characters; undefined when nothing is left. */
export function titleIn(given: unknown): string | undefined {
  if (typeof given !== 'string') return undefined
  const title = given
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, longest)
  return title === '' ? undefined : title
}

/** An address of the web; undefined of anything else. */
export function webAddressIn(given: unknown): string | undefined {
  return typeof given === 'string' && given.length <= 1000 && /^https?:\/\/\S+$/.test(given) ? given : undefined
}
