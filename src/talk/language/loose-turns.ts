import { withHours } from './bare-hours.ts'
import { courtesyTurns, withPlainVerb } from './loose-courtesies.ts'
import { withoutLaughs } from './loose-laughs.ts'
import { limitTurns } from './loose-limits.ts'
import { marketTurns, recordTurns } from './loose-markets.ts'
import { orderTurns } from './loose-orders.ts'
import { remarkTurns } from './loose-remarks.ts'
import { inWords } from './program-style.ts'
import { remembered } from './remembered.ts'
import { spelledOut } from './short-spelling.ts'

/** A number in digits, perhaps with a dollar sign. */
const number = String.raw`\$?(?:\d[\d,]*(?:\.\d+)?|\.\d+)`

/**
 * Turns of phrase and the plain words for them, as some people say an order. Their numbers might mean something else, so that an
 * order that was only understood with them is repeated back.
 */
const turns: [RegExp, string][] = [
  ...courtesyTurns,
  ...remarkTurns,
  ...marketTurns,
  ...recordTurns,
  ...orderTurns,
  ...limitTurns,
  // `hello, good morning to all. desk please …`
  [
    /^(?:hi|hello|hey|dear)?,? ?(?:good (?:morning|day|evening|afternoon)|hi|hello|hey)(?: to)?(?: all| everyone| everybody| you| team| desk| folks| sir)?[.,!]+ (?=\S+ \S)/i,
    '',
  ],
  // `be so good as to buy 35 amazon for me`, `so would you please close amc for me at the open?`
  [/^(?:please )?be so (?:good|kind|nice)(?:,)?(?: as)?(?: to| and) (?=[a-z])/i, 'please '],
  [/^(?:so )?would you (?:please|kindly) (?=[a-z])/i, 'can you '],
  [/^(?:so )?would you (?=[a-z].* for me\b)/i, 'can you '],
  [/(?<=\S \S+) for me(?=[\s.!?,]*$| (?:at|on|by|before|when|if|tomorrow|today|please|pls|now|@)\b)/gi, ''],
  // `with middle speed`, `rapid please`
  [/\b(?:with |at |in )?(?:a |the )?(?:middle|moderate|normal|average) (?:speed|pace)\b/gi, 'medium'],
  [/\brapid(?:ly)?\b/gi, 'fast'],
  // `halt bleeding out pltr`, `halt the background selling of my bac`
  [
    /^((?:please |can you |could you |would you )?)(?:halt|stop|end|abort|pause) (?:the |my )?(?:background |slow |gradual )?(?:bleeding|scaling|feeding|working|selling down|background selling|dripping|chunking)(?: (?:out|down|off|of|in))* /i,
    '$1stop scaling out of ',
  ],
  // `out nvda by 330pm`
  [/^out (?:of )?(?=\S+ (?:by|at|before) )/i, 'close '],
  // `long here bac 27.85 x 900`, `900 x 27.85`
  [/\b(\d+\.\d+) ?x ?(\d[\d,]*k?)\b(?!\.)/gi, '$2 @ $1'],
  [/\b(\d[\d,]*k?) x (?=\d+\.\d+)/gi, '$1 @ '],
  // `holding 80 tsla from 241.55, track it`
  [/^(?:i'?m |i am |we are |we'?re |i )?(?:holding|hold) (?=\d[^?]*\b(?:from|at|@)\b)(?!.*\bshort\b)/i, 'long '],
  [/^(long|short) here /i, '$1 '],
  // `baba sees 80 before midday? close it`
  [
    /^(\$?[a-z.-]{1,12}) (?:sees|prints|trades|hits|touches|reaches|gets to) (?:at )?(\$?\d*\.?\d+) ((?:before|by|until|b4) [^?,]{2,20})[?,] *(?=(?:close|sell|buy|exit|dump|trim)\b)/i,
    'if $1 hits $2 $3 ',
  ],
  // `bto 15 meta`, `sht tsla 60 @ 255.1`
  [/^bto (?=\S)/i, 'buy '],
  [/^stc (?=\S)/i, 'sell '],
  [/^sht (?=\S+ .*\d)/i, 'short '],
  // `BE stop PLTR pls`, `stop b/e`, `stop in entry for uber`
  [/^b\/?e stop (?!.*\d)/i, 'breakeven '],
  [/^(stop|sl) (?:b\/e|be|in entry|on entry|at my entry)(?: px| price)?(?= |$)(?!.*\d)/i, 'stop to breakeven'],
  // `profit tgt +4% msft`
  [/^profit (?=(?:tgt|target|tp)\b)/i, ''],
  [/(?<=\b(?:tgt|target|tp)\b.{0,12})\+(?=\d)/gi, ''],
  // `sell amzn 70 shs 146 or better`, `buy 90 hood at 18 or cheaper`
  [
    new RegExp(
      `(?<=\\b(?:sell|exit|close|offer|trim|unload|dump|out)\\b.*)(${number}),? or (?:better|higher|more|above|up)\\b`,
      'i',
    ),
    '$1',
  ],
  [
    new RegExp(
      `(?<=\\b(?:buy|bid|purchase|add|grab|get)\\b.*)(${number}),? or (?:better|lower|less|cheaper|below|under)\\b`,
      'i',
    ),
    '$1',
  ],
  // `buy 600 ford but cap it at 11.05`, `close uber but don't go under 72`, `i pay until 16.35 and not one cent more`
  [/,? \b(?:but |and )?cap (?:it|me|that|the price|the order) (?:at|to) (?=[$.\d])/gi, ' limit '],
  [
    /,? \b(?:but |and )?(?:don'?t|do not|never|not) (?:go|fill|sell|drop|get) (?:under|below|lower than|less than) (?=[$.\d])/gi,
    ' limit ',
  ],
  [
    /,? \b(?:but |and )?(?:don'?t|do not|never) (?:go|fill|buy|get) (?:over|above|higher than|beyond) (?=[$.\d])/gi,
    ' limit ',
  ],
  [
    /,? \b(?:i|i'll|i will|i would|we) (?:can |only )?pay (?:until|till|up to|max|maximum|at most) (?=[$.\d])/gi,
    ' limit ',
  ],
  [
    /,? (?:and |but )?(?:not|no) (?:one|a|a single|1) (?:cent|penny|tick) (?:more|less|higher|lower|over|under)\b/gi,
    '',
  ],
  [
    /(?<=\d),? (?:and |but )?(?:no|not|nothing) (?:higher|lower|more|less|above that|over that|below that)(?=[\s.!?]*$|,)/gi,
    '',
  ],
  [
    /\bif (?:they'?ll|they will|they|someone will|you can) (?:do|take|accept|give|sell at|sell for|sell it at) (?=[$.\d])/gi,
    'at ',
  ],
  // `fast but start only at 12:30`, `at 3:30pm not now`, `tomorrow directly at the open`
  [/,? \bbut (?:start |begin )?only (?=at \d)/gi, ' '],
  [/(?<=\bat \S+),? (?:and )?not now(?=[\s.!]*$)/i, ''],
  [/\b(?:directly|straight|exactly|precisely) (?=(?:at|on|when|before|by) )/gi, ''],
  [/^later,? (?=(?:at|before|by|when) )/i, ''],
  // `for not less than 99.8`, `but limit on 25.4`, `when limit 29.95`, `until 17.2 i pay, not more`
  [/,? \b(?:for |at |but )?not (?:less|lower|cheaper|more|higher) than (?=[$.\d])/gi, ' limit '],
  [/,? \b(?:but|when) (?:with )?(?:a )?limit (?:on |at |of )?(?=[$.\d])/gi, ' limit '],
  [/,? \b(?:until|till|up to) (\$?[\d.,]*\d) (?:i|we) pay(?:,? (?:not|no) more)?(?=[\s.!]*$)/gi, ' limit $1'],
  // `i am short gme, so the stop loss i want at 26`, `target for pltr was too low, make it 28`
  [
    /^i(?:'m| am) (?:short|long) (?:in )?(\S+?),? (?:so |and )(?:i want )?(?:the |my |a )?(stop loss|stop|target|tp|take profit)(?: i want| please)? (?:at|on) (?=[$.\d])/i,
    '$1 $2 ',
  ],
  [
    /^(?:the |my )?(stop|stop loss|target|tp|sl) (?:for|on|of|in) (\S+) (?:was|is) (?:a bit |way |much )?too (?:low|high|tight|wide|close|far|loose),? (?:please )?(?:make|set|put|change|move) it (?:to |at )?(?=[$.\d])/i,
    '$2 $1 ',
  ],
  // `i did the short of rivn with 300 stocks, and the price it was 13.08`
  [
    /^i (?:did|made|have done|have made|opened) (?:the |a |my )?(short|long) (?:of|in|on) (\S+) (?:with|of|for) (\d[\d,]*k?)(?: stocks| shares| pieces| units)?,? (?:and )?(?:the |my )?(?:price|entry)(?: it)? (?:was|is) (?=[$.\d])/i,
    '$1 $2 $3 @ ',
  ],
  // `if till noon amc is seen at 4.2 close it whole`, `if it shows 21 until 11:30, if not then forget it`
  [
    /^if (?:till|until|by|before) (\d{1,2}(?::\d\d)?(?: ?[ap]m)?|noon|midday|the close) (\S+) (?:is|gets|was) (?:seen|printed|traded|quoted) at (\$?\d*\.?\d+),? (?:then )?(\S.*?)[\s.!]*$/i,
    '$4 if $2 hits $3 by $1',
  ],
  [/\b(close|sell) (it|this|that) (?:whole|entire|complete)\b/gi, '$1 $2'],
  [/\bif (it|price|the price) (?:shows|displays|says|prints) (?=[$.\d])/gi, 'if $1 hits '],
  [
    /(?<=\d.*),? (?:if not|otherwise|else),? (?:then )?(?:forget it|leave it|let it be|do nothing|nothing)(?=[\s.!]*$)/i,
    '',
  ],
  // `exit from every position of my account`
  [
    /\b(?:exit|leave|get out|get me out) (?:from |of )?(?:every|each|all|all of)(?: my| the)? positions?(?: (?:of|in) my account| i have)?/gi,
    'close all positions',
  ],
  [/(?<=\bget me out of \S+) with everything\b/gi, ''],
  // `with 200 extra shares`, `1500 to buy`, `300 snap to be sold`
  [/(?<=\d) (?:extra|additional|further) (?=(?:shares|shs|units|pieces)\b)/gi, ' '],
  [/(?<=^|[,:] )(\d[\d,]*k?) to (buy|sell)\b/gi, '$2 $1'],
  [/\b(\d[\d,]*k?) (\S+) to be sold\b/gi, 'sell $1 $2'],
  [/\b(\d[\d,]*k?) (\S+) to be bought\b/gi, 'buy $1 $2'],
  // `amzn i have too many, shave off 12 shares`
  [/^(\S+?),? i (?:have|got|own|hold) too (?:many|much)(?: of)?,? (?:so )?(?:please )?(.+?)[\s.!]*$/i, '$2 of $1'],
  // `would it be possible to purchase 300 shares`, `plug price?`, `is open the market now?`
  [/^(?:would|is) it (?:be )?possible to (?=[a-z])/i, 'can you '],
  [/^kan (?=you )/i, 'can '],
  [
    /^(?!(?:the|what|best|good|last|my|any|current|stock|same|which|limit|entry|fair|a) )(\$?[a-z]{1,5}) (?:price|px)\s*\?*$/i,
    'quote $1',
  ],
  [/^is (open|closed) the (?:stock )?(?:market|exchange|bourse)/i, 'is the market $1'],
  // `the tesla scaleout which is running, please abort`
  [
    /^(?:the )?(\S+) scale ?-?out(?: (?:which|that) (?:is running|runs|is on))?,? (?:please )?(?:to )?(?:abort|cancel|stop|end|kill)(?: it)?(?=[\s.!]*$| please)/i,
    'cancel scaleout $1',
  ],
  // `protect under at 200 with stop, and above take profit at 240`
  [
    /\b(?:protect )?(?:under|below) (?:at )?(\$?[\d.]*\d) (?:with )?(?:a |the )?stop,? (?:and )?(?:above|over) (?:a |the )?(?:take profit|target) (?:at )?(?=[$.\d])/i,
    'bracket stop $1 target ',
  ],
  // `but only if i get them at 1.62, so a limit there`, `but i want 88.20 or i stay in`
  [
    /,? \b(?:but )?only if (?:i|you|we) (?:can )?(?:get|buy|sell|have) (?:it |them |those |that )?(?:at|for) (?=[$.\d])/gi,
    ' limit ',
  ],
  [/(?<=\d),? (?:so |and )?(?:a |the )?limit (?:there|at that|on that)(?= please|[\s.!]*$)/gi, ''],
  [
    /,? \bbut (?:i|we) (?:want|need|must have|only take) (\$?[\d.]*\d)(?:,? or (?:i|we) (?:stay|hold|keep)(?: \S+)?| or nothing| or more)?(?=[\s.!]*$)/gi,
    ' limit $1',
  ],
  // `sell every last share i have of it`
  [
    /\bevery (?:last |single )?share (?:that )?(?:i have|i own|i hold|i've got|i got)(?: (?:of|in) (?:it|them))?/gi,
    'all of it',
  ],
  // `keep an eye out till 3pm, and if nvidia prints 131 sell fifty`
  [
    /^(?:keep an eye (?:out|on it)|watch(?: it)?|look out|stay on it|wait) (?:till|until|til) (\d[\d:]*(?: ?[ap]m)?|noon|the close),? (?:and |then )?if (.*?)[\s.!]*$/i,
    'if $2 by $1',
  ],
  // `aapl 221 seen before close sell 25`
  [
    /^(\$?[a-z.-]{1,12}) (\$?\d*\.?\d+) (?:seen|printed|hit|touched|reached) ((?:before|by|b4|until) (?:\S+ ){1,2}?)(?=(?:sell|buy|close|exit|dump|trim)\b)/i,
    'if $1 hits $2 $3',
  ],
  // `my short in tesla needs a stop, make it 255`, `tighten up the robinhood stop, 18.20 now`
  [
    /^my (?:(?:short|long|position) )?(?:in |on )?(\S+) (?:position )?needs (?:a|its|some) (stop|target),? (?:make it|put it at|at|say|of) (?=[$.\d])/i,
    '$2 $1 ',
  ],
  [
    /^(?:tighten|bring|move|pull|raise|lower|drop|lift)(?: up| down| in)? (?:the |my )(\S+) (stop|target), (\$?[\d.]+%?)(?: now)?(?=[\s.!]*$)/i,
    'set $1 $2 at $3',
  ],
  // `if disney drops 5% get me out, set that as the stop`
  [
    /^if (\S+) (?:drops|falls|loses|goes down|sinks) (?:by )?(\d[\d.]*%) (?:then )?(?:get me out|i'm out|sell|close|exit)(?: it)?,? (?:set|put|use|make) (?:that|it) (?:as )?(?:the |my |a )?stop[\s.!]*$/i,
    'stop $1 $2',
  ],
  // `as soon as they ring the bell in the morning`
  [
    /\b(?:as )?soon as (?:they ring the bell|the bell rings|trading starts|trading begins|it opens|they open|we open)(?: in the morning)?/gi,
    'at the open',
  ],
  [/\b(tomorrow|monday|tuesday|wednesday|thursday|friday), at the (open|close)/gi, '$1 at the $2'],
  // `from my 800 plug sell the half`
  [/^(?:from|of|out of) (?:my|the) \d[\d,]*k? (?=\S.*\b(?:half|third|quarter|\d+ ?%))/i, 'from my '],
  // `my goal in amd is 171, put take profit there`
  [
    /(?<=\d),? (?:please )?(?:put|set|place|make) (?:the |my |a )?(?:take profit|profit|target|tp|stop|stop loss|sl|limit) (?:there|at that|on it|so)(?=[\s.!]*$)/gi,
    '',
  ],
  [/^(?:my |the )?(?:goal|objective|aim) (?=.*\d)/i, 'target '],
  [/^target (?:in|on|for) (\S+) (?:is|are) (?=[$.\d])/i, 'target $1 '],
  // `bot 300 uber 58.72 put it down as long`
  [
    /^(?:bot|bought|got) (.*\d),? (?:put|mark|note|write|log|record|book) (?:it|that|this) (?:down )?(?:as|for) (?:a )?(long|short)\b/i,
    '$2 $1',
  ],
  // `12.15 rate`
  [new RegExp(`(?<=\\d.*)(?<!@ ?|\\bat )(${number}) (?:rate|px)(?=[\\s.!,]*$)`, 'i'), '@ $1'],
  // `since two minutes`
  [/,? since (?:two|three|five|ten|a few|some|\d+) (?:minutes?|mins?|hours?|days?)\b/gi, ''],
  // `stop under at 66, target over at 80`
  [/\b(stop|sl|target|tp) (?:under|over|below|above|down|up) (?:at )?(?=[$.\d])/gi, '$1 at '],
  // `out at 4.50 if wrong, out at 5.60 if right`
  [
    /\b(?:out |exit |sell )?(?:at )?(\$?\d*\.?\d+%?),? (?:if|when) (?:it'?s |i'?m |i am |it goes )?(?:wrong|bad|against me),? (?:and |or )?(?:out |exit |sell )?(?:at )?(\$?\d*\.?\d+%?),? (?:if|when) (?:it'?s |i'?m |i am |it goes )?(?:right|good|well)\b/i,
    'stop $1 target $2',
  ],
  // `protected at 68.5 with the profit taken at 77`
  [
    /\bprotected (?:at|from|below|under) (\$?\d*\.?\d+%?),? (?:with|and) (?:the |my )?(?:profits?|gains?) (?:taken|banked|booked) (?:at|over|above) (?=[$.\d])/i,
    'stop $1 target ',
  ],
  [/^sl\/tp (\$?[\d.]+%?)(?: and|,|\/)? (\$?[\d.]+%?) /i, 'bracket stop $1 target $2 '],
  // `order px 152.75 instead`
  [
    /^(?:the |my )?(?:order|limit|bid|offer) (?:px|price) (?:to |at |is )?(\$?[\d.]+)(?: instead| now)?(?=[\s.!]*$)/i,
    'move order to $1',
  ],
  [/(?<=\b(?:stop|sl|target|tp|limit)\b.*[\d%]) instead(?=[\s.!]*$)/i, ''],
  // `bring the stop of uber a bit up, on 69,3`
  [/\b(a bit|a little|some) (up|down|higher|lower|tighter)\b,?/gi, ''],
  [/(?<=\b(?:stop|sl|target|tp)\b.*), (?:on|to|at) (?=\d)/gi, ' to '],
  [
    /^my (stop|sl|stop loss|target|tp|take profit) (?:in|on|for|of) (\S+) (?:please )?(?:move|put|set|bring|change|raise|lower)(?: it)? (?:up |down )?(?:to|at|on) /i,
    'move my $2 $1 to ',
  ],
  // `1 500 shares`
  [/\b([1-9]\d{0,2}) (\d{3})(?= (?:shares|shs|pieces|pcs|units)\b)/gi, '$1$2'],
  // `QQQs`
  [/\b([A-Z]{3,5})s\b/g, '$1'],
  // `shout if nio breaks below 7.5`
  [
    /^(?:give (?:me|us) a |please )?(?:shout|holler|yell|buzz|scream)(?: at)?(?: me| us)? (?=(?:if|when|once)\b)/i,
    'tell me ',
  ],
  [/^i(?:'d| would) like to be (?:told|informed|notified|warned) (?=(?:if|when|once)\b)/i, 'tell me '],
  [/(?<=\b(?:is|gets|goes|comes|climbs)) back (?=(?:above|below|over|under)\b)/gi, ''],
  // `at the mo`, `atm`
  [/,? \bat the mo(?=[\s.!?]*$)/gi, ''],
  // `every pos i have`
  [/\b(every|each) (?:pos|name|stock|ticker|trade) (?:i have|i own|i hold|i got)\b/gi, 'all positions'],
  [/,? \bwithout (?:any )?exceptions?\b/gi, ''],
  // `close but in full`
  [/\b(?:in its entirety|in full|in whole)\b/gi, 'completely'],
]

/**
 * A text in plainer words than its writer used, with bare hours as times; undefined when it has no such turn. An order that was
 * understood only so is repeated back.
 */
export const loosened = remembered((text): string | undefined => {
  if (text.length > 500) return undefined
  const sober = withoutLaughs(text) ?? text
  const spelled = spelledOut(inWords(sober))
  const timed = withHours(spelled) ?? spelled
  const said = turns.reduce((so, [turn, words]) => so.replace(turn, words), withPlainVerb(timed))
  return said === text ? undefined : said.replace(/ {2,}/g, ' ').trim()
})

/** Is a text in plainer words only spelled in full, so that no number and no word has another meaning? */
export const isOnlySpelled = (text: string): boolean => loosened(text) === spelledOut(text)
