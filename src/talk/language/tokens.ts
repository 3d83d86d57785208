/** A word of a message. */
export interface Token {
  /** As it is compared: folded, lower case, without punctuation around it. */
  word: string
  /** The same with its capitals. */
  raw: string
}

/** A message as words. */
export interface Said {
  tokens: Token[]
  /** It ends with a question mark. */
  isQuestion: boolean
  /** All of it is in capitals, which then mark nothing; looked up in the words when left out. */
  shouts?: boolean
}

const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}/gu
/** Emoji as the platforms write them: `:rocket:`, `<:moon:123>`. */
const emojiName = /^(<a?:\w{1,40}:\d{1,25}>|:[a-z][\w+-]{0,40}:)$/i
/** A word of more characters is none that anybody means; to fold it once more would take its time. */
const longestWord = 60

/** The desk by its name, as people write it where a platform knows no mention. */
const deskName = /^@(deskhand|desk|bot|desk-?bot)[,:]?$/i

/** The text with compatibility forms folded, invisible characters and emoji gone, and its capitals as they are. */
function folded(text: string): string {
  return text
    .replace(/\p{Cf}|\p{Me}|\p{VS}/gu, '') // first: they keep what is to be folded apart
    .replace(emoji, ' ')
    .normalize('NFKC')
    .replace(/[‘’´`]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[–—]/g, ' - ')
}

/**
 * The words of a text, each in time that is linear in its length. `@.63` and `a,b` come apart; mentions of the desk,
 * emoji and marks that stand alone are gone; other mentions stay, as they are.
 */
export function tokenise(text: string): Said {
  const apart = folded(text)
    .replace(/(?<!<)@\s*(?=[$.\d+-])/g, ' @ ')
    .replace(/(?<=^|\s)~(?=[$.]?\d)/g, 'around ')
    .replace(/(?<=\s)@(?=(market|mkt|open|close)\b)/gi, 'at ')
    .replace(/[,;](?=[a-z$@])/gi, ' ')
    .replace(/(?<=[a-z])=(?=[$.]?\d)/gi, ' ')
  const tokens: Token[] = []
  for (const piece of apart.split(/[\s\p{Cc}]+/u)) {
    if (piece === '' || emojiName.test(piece) || deskName.test(piece)) continue
    if (piece === '@') {
      tokens.push({ word: '@', raw: '@' })
      continue
    }
    const raw = bare(piece)
    const word = raw.length > longestWord ? raw.toLowerCase() : raw.toLowerCase().normalize('NFKC')
    if (/[\p{L}\p{N}?]/u.test(word)) tokens.push({ word, raw })
  }
  // `how am I doing, desk`: whom one speaks to is no word of what is said; `the desk` is.
  if (tokens.length > 2 && /^desk(hand)?$/.test(tokens.at(-1)!.word) && !articles.has(tokens.at(-2)!.word)) tokens.pop()
  return { tokens, isQuestion: /\?[\s"')!.?]*$/.test(apart.slice(-20)) }
}

const articles = new Set(['the', 'a', 'my', 'our', 'this', 'that', 'your', 'at', 'on', 'to', 'of'])
const before = new Set(`("'[{*_~`)
const after = new Set(`)]}"'!?;:,.*_~`)

/** A word without the marks around it; by hand, because an expression would look at a long row of marks again and again. */
function bare(piece: string): string {
  let begin = 0
  let end = piece.length
  while (begin < end && before.has(piece[begin]!)) begin += 1
  while (end > begin && after.has(piece[end - 1]!)) end -= 1
  return begin === end && piece.includes('?') ? '?' : piece.slice(begin, end)
}

/** The words as one text, in lower case. */
export function textOf(tokens: Token[]): string {
  return tokens.map(({ word }) => word).join(' ')
}
