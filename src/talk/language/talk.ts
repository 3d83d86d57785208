import { tokenise } from './tokens.ts'
import { withoutTurns } from './turns.ts'

const negations = `don't dont not never nor neither won't wont wouldn't wouldnt shouldn't shouldnt can't cant cannot didn't didnt isn't isnt
  wasn't ain't aint without avoid refuse stopped hadn't couldn't doesn't doesnt haven't havent`
const others = `he she they him his her hers their theirs someone somebody everyone everybody anyone anybody nobody people 
  he's she's they're theyre they'd he'd she'd wife husband boss brother dad mom kid kids cousin neighbor
  who whoever whose fund funds hedge insiders insider buffett elon musk cramer analyst analysts shorts bears bulls whale whales
  retail institutions management company ceo`
const pasts = `was were had should've shoulda would've woulda could've coulda wished wish yesterday ago earlier used almost nearly
  regret regretting missed forgot sold closed exited bailed dumped trimmed remember been`
const unreal = `would could might may maybe perhaps imagine suppose supposing hypothetically theoretically thinking think considering
  tempted tomorrow? someday eventually probably unless whether wonder wondering if hope hoping feel feels guess doubt`
const banter = 'lol lmao rofl haha hahaha lmfao jk kidding joke jokes joking meme memes imagine'

const listed = (text: string) => new Set(text.split(/\s+/).filter(Boolean))
const negating = listed(negations)
const third = listed(others)
const past = listed(pasts)
const maybe = listed(unreal)
const joking = listed(banter)

const greetings = listed(
  'gm gn gl gg hi hey hello yo ty thx thanks ok okay k lol yes no yep nope sup np wb cya bye wow nice',
)

/** A limit or a deadline in words, which negates nothing: `not higher than 4.5`, `not later than 3pm`. */
const bound = /\bnot ((less|lower|cheaper|more|higher|later) than|below|under|above|over|after) (?=[$.\d])/gi

/** The reason of a slow sale, which negates nothing: `in small parts for to not push the price`. */
const purpose =
  /\b(?:(?:for|so as|in order) )?(?:to not|not to|without|so (?:that )?(?:i|it|we|you) (?:do not|don'?t|does not|doesn'?t)) (?:push|mov|spook|disturb|crash|scar|hurt|hit|press|influenc|shock|nuk|sink|wak)(?:e|ing)?(?: up)? (?:the |its |this )?(?:price|market|book|tape|others|bots|stock)\b/gi
/** An order that waits, which negates nothing: `its not filling`, `the order that is not filled yet`. */
const unfilled =
  /\b(?:(?:is|was|has|it's|its|isn't|isnt|did|does|do) )?(?:not|never|n't|isn't|isnt|ain't|aint|hasn't|hasnt|won't|wont|didn't|didnt) (?:been |be |get |getting |going to |gonna |gets )?(?:fill|filled|filling|fills|executed|execute|hit|done)(?: yet| anymore| any more)?\b/gi

/** An order that is taken out. */
const ofOrder =
  /\b(?:cancel|cxl|scratch|scrap|pull|kill|withdraw|take|remove|delete|drop|bin|ditch)\b.*\b(?:order|limit|lmt|bid|offer|it|one)\b|\b(?:order|limit|lmt)s?\b.*\b(?:cancel|cxl|scratch|scrap|pull|kill|withdraw|take|remove|delete|drop|bin|ditch)\b/i

/** Politeness that is no condition. */
const grateful =
  /\b(i ?(would|'d|will) )?(appreciate( it)?|be (grateful|happy|glad|great|nice)) if you( could| would| can)?\b|\bif (you'?d be|you would be|you are|you're) so (kind|good|nice)\b|\bif (you )?(please|like|don'?t mind)\b|\bi( would|'?d) (be|feel) (much |a lot )?(more comfortable|happier|safer|better)\b/gi
/** A wish for now, as some say what they want: `i wish to sell`. */
const wishing = /\bwish(?= (to|for|a|an)\b)/gi

/** People also call a stock `she`: `when she gets to 235`. */
const ofPrice = /\b(if|when|once|until|till|should) s?he (?=[a-z]+ (?:[a-z]+ ){0,2}[$@]?[.\d])/gi
/** `a target of 6% on her`: a stock at the end of a request. */
const ofStock = /\b(on|behind|under|below|of|for|in) (?:her|him)(?=[\s.!]*$)/gi

/** A reason before an order, which negates nothing: `i don't want amd anymore, close it`. */
const unwanted =
  /^(\S+ )?i (don'?t|do not|no longer) (want|need|like)( to (hold|keep))? (\S+ ){0,2}(\S+ )?(any ?more|any longer|more)[,.;]+ (?=\S)/i

/** Sayings that contain words of commands. */
const sayings =
  /\b((call|put|credit|debit|bull|bear|calendar|vertical|box) spreads?|cut it out|stop it|stop that|close call|close one|close enough|long weekend|long time|long gone|\d% off at (?!the )[a-z]+|long shot|long story|long day|short answer|short story|sell me on|hold on(?! (or|to))|hold up(?! (stop|cancel|kill|the (scale|order)))|hang on|hold off(?! (on )?(the )?(scale|scaling))|that's why|thats why|target practice|watch (out|this|your)|short notice|in short(?!.*\d)|before long|as long as|so long|no longer|how long|too long|too close|close friend|close to(?! me the)|close the (loop|deal|door|window|gap|books|case|tab|laptop|curtains|fridge|bar)|(full|pit|non|bus) stop|flat out|lighten the mood|lighten up (dude|man|bro|buddy|guys|people)|get me out of here$|lower your|buy one get one|exit (stage )?left|tighten (your|the) belts?|help me (with|out)|help (him|her|them)|buy me a|buy you a|buy a (house|car|coffee|beer|drink)|bought the (dip|top)|sell in may|cover (me|for me)|bail me out|spread (the )?(rumou?rs?|word|news|love|butter|fear|fud|lies)|stop (by|talking|asking|being|crying|saying|laughing|trolling|worrying)|exit (poll|interview|row)|why (not|so|me|tho|though|do|are|is|would)|history (repeats|rhymes)|trail (mix|run|running)|add me(?! \$?\d)|add (sugar|milk|salt)|trim (the|my) (tree|beard|hair|hedge|hedges)|cut (my|the) hair|get out of here|get a life|take a (break|walk|nap|look)|move (on|in|out|along)|my target (was|is (to|on))|(on|at) target|price tag|shorts weather|quote of|out of order|in order to|scale of|economies of|one bag of|peace and quiet|quiet (please|day|night)|get out really)\b/

/** A trade that somebody tells of with its result or a cheer: `out amd 121 +4% gg`, `in coin 210, gl all`. */
const results =
  /^(i'?m |we'?re )?(all )?(out|in|sold|closed|exited|banked|bagged|took)\b.*( [+-]\d[\d.]*%( |$)| (gg|ggs|gl|glta|ez)( \S+){0,2}$)/
/** Said to the others: `nobody tell me the price of tesla`. */
const refusals = /\b(nobody|no one|noone|don'?t any(one|body)) (please )?(tell|show|send|ask|remind|quote|ping|post)\b/
/** A reason that is told: `rivn recall headline = why its -6`, `that is why amd is red`. */
const reasons = /(?:=|\b(?:is|that'?s|hence)) why (?![^?]*\?)/i

/** A question whether somebody has traded: `you exited hood, yes or no?`. */
const whether =
  /\byou (?:have )?(?:already )?(?:exited|sold|bought|closed|covered|trimmed|shorted|dumped) \S+ (?:yes or no|yes or not|or not|already|yet)\b/
/** A greeting of everybody, and a result of a while: `gm all`, `breakeven year for me so far`. */
const tellings =
  /^(?:gm|gn|good (?:morning|night|evening)|morning|mornin|mornign|evening|hi|hello|hey) (?:all|everyone|everybody|folks|team|gang|traders)(?: \S+){0,2}$|^(?:a |my )?(?:breakeven|break even|flat|green|red) (?:year|yr|month|week|wk|quarter|day)\b/

/** A cry about the day: `what a boring session, even the bots are sleeping`. */
const cries =
  /^(?:wow |man |oh |god |damn )*what an? (?:\S+ ){0,3}(?:day|session|week|month|year|market|morning|afternoon|open|close|tape|mess|joke|ride|move|stock|company|circus|disaster|show|life|time|chart|run|trade|drop|rally|candle)\b/

/** A farewell to everybody, and thanks for what was said: `gnite all c u at the open`, `thanks for the explanation, now it is clear`. */
const partings =
  /^(?:(?:gnite|goodnight|good night|gn|nite|night|bye|cya|laters|cheers|ok|okay|right|well) )*(?:(?:all|everyone|everybody|guys|folks|team|lads|boys) )?(?:i'll |i will |will )?(?:see|catch) (?:you|ya|y'all)(?: (?:all|guys|folks|lads|boys|everyone))?(?: (?:at|on|in|after|before) (?:the )?[a-z]+)?(?: (?:tomorrow|later|then|soon|around|again|next|week|monday|tuesday|wednesday|thursday|friday))*$|^(?:gnite|goodnight|nite)(?: \S+){0,4}$|^(?:(?:ok|okay|great|perfect|ah|oh|wow) )?(?:many thanks|thank you|thanks|thx|ty)(?: (?:so|very) much| a lot)? for (?:the|your|that|this|these|all|explaining|letting|helping|sharing|clarifying|telling|being)\b/

/** A question about the taste of others: `guardian on netflix any good?`. */
const tastes = /\bany good$/

/** A bank's opinion that is passed on: `jpm cut rivn pt to 11 fyi`, `citi raised the amd price target to 200`. */
const ratings =
  /^(?!(?:could|can|would|will|please|pls|kindly|i|we|let) )(\S+ ){1,3}(cuts?|raised?|raises|lifts?|lifted|hikes?|hiked|lowers?|lowered|ups|upped|slashed|slashes) (\S+ ){1,3}(pt|price target|target) (to|from)\b/

/** The reason why a message is talk and no instruction. `told`: all of it is for the others, and no clause is for the desk. */
export type Talk = 'told' | 'saying' | 'negated' | 'about others' | 'past' | 'hypothetical' | 'joke'

/**
 * Finds the reason why a message talks about trading and gives no instruction; undefined when there is none. It is for texts that
 * the grammar understood in part or that a model read: completely understood commands have no such words.
 */
export function talkIn(text: string): Talk | undefined {
  const words = tokenise(
    withoutTurns(text.slice(0, 600))
      .replace(unwanted, '')
      .replace(bound, ' ')
      .replace(ofPrice, '$1 it ')
      .replace(ofStock, '$1 it')
      .replace(wishing, 'want')
      .replace(purpose, '')
      .replace(ofOrder.test(text) ? unfilled : /$^/, '')
      .replace(grateful, ''),
  ).tokens.map(({ word }) => word)
  if (/\b(want|like|have|get|need|make) (\S+ ){1,4}?(closed|sold|trimmed)\b/.test(words.join(' '))) return undefined
  if (sayings.test(words.join(' ')) || greetings.has(words.join(' '))) return 'saying'
  const said = words.join(' ')
  if (
    [results, refusals, ratings, tastes, whether, tellings, cries, partings].some((kind) => kind.test(said)) ||
    reasons.test(text)
  )
    return 'told'
  if (isStatement(words) || opinions.test(words.join(' '))) return 'saying'
  const asksAdvice = /\bshould (i|we)\b|\bwhat (would|should)\b/.test(words.join(' '))
  if (words.some((word) => negating.has(word))) return 'negated'
  if (words.some((word) => joking.has(word))) return 'joke'
  if (words.some((word, index) => third.has(word) || isOf(words, index))) return 'about others'
  if (
    words.some(
      (word, index) => past.has(word) && !/^(be|get|me)$/.test(words[index - 1] ?? '') && words[index + 1] !== 'short',
    ) ||
    before.test(words.join(' '))
  )
    return 'past'
  if (!asksAdvice && words.some((word, index) => maybe.has(word) && !isRequest(words, index))) return 'hypothetical'
  return undefined
}

/** Words such as `friend`. With a determiner they are a third person (`my friend sold`), else the listener (`please, friend`). */
const vocatives = listed('dude buddy friend friends mate bro guys folks man')
const determiners = listed('my his her your ur their our this that the some a those these two')
function isOf(words: string[], at: number): boolean {
  return vocatives.has(words[at]!) && determiners.has(words[at - 1] ?? '')
}

const before = /\blast (week|month|year|night|summer|time|monday|tuesday|wednesday|thursday|friday)\b|\b(i|we) once\b/

/** The desk's name as plain text, for places without real mentions. */
const toDesk = /^@(((my|the|trade|trading|desk)[-_]?)?(desk|bot)|deskhand)\b/i

/** Words behind an `@` that are no person: `sell 100 amd @market`. */
const notNamed =
  /^@(market|mkt|open|opening|close|closing|bell|eod|noon|midnight|bid|ask|mid|last|limit|lmt|cost|entry|be|breakeven|even|vwap|today|tomorrow|now)$/i

/**
 * Is a message addressed to another person by name, as in `@anna how much did you lose` or `why did you sell @tony`? A mention in
 * a platform's own form is not a name here.
 */
export function isForAnother(text: string): boolean {
  const begin = text.slice(0, 80).trimStart()
  if (/^@[a-z][\w.-]+\b/i.test(begin)) return !toDesk.test(begin)
  const [, last] = /\s(@[a-z][\w.-]*\w)[\s.!?,)]*$/i.exec(text.slice(-80)) ?? []
  return last !== undefined && !toDesk.test(last) && !notNamed.test(last) && !/^[/!]?role\b/i.test(begin)
}

/** Does a question ask about another person? `can you` is a request and `what would you do` asks for advice, so both pass. */
export function asksAnother(text: string): boolean {
  const said = tokenise(text.slice(0, 600))
    .tokens.map(({ word }) => word)
    .join(' ')
  return /\b((are|r|did|do|does|have|were|was|is) (you|u|ya|your|ur|you're|y'all)|(your|ur)|(you|u) (guys|all|still|ever|got|in|out|holding|selling|buying|adding))\b/.test(
    said,
  )
}

/** Are several others asked, as in `would you guys hold`? */
export const asksSeveral = (text: string): boolean =>
  /\b(you|u|ya) (guys|all|lot|lads|boys|folks|people)\b|\by'?all\b/i.test(text)

/** Is a text a question that does not ask the desk to do something? Such a question is no order. */
export function isAsked(text: string): boolean {
  const isRequest = /\b(can|could|would|will|should|shall|may) (you|u|i|we)\b|^(can|could|please|pls|kindly) \w/i.test(
    text,
  )
  return /\?\s*$/.test(text) && !isRequest && !tagged.test(text)
}

/** A request that ends with a word that asks for a nod: `trailing of 3 percent, you put it, yes?`. */
const tagged = /[\s,](yes|ok|okay|please|pls|plz|na|yeah|cool)\s*\?\s*$/i

/** Is a text a statement, as in `vwap is for boomers` or `the target looks high`? */
function isStatement(words: string[]): boolean {
  const at = ['the', 'my', 'your', 'our', 'this', 'that'].includes(words[0] ?? '') ? 1 : 0
  // `desk is it time to …` is a question.
  return (
    !asking.has(words[at] ?? '') &&
    !speaking.has(words[at] ?? '') &&
    stating.has(words[at + 1] ?? '') &&
    !['it', 'to'].includes(words[at + 2] ?? '')
  )
}

/** An opinion about a figure: `the spread on tilray is too wide for me`. */
const opinions =
  /^(?!what|how|show|see|tell)(the |that |this |my )?([\w$-]+ ){0,3}(spreads?|charts?|volume|macd|rsi|vwap|atr)( \S+){0,4}? (is|are|looks?|is looking|looking) (like|toppy|heavy|weak|strong|bullish|bearish|too|so|way|insane|a|awful|nuts|ridiculous|wild|crazy|bad|ugly|beautiful|dead)\b/

const asking = listed('what how where which when who why if whats hows it price')
/** People also give instructions in sentences about themselves: `i have open a short in GME`. */
const speaking = listed("i we lets let's please bot desk guardian zone timezone tz position entry tp sl objective")
const stating = listed('is are was were has have looks look seems speaks works')

/** Is a word such as `could` or `if` polite or a condition? Examples: `could you`, `if it breaks 120`, `if you can`. */
function isRequest(words: string[], at: number): boolean {
  const next = words[at + 1] ?? ''
  if (words[at] === 'if')
    return (
      ['it', 'price', 'the', 'we', 'you', 'possible'].includes(next) || words.slice(at).some((word) => /\d/.test(word))
    )
  return ['could', 'would', 'may'].includes(words[at]!) && ['you', 'i', 'we', 'like'].includes(next)
}
