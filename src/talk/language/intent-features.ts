import { clipped } from './clipped.ts'
import { numberIn, plain } from './words.ts'

/** The number of rows of the embedding table for hashed features; a power of two. */
export const buckets = 1 << 15

/** Of a longer message only the start and the end are read. */
const longestText = 400
const mostTokens = 60

/** Is this word, in lower case, a symbol? */
export type IsSymbol = (word: string) => boolean

/** The tokens that replace symbols, numbers, prices, percentages and times in the features. */
const masks = { symbol: '<sym>', number: '<num>', price: '<price>', percent: '<pct>', time: '<time>' }

const time = /^\d{1,2}(:\d{2}(:\d{2})?(am|pm|a|p)?|(am|pm))$/
const numberWords =
  /^(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen|-|one(?=-))+$/
const piece =
  /<[@#][^>]{1,40}>|@[a-z_][\w.-]*|[$@~]?[+-]?[.,]?\d[\d.,:/]*(?:[a-z]{1,2}\b|%)?|\$?[a-z][a-z0-9'&]*(?:[-/.][a-z0-9]+)*|\p{Extended_Pictographic}|[^\s]/gu

/**
 * Splits a message into the tokens of the model. Mentions are removed and slots are masked, so that the model learns how people
 * ask and not the symbols and sizes of the training sentences.
 */
export function tokensOf(text: string, isSymbol: IsSymbol): string[] {
  const whole = text.length > longestText ? `${text.slice(0, longestText / 2)} ${text.slice(-longestText / 2)}` : text
  const shouted = upperCaseWords(whole)
  const tokens: string[] = []
  for (const [found] of plain(whole)
    .slice(0, 2 * longestText)
    .matchAll(piece)) {
    const token = tokenOf(found, shouted, isSymbol)
    // A number of several words is one: `two hundred fifty`.
    const isMore = token === tokens.at(-1) && (token === masks.number ? /^[a-z]/.test(found) : !/^[a-z<]/.test(token!))
    if (token !== undefined && !isMore) tokens.push(...token.split(' '))
  }
  return tokens.length > mostTokens ? [...tokens.slice(0, mostTokens / 2), ...tokens.slice(-mostTokens / 2)] : tokens
}

function tokenOf(found: string, shouted: Set<string>, isSymbol: IsSymbol): string | undefined {
  if (/^(<[@#]|@[a-z_])/.test(found)) return undefined
  if (/^[$@~]?[+-]?[.,]?\d/.test(found)) return numberToken(found)
  if (found.startsWith('$')) return found.length > 1 ? masks.symbol : undefined
  if (/^[a-z]/.test(found)) {
    const bare = found.replaceAll("'", '')
    if (numberWords.test(bare)) return masks.number
    if (isSymbol(bare) || shouted.has(bare)) return masks.symbol
    return clipped.get(found)?.join(' ').replaceAll("'", '') ?? bare
  }
  return /^[,;:.()[\]{}<>|*_~`\\/-]$/.test(found) ? undefined : found
}

function numberToken(found: string): string {
  const at = found.startsWith('@') ? '@ ' : ''
  const bare = found.replace(/^[@~]/, '').replace(/[.,:/]+$/, '')
  if (time.test(bare)) return `${at}${masks.time}`
  if (bare.endsWith('%')) return masks.percent
  if (/^\d+\/\d+$/.test(bare)) return '<part>'
  const cents = /^[\d.]+c$/.test(bare)
  if (cents || bare.startsWith('$')) return `${at}${masks.price}`
  const number = numberIn(bare)
  if (number === undefined) return bare.replace(/\d+/g, '0')
  return `${at}${bare.includes('.') && !/[km]$/.test(bare) ? masks.price : masks.number}`
}

/** The words of two to five capitals, if the message is not all in capitals. */
function upperCaseWords(text: string): Set<string> {
  const words = text.match(/(?<![\p{L}\p{N}'])\p{L}[\p{L}']*/gu) ?? []
  const capitals = words.filter((word) => /^[A-Z]{2,5}$/.test(word))
  if (words.some((word) => /\p{Ll}/u.test(word)))
    return new Set(capitals.map((word) => word.toLowerCase()).filter((word) => !shoutedWords.has(word)))
  return new Set()
}

/** Words that are no symbols even in capitals. */
const shoutedWords = new Set(
  `i a pl pnl p&l vwap rvol vp poc rsi macd atr ath atl eod eow lol lmao rofl omg wtf fyi imo imho tbh btw idk ngl fomo
  yolo hodl tp sl be bo dd er eps ceo cfo fed fomc cpi ppi gdp ipo etf usd eur gbp est edt cet utc pst gmt ny nyse us
  uk eu am pm ah pm llm ai bot dm ok no yes not now all stop close buy sell long short trim add flat exit cover get me
  my out the of in at on it is if do to and or but so go get halt mute quiet help undo task tasks alert chart quote
  watch why move tell off set cut half fast slow need want wait hold dont never please pls asap and only just this that
  what when how who you we they he she his her up down high low day red green big huge more some any last next free
  trade stock news call calls put puts iv dte itm otm roi tldr afk brb gtc moc moo otoc oco limit order price level
  still again same real very too see run ran man bro dude guys fam wow rip gg lfg`.split(/\s+/),
)

/** The features of a message: the hashed table rows, without repeats, sorted. */
export function featuresOf(tokens: string[]): number[] {
  const rows = new Set<number>()
  const add = (feature: string) => rows.add(hash(feature) & (buckets - 1))
  const all = ['<s>', ...tokens, '</s>']
  for (const [index, token] of all.entries()) {
    add(`w ${token}`)
    const next = all[index + 1]
    const second = all[index + 2]
    if (next !== undefined) add(`b ${token} ${next}`)
    if (next !== undefined && second !== undefined) {
      add(`t ${token} ${next} ${second}`)
      add(`s ${token} ${second}`)
    }
    if (/^[a-z]/.test(token)) for (const gram of gramsOf(token)) add(gram)
  }
  for (const token of tokens.slice(0, 3)) add(`f ${token}`)
  add(`n ${Math.min(12, tokens.length)}`)
  return [...rows].sort((a, b) => a - b)
}

function gramsOf(word: string): string[] {
  const padded = `<${word}>`
  const grams: string[] = []
  for (const size of [3, 4, 5])
    for (let at = 0; at + size <= padded.length && at < 20; at++) grams.push(`${size} ${padded.slice(at, at + size)}`)
  return grams
}

/** FNV-1a over UTF-16 units with a final mix, which makes the low bits usable for a table. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return (value ^ (value >>> 13)) >>> 0
}
