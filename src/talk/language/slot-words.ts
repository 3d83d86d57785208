import { englishWords } from './english.ts'
import { slips } from './words.ts'

/** Words without a meaning in any position. */
export const fillers: ReadonlySet<string> = new Set(
  `please pls plz my the a an our position positions pos shares share units unit thanks thx ty i price stock order remaining
  rest just actions titles apiece`
    .split(/\s+/)
    .filter(Boolean),
)
const longFillers = [...fillers].filter((word) => word.length > 5)

/** Is a word one of the longer of them with a typing error, as `positon`? */
export function isNearFiller(word: string): boolean {
  if (word.length < 5 || word.length > 12 || fillers.has(word) || englishWords.has(word)) return false
  return longFillers.some((filler) => slips(word, filler) === 1)
}

/** Words that belong to the slot behind them, as in `on BYND`. */
export const prepositions = new Set(
  'of in for on to out with from into around near about by at across qty quantity size price level'.split(' '),
)

/** Those of them that stand before a number, and not before a symbol. */
export const beforeNumbers = new Set('by to from at'.split(' '))

/** Words for "at the market". */
export const nowWords = new Set('now immediately asap mkt cmp rn instantly'.split(' '))
/** Words before a price. */
export const priceWords = new Set(
  '@ at limit lmt lim for from entry avg average paid cost filled price level px rate limited'.split(' '),
)
/** Words between a price and the word before it: `limit price of 188`, `entry was at 24.15`. */
export const priceJoints = new Set(
  'at @ price of order is was level rate px limit lmt an avg average entry basis'.split(' '),
)
/** Words before a size: `qty 500`. */
export const sizeLeads = new Set(['qty', 'quantity', 'size', 'amount', 'volume'])
/** Words before a price that was paid, so no order has it. */
export const paidWords = new Set('from avg average paid cost filled'.split(' '))
/** Words before a level, with the name of its slot. */
export const levelWords = new Map([
  ['stop', 'stop'],
  ['sl', 'stop'],
  ['stoploss', 'stop'],
  ['stp', 'stop'],
  ['s/l', 'stop'],
  ['target', 'target'],
  ['tp', 'target'],
  ['takeprofit', 'target'],
  ['tgt', 'target'],
  ['pt', 'target'],
  ['t/p', 'target'],
  ['stop-loss', 'stop'],
  ['take-profit', 'target'],
  ['objective', 'target'],
  ['loss', 'stop'],
  ['profit', 'target'],
  ['goal', 'target'],
] as const)

/** Units behind a number that make it no size: things that are not traded here, or repetitions. */
export const counted = new Set(
  'calls call puts put options lots lot blocks orders times chunks chunk parts slices pieces pcs pc piece parcels tranches points ticks pts pips'.split(
    ' ',
  ),
)
/** Words that make the number behind them unclear: `in 5` may mean minutes or pieces. */
export const unsureLeads = new Set(
  'after between past plus minus except than but keep leave leaving not or until till before in'.split(' '),
)
/** A limit in words, directly before its number: `not less than`. */
export const bounds =
  /((not|no|nothing) ((less|lower|cheaper|more|higher) than|below|under|above|over)|\b(up to|at most|at least|max|min|maximum|minimum)( price)?( of)?)$/
/** Words that make the number behind them approximate. */
export const roughly = new Set(['around', 'near', 'about', 'roughly', 'approximately', 'circa'])
/** The side of a price, as in `sell above 120`. */
export const sidesOfPrice = new Map([
  ['above', 'above'],
  ['over', 'above'],
  ['below', 'below'],
  ['under', 'below'],
] as const)

const ownClause =
  /^((that|which|what) )?(i|we|i've|we've|ive|i'm|im|we're) ?(still |currently |already )?(got|have|own|hold|holding|bought)( left| here| there| open| on)?(?= |$)/
/** Words before a symbol. */
export const symbolLeads = new Set(['of', 'on', 'in', 'for', 'is', 'and', "what's", "how's", "where's"])
/** Words that are not followed by a symbol: `before CPI`. */
export const timeLeads = new Set('before after until till since by during if when because as than this that'.split(' '))
/** Pronouns for something named before. */
export const pronouns = new Set(['it', 'them', 'that', 'this', 'those', 'these'])
/** Words between `of` and a total: `300 of my 1000`. */
export const owned = new Set(['my', 'the', 'a', 'an', 'our', 'another', 'total', 'exactly'])

/** Words between a level and its price: `stop goes to 1.03`, `target should be 2`. */
export const levelJoints = new Set([
  'as',
  'lose',
  'cut',
  'taking',
  'loss',
  'price',
  'profit',
  'at',
  '@',
  'of',
  'to',
  'is',
  'goes',
  'should',
  'be',
  'order',
  'in',
  'on',
  'level',
  'a',
  'the',
])
/** Words that make the word before them no symbol, as in `open orders`. */
export const ofTheDesk = new Set(
  'order orders position positions trade trades stop stops limit limits price prices one side end tasks task'.split(
    ' ',
  ),
)

/** Words behind which an everyday word is no symbol: `all that is open`. */
export const noSymbolBehind = new Set([
  'at',
  'is',
  'are',
  'be',
  'still',
  'have',
  'everything',
  'anything',
  'what',
  'stay',
])

/** Everyday words that describe a position, an order or a level, although they may be symbols. */
export const noNames = new Set('open now all fast low cost next key main real good nice big any one safe'.split(' '))

/** A mention as the platforms write it, or a platform id as `DESKHAND_OWNERS` has it. */
export const member = /^(<@!?[a-z0-9]{1,40}(\|[^>]{0,80})?>|discord:\d{1,25}|slack:[a-z0-9]{1,40}:[a-z0-9]{1,40})$/
/** The roles of members. */
export const roles = new Set(['viewer', 'trader', 'owner'])

/**
 * The number of words in a clause of ownership, as in `the AMC i got`; 0 when there is none. Without something named before it,
 * the clause must begin the text and stand alone or before `of` or `in`.
 */
export function ownClauseAt(words: string[], at: number, isAbout: boolean): number {
  const [clause] = ownClause.exec(words.slice(at, at + 6).join(' ')) ?? []
  if (clause === undefined) return 0
  const used = clause.split(' ').length
  return isAbout || (at === 0 && ['of', 'in', undefined].includes(words[used])) ? used : 0
}

/** The number of words that say `good till cancelled`, as every order with a limit is; 0 when there are none. */
export function standingAt(words: string[], at: number): number {
  if (words[at] === 'gtc') return 1
  return /^good (til|till|until) cancell?ed$/.test(words.slice(at, at + 3).join(' ')) ? 3 : 0
}

/** The number of words that say "at the market"; 0 when there are none. */
export function nowAt(words: string[], at: number): number {
  const [first = '', second = '', third = ''] = words.slice(at, at + 3)
  if (['right now', 'right away', 'straight away', 'at once', 'market order'].includes(`${first} ${second}`)) return 2
  const [atPrice] =
    /^at (the )?(current|market|present|actual) (market )?price(?= |$)/.exec(words.slice(at, at + 5).join(' ')) ?? []
  if (atPrice !== undefined) return atPrice.split(' ').length
  if (first === 'at' && ['market', 'mkt', 'cmp'].includes(second)) return 2
  if (first === 'at' && second === 'the' && third === 'market') return 3
  return nowWords.has(first) || first === 'market' ? 1 : 0
}
