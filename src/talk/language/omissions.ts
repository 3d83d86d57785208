import { tokenise } from './tokens.ts'

const listed = (text: string) => new Set(text.split(/\s+/).filter(Boolean))

/** Words that exclude parts of an order, repeat it, select, correct earlier words, or name an unsupported kind of order. */
const limiting = listed(
  `except excluding excl besides but unless every each per daily hourly weekly monthly twice thrice actually rather instead scratch oops
  correction red green losing winning profitable losers winners longs shorts keep calls call puts put options strike strikes fok ioc moc loc
  aon opg soon premarket afterhours`,
)
/** Harmless uses of such words: `call` and `put` have other meanings, and `every position` means all. */
const harmless =
  /\b(as soon as|but (quick|quickly|fast|slow|slowly)|(going|go|goes|in the|into the|turns?|turning) red|keep (it )?(slow|fast|quick|smart|tight|steady|low key)|keep (it|that|them) (in|on) (my|the|your) (records?|books?|sheet|log|list)|keep (track|me)|every (last|single) share|each and every (position|name|trade|one|stock)|call off|call it|keep (the )?rest|(to|for|at|@) \$?[\d.]+ each|scratch (that|the|my|this) (\S+ )?(order|limit|lmt|one)|(every|each) (single |open )?(position|pos|name|one|share|trade|last|thing|order|name|stock|symbol|ticker|holding|line)|(to|at) scratch|put (for|to|into|under|them|these|both|please|in|on|up|down|the|my|a|an|it|me|that|this|out|through|some|pt|tp|sl|stop|target|limit|lmt|\d))/g
/** Verbs without a command here. `roll back` is excluded, because it means `undo`. */
const turning = /\b(flip|reverse|hedge|roll(?! (it |that )?back| (the |my |up the |up my )?(stop|sl|target)))\b/
/** What stays is named first, or an order opens what others close. */
const keeping =
  /^(please )?(keep|hold|leave)\b.*\b(close|sell|exit|dump|trim|flatten)\b|\b(buy|sell) to open\b|\bsell short\b/
const leaving = /\b(leave|leaving) (me |us )?(with )?\$?[\d.]/
const corrections =
  /(?<=\S )(no|nah|wait|or|i mean|make (that|it))(?= (wait|\$?\d|\.\d|half|all|sell|buy|close|long|short|at|@))|\bother than\b/
/** A part of the account, an order in steps, or a second order behind the first. */
const parts =
  /\bwith all (my|the)\b|(?<!\ball )\b(of|with) (my|the) (cash|account|capital|portfolio|equity|money|buying power)\b|(?<!(bit|little) )\bat a time\b|\bthen (sell|buy|close|set|put|trim|scale|stop|exit|dump)\b/
/** Terms of an order that no order here has: a least or most size, a beginning after a time, a level of the day's own prices. */
const terms =
  /\b(all or (none|nothing)|fill or kill|immediate or cancel)\b|\bat (least|most)\b|\b(minimum|maximum|min|max) \d+ (shares|\$?[a-z.-]{1,6}$)|\bafter (\d{1,2}[:.h]\d\d|\d{1,2} ?[ap]m|noon|lunch|midday|the (open|bell|close))\b|[\d.] ?(%|percent|pct|c|cents|dollars|bucks)? (below|above|under|over|off|from) (the |its |today'?s |yesterday'?s )*(high|low|highs|lows|open|average|vwap|support|resistance)\b/
/** A sale with the side of a record behind it: `sell 10 amd short`. */
const shortSale = /^(sell|trim|reduce)\b.*\bshort\b(?! (term|squeeze|position))/
/** A condition with `then` is one order: `wait for 24 then buy 500`. */
const awaited = /\b((?:wait|if|when|once|soon|case)\b.{0,60}?)\bthen\b/
/** `let it run but trail it`: the first part asks for nothing. */
const runsOn =
  /^(let|leave|have|keep|hold)\b[^\d]{0,40}\b(run|ride|work|breathe|go|be)\b[^\d]{0,12} but (trail|stop|protect|put|set|with)\b/
/** An amount before `make it 44`, which then corrects it; in `target for my HOOD position, make it 44` it is the only one. */
const amountBefore = /(\d|\b(half|third|quarter|all|everything|whole|hundred|thousand|dozen)\b).* make (it|that)\b/
/** `keep` as the verb of a level: at the end, or directly before the level or its number. */
const keepsLevel =
  /\bkeep( (it|that|my|the|a|on))* (at|sl|stop|stoploss|tp|tgt|target|trailing|trail|bracket|take profit|\$?\d\S*)\b|\d\S* (percent |pct )?keep( it| please| only)?$/
const levels = new Set(['stop', 'target', 'trail', 'bracket', 'breakeven', 'move'])
const exiting = new Set(['sell', 'trim', 'close', 'close all', 'scaleout'])
const buys = /\b(buy|grab|purchase|scoop)\b(?! (to (cover|close)|back))/
const exits =
  /\b(sell|dump|trim|scale ?out|unload|offload|flatten|liquidate|exit)\b(?! (to open|walls?))|(?<!\b(at|the|before|by|into|on|market|until|till|til|to|near|after) )\bclose\b/

/**
 * Does a message contain something that no order of the desk can express, such as `close everything except BYND`, `sell 100,
 * no 50`, or two orders? A confirmation would lose it, so the message is refused. The same holds for a message that says
 * the opposite of the recognised `command`.
 */
export function wouldLose(text: string, command?: string): boolean {
  const words = tokenise(text.slice(0, 600)).tokens.map(({ word }) => word)
  const spoken = words.join(' ').replace(/\bor (better|so|less|more|nah|not)\b/g, '')
  const said = command === 'move' ? spoken.replace(/ instead( on (that|the|my|this) \w+)?$/, '') : spoken
  const [, ...after] = said.replace(harmless, '').split(' ')
  // A level has no options of a stock, so `put` is the verb, and an end of a scaleout keeps what is left.
  // `keep SL at 110` sets a level in the English of some.
  const isHarmless = (word: string) =>
    (word === 'put' && levels.has(command ?? '')) ||
    (word === 'but' && levels.has(command ?? '') && runsOn.test(said)) ||
    (word === 'keep' && (command === 'cancel scaleout' || (levels.has(command ?? '') && keepsLevel.test(said))))
  if (after.some((word) => limiting.has(word) && !isHarmless(word))) return true
  // `reverse the last trade` takes a record back.
  if ((command !== 'undo' && turning.test(said)) || leaving.test(said) || keeping.test(said)) return true
  if (terms.test(said) || shortSale.test(said)) return true
  const isCorrected = corrections.test(
    command === 'move' || !amountBefore.test(said) ? said.replace(/\bmake (it|that)\b/, '') : said,
  )
  if (isCorrected || parts.test(said.replace(awaited, '$1')) || (buys.test(said) && exits.test(said))) return true
  return command !== undefined && isTurned(said, command)
}

/** Does the text name the opposite side of the command? `buy amd with all i have` is no close. */
function isTurned(said: string, command: string): boolean {
  if (command === 'buy' || command === 'add') return exits.test(said)
  return exiting.has(command) && buys.test(said)
}
