/** A number in digits, perhaps with a dollar sign before it or cents behind it. */
const number = String.raw`\$?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?: ?(?:c|¢|cents?))?`

/** Brokers, as people name them behind what they did there. */
const brokers =
  '(?:ibkr|interactive brokers|schwab|fidelity|e-?trade|webull|robinhood|vanguard|ameritrade|tastytrade|trade republic|degiro|zerodha|saxo|my (?:other )?(?:broker|bank|account))'

/** Turns of phrase and the plain words for them. Each leaves the numbers and their meaning as they are. */
const turns: [RegExp, string][] = [
  // `scale it out in the smart way`, `using the smart mode`
  [
    /\b(?:(?:in|with|using|on|by|at) )?(?:the |a )?(fast|slow|medium|smart) (?:mode|way|speed|pace|style|manner|method)\b/gi,
    '$1',
  ],
  // `my p and l`, `week-by-week`
  [/\bp (?:and|n|&) l\b/gi, 'pnl'],
  [/\b(week|day)-by-(week|day)\b/gi, '$1 by $2'],
  // `show me my book`
  [
    /^(?:(?:show|give|list|let)(?: me)?(?: see)? )?my (?:whole |entire |open )?book(?=,| please|[\s.!?]*$)/i,
    'positions',
  ],
  // `begin to scale out bynd`
  [/\b(?:begin|start)(?: to)? (?=scal(?:e|ing?|in) |work |feed )/gi, ''],
  [/\bscalin(?:g)?(?= (?:me |it )?(?:out|of)\b)/gi, 'scale'],
  // `a stop at 11.20 on this one`
  [/,? \b(?:on|for|of|in) this one(?: here)?(?=[\s.!,]|$)/gi, ' '],
  // `not more expensive than 151`
  [/\b(?:not|no|nothing) (?:more expensive|pricier|dearer|expensiver) than (?=[$.\d])/gi, 'not more than '],
  // `26.90 top`, `478.10 tops`
  [/(?<=\d) tops?(?=[\s.,!]|$)/gi, ' limit'],
  // `exit at mkt close`, `in the closing of the market`, `when market will open`
  [/\bm(?:ar)?kt (?=(?:closes?|opens?|closing|opening)\b)/gi, 'market '],
  [
    /\b(?:in|on|at|by|to|with|for) the (clos|open)(?:e|ing)? of (?:the )?(?:stock )?(?:market|session|day|bourse|exchange)\b/gi,
    'at the $1ing',
  ],
  [/\b(?:to|with) the (opening|closing)(?: bell)?(?=[\s.!,]|$)/gi, 'at the $1'],
  // `when market opens, you buy 30 amd`
  [
    /^(?:when|once|as soon as) (?:the )?(?:stock )?(?:market|exchange|bourse) (?:is )?(open|clos)(?:e?s|ing|ed)?,? (?:then )?(?:you )?(?=(?:please |pls )?(?:buy|sell|close|exit|dump|trim|unload)\b)(.*\S)\s*$/i,
    'can you $2 at the $1ing',
  ],
  [/\bmarket (?:will|is going to|is about to) (open|close)\b/gi, 'market $1s'],
  // `sell all of it at 330pm`
  [/(?<=\b(?:at|by|before|until|till|around) |@ ?)([1-9]|1[0-2])([0-5]\d) ?([ap])m?\b/gi, '$1:$2$3m'],
  // `right when opens the exchange`, `when market is closing today`, `as soon as the bourse opens`
  [
    /(?<=\S )(?<!\b(?:me|know|see|ask) )(?:right |just )?\b(?:when|once|as soon as) (?:the )?(?:stock )?(?:market|exchange|bourse)(?: is| will be)? (open|clos)(?:e?s|ing)(?: today)?(?=[\s.!,]|$)/gi,
    'at the $1ing',
  ],
  [
    /(?<=\S )(?<!\b(?:me|know|see|ask) )(?:right |just )?\b(?:when|once|as soon as) (?:is )?(open|clos)(?:e?s|ing) (?:the )?(?:stock )?(?:market|exchange|bourse)(?: today)?(?=[\s.!,]|$)/gi,
    'at the $1ing',
  ],
  // `stop2be`
  [/\b(?:stop|sl)2(?:be|b\/e|breakeven|even|entry)\b/gi, 'stop to breakeven'],
  // `sitting long 300 nvda since monday, entry 139`
  [
    /(?<=\b(?:long|short)\b.{0,40}) since (?:yesterday|(?:mon|tues|wednes|thurs|fri)day|this morning|last week)\b|\bsince (?:yesterday|(?:mon|tues|wednes|thurs|fri)day|this morning|last week) (?=(?:i am |i'?m )?(?:long|short)\b)/gi,
    '',
  ],
  // `put to sale 60 actions of meta`
  [/\bput (?:up )?(?:to|on|for|in) sale (?=\S)/gi, 'sell '],
  // `bracket please to put, below 0.55 stop, above 0.80 target`
  [
    /\b(?:below|under)(?: at)? (\$?\d*[.,]?\d+%?) (?:the |a |my )?stop,?(?: and)? (?:above|over)(?: at)? (\$?\d*[.,]?\d+%?) (?:the |a |my )?target\b/gi,
    'stop $1 target $2',
  ],
  // `a bracket on amd, stop below 110, target above 130`
  [
    /(?<=\bbracket\b.{0,40})\bstop (?:below|under) (\$?[\d.,]*\d%?),?(?: and)? target (?:above|over) (?=\$?[\d.])/gi,
    'stop $1 target ',
  ],
  // `short 1200 amc @ 4.85, filled this morning over at my broker`
  [
    /(?<=\b(?:long|short)\b.{0,60}\d),? (?:already )?(?:filled|done|executed)(?: (?:this morning|earlier(?: today)?|already|today|yesterday))?(?: (?:over )?(?:at|with|through) (?:my (?:other )?)?(?:[a-z]+))?(?=,|[\s.!]*$)/gi,
    '',
  ],
  // `i need my sofi gone by 1530`
  [/\b(gone|sold|out|closed|flat|done|finished) (by|before) (0[4-9]|1\d)([0-5][05])(?=[\s.!,]*$)/gi, '$1 $2 $3:$4'],
  // `5 percents`
  [/(?<=[\d.] ?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half) )per ?cents?\b/gi, ' percent'],
  // `please to buy 20 amd`
  [/\b(please|pls|plz|kindly) to (?=[a-z])/gi, '$1 '],
  // `buy 100 amd but don't pay more than 24`
  [
    /,? \b(?:(?:but|and) )?(?:don'?t|do not) (?:pay|go|spend|give|bid) (?:more than|higher than|over|above) (?=[$.\d])/gi,
    ' not more than ',
  ],
  [
    /,? \b(?:(?:but|and) )?(?:don'?t|do not) (?:take|accept|sell(?: it)?) (?:less than|lower than|under|below) (?=[$.\d])/gi,
    ' not less than ',
  ],
  [/,? \b(?:but|and) (?=not (?:more|higher|less|lower|cheaper) than [$.\d])/gi, ' '],
  // A limit is never exceeded: `at 24 or better`, `buy 100 amd at 24, not more`.
  [new RegExp(`((?:\\bat|@|limit|for) ?${number}),? or better(?=[\\s.!]*$| please)`, 'i'), '$1'],
  [
    new RegExp(
      `(?<=\\b(?:buy|buying|add|bid)\\b.{0,60})((?:\\bat|@|limit|for) ?${number}),? (?:but )?not (?:more|higher)(?=[\\s.!]*$| please)`,
      'i',
    ),
    '$1',
  ],
  // `sell 350 when possible at 24`
  [/,? \b(?:when|if|as soon as|where) possible,?(?= (?:at|for|@) ?[$.\d])/gi, ''],
  // `buy 150 amd but later, at 10:15`
  [/,? (?:but |only )?later,? (?=at \d{1,2}(?::\d\d| ?[ap]m\b))/gi, ' '],
  // `my target is 14.50, set it`
  [
    /^(?:my|the) (target|stop|stop loss|tp|sl)((?: (?:on|for|in|of) \S+)?) (?:is|should be|will be|is going to be) (?:at )?(\$?[\d.,]*\d%?),? (?:please )?(?:set|put|place) (?:it|that)(?: up)?(?: for me)?[\s.!]*$/i,
    'set $1$2 at $3',
  ],
  // `rivn: stop 11, goal 14, put both`, `trailing with 2% put please`, `target 8% please put`
  [/(?<=[\d%]|percent|pct|please),? (?:please )?(?:put|set|place) (?:the two|them both|both)(?= please|[\s.!]*$)/i, ''],
  [
    /(?<=\b(?:stop|sl|target|tp|profit|trail(?:ing)?)\b.{0,40}(?:[\d%]|percent|pct|please)),? (?:please )?(?:put|set|place|hang|attach)(?: (?:it|target|stop|the target|the stop))?(?= please|[\s.!]*$)/i,
    '',
  ],
  // `my target on hood is 125, put it in please`, `27.60, put it as target`
  [
    /(?<=\d%?),? (?:please )?(?:put|set|place|enter) (?:it|that|them|this)(?: (?:in|up|on|there|(?:as|for) (?:a |the |my )?(?:target|stop)))?(?: for me)?(?= please|[\s.!]*$)/i,
    '',
  ],
  // `time to bail on rivn?`
  [/^time to (?=[^.!,;]{3,60}\?\s*$)/i, 'is it time to '],
  // `a two-hundred-seven bid`
  [/\b(one|two|three|four|five|six|seven|eight|nine)-(hundred|thousand)(?:-(?:and-)?(?=[a-z]))?/gi, '$1 $2 '],
  // `b/e stop on amd`, `move amd stop to BE`
  [/\b(stop|sl)((?: (?:on|for|of|in) \S+)?) (?:to|at) (?:be|b\/e)(?=[\s.!]*$)/i, '$1$2 to breakeven'],
  [/^b\/?e stop (?=(?:on|for|in|of) )/i, 'breakeven '],
  // `sell every last share of amd`, `sell the lot`
  [/\bevery (?:last |single )?share (?=(?:of|in) )/gi, 'all '],
  [/\bthe (?:whole )?(?:lot|thing)(?=(?:,? (?:at|now|please|pls|@)\b|[\s.!,]*$))/gi, 'the whole position'],
  [/, whole (?:lot|thing|position)\b/gi, ' whole position'],
  // `limit on 178 if is possible`, `list my orders, if it does not make you trouble`
  [
    /,? \bif (?:(?:it |that )?is possible|(?:it|that|this) (?:does not|doesn'?t|will not|won'?t) (?:make|cause|give|bring|be)(?: you)?(?: any| too much| much| a)? (?:troubles?|problems?|bother|work|inconvenience)|(?:it|that)(?:'s| is) (?:no|not (?:a|too much)) (?:bother|trouble|problem|hassle|inconvenience))(?=[\s.!?,]*$)/gi,
    '',
  ],
  // `i humbly request to you`, at the end
  [/,? \bi (?:humbly |kindly |respectfully )?(?:request|ask|beg)(?: (?:to|of|from) you| you)?[\s.!]*$/gi, ''],
  // `rise the stop until 152.1`
  [/\brise (?=(?:the |my |this |that )?(?:\S+ )?(?:stop|sl|target|tp|limit)\b)/gi, 'raise '],
  [
    /(?<=\b(?:stop|sl|stop loss|target|tp|limit)\b(?: (?:of|on|for|in) \S+)?) (?:up |down )?(?:until|till) (?=\$?[\d.]*\d(?![:\d]| ?[ap]m\b))/gi,
    ' to near ',
  ],
  // `diminish amd when they pay 168.3`
  [/\b(?:when|if|once) (?:they|somebody|someone) (?:pays?|gives?|offers?|bids?)(?: me| us)? (?=\$?\.?\d)/gi, 'near '],
  // `if until 14:00 it reaches 0.77, then close bynd`
  [
    /^(?:if|when) (?:until|till|by|before|up to) (\d{1,2}(?::\d\d)?(?: ?[ap]m)?|noon|the close|lunch) (it|\S+) (?:arrives?|gets?|comes?|goes|rises|falls|drops|reaches|hits|touches)(?: (?:to|at|until|down to|up to))? (\$?\d*\.?\d+),? (?:then )?(\S.*?)[\s.!]*$/i,
    '$4 in case $2 reaches $3 by $1',
  ],
  // `bought 1000 bynd at 0.71 over on schwab`: a record does not say where.
  [
    new RegExp(
      `(?<=\\b(?:long|short|bot|bought|bght|got|scooped|picked|snagged|grabbed|topped|added|averaged|shorted)\\b.{0,60}),? (?:over (?:at|on|with|in)|(?<=\\d )(?:at|with|via|thru|through)|with|via|through) ${brokers}(?: account)?(?=[\\s,.!]|$)`,
      'gi',
    ),
    '',
  ],
  // `raise my sl its too low, 12.1 now`
  [
    /(?<=\b(?:raise|lower|move|change|shift|bump|lift|drop|tighten|widen|bring)\b.{0,40}),? (?:because |cuz |cause |as )?(?:it'?s|it is) (?:a bit |way |much |far )?too (?:low|high|tight|close|far|wide|loose|near),? (?=\S)/gi,
    ' ',
  ],
  // `if it falls to 210 i am out, put the stop there`
  [
    /^(?:if|when|once) (?:it|this one|price|the price) (?:falls|drops|goes|comes|breaks|cracks|gets|sinks|slips|dips|loses)(?: down)?(?: (?:to|until|under|below|through|at|by|past))? (\$?\d*\.?\d+(?: *(?:%|percent|pct))?)(?! *(?:%|per|pct))(?:[ ,]+(?:then|so|and|i|i'm|im|am|must|want|will|to|be|get|me|out|of|it|this|done|toast|dead|finished|gone|wrong|leave|go|please|had|have|enough))*[ ,]+(?:put|set|place|make)(?: (?:the|my|a|it))? ?(?:stop(?: ?loss)?|sl) (?:right )?(?:there|so|like (?:that|this|so)|accordingly|at that(?: price)?)[\s.!]*$/i,
    'can you set stop at $1',
  ],
  [
    /^(?:if|when|once) (\$?[a-z]{1,5}) (?:falls|drops|goes|comes|breaks|cracks|gets|sinks|slips|dips|loses)(?: down)?(?: (?:to|until|under|below|through|at|by|past))? (\$?\d*\.?\d+(?: *(?:%|percent|pct))?)(?! *(?:%|per|pct))(?:[ ,]+(?:then|so|and|i|i'm|im|am|must|want|will|to|be|get|me|out|of|it|this|done|toast|dead|finished|gone|wrong|leave|go|please|had|have|enough))*[ ,]+(?:put|set|place|make)(?: (?:the|my|a|it))? ?(?:stop(?: ?loss)?|sl) (?:right )?(?:there|so|like (?:that|this|so)|accordingly|at that(?: price)?)[\s.!]*$/i,
    'can you set stop $1 at $2',
  ],
  // `i want to take the profit when it is 8 percent higher, put the target so`
  [
    /\b(?:when|if|once) (?:it|this one|price|the price) (?:is|gets|goes|rises|makes|has made|reaches|touches)(?: up| to| by)? (\$?\d*\.?\d+(?: *(?:%|percent|pct))?)(?! *(?:%|per|pct))(?: (?:higher|up|more|above))?(?:[ ,]+(?:then|so|and|please|i|am|i'm|im|happy|satisfied|out))*[ ,]+(?:put|set|place|make)(?: (?:the|my|a|it))? ?(?:target|tp|take profit) (?:right )?(?:there|so|like (?:that|this|so)|accordingly|at that(?: price)?)[\s.!]*$/i,
    'target near $1',
  ],
  // `sell 100 nvda, 140 at least`
  [
    /(?<=\bsell\b.{0,60}), (\$?\d*\.?\d+) (?:at least|minimum|as minimum|or more|or higher)(?=[\s.!]*$| please)/i,
    ' near $1',
  ],
  // `buy as maximum at 4.5 the nio`
  [/\b(?:as|at|for|with)(?: a| the)? max(?:imum)? (?:price )?(?:at |of )?(?=\$?\.?\d)/gi, 'max '],
  // `bracket please, under 7.2 and over 9.9`
  [
    /(?<=\bbracket\b.{0,40})\b(?:below|under)(?: at)? (\$?\d*\.?\d+%?),?(?: and)? (?:above|over)(?: at)? (?=\$?\d*\.?\d+%?[\s.!]*$)/gi,
    'stop $1 target ',
  ],
  // `bracket amd: 24.10 below, 27.60 above`
  [
    /(?<=\bbracket\b.{0,40})(\$?\d[\d.]*) (?:below|under),?(?: and)? (\$?\d[\d.]*) (?:above|over)\b/gi,
    'stop $1 target $2',
  ],
]

/** Makes a price behind `by` one that is repeated back: some say it for `at`. A level that moves by a number stays as it is. */
const byPrice = new RegExp(
  `\\bby (?=\\$?\\d*(?:\\.\\d+|,\\d{1,2})(?:[\\s,.!]|$))(?!${number} ?(?:%|percent|pct|points?))`,
  'gi',
)
const byLevel =
  /(?<=\b(?:stop|sl|target|tp|profit)\b[^\d]{0,40})\bby (?=\$?\d{2,}\b(?!:| ?(?:am|pm|%|percent|pct|shares|pieces)))/i
/** What was paid is named with `by`, too: `i have sold short 200 coin by 255`. */
const byPaid =
  /(?<=\b(?:long|short|bought|purchased|sold)\b.{0,40})(?<!\$)\bby (?:price )?(?=\$?\d{2,}\b(?!:| ?(?:am|pm|%|percent|pct|shares|pieces)))/
const moves =
  /\b(raise|lower|move|trail|trailing|tighten|loosen|widen|reduce|trim|cut|increase|decrease|bump|nudge|shift|adjust|up|(?<!(?:write|note|put) )down|higher|falls?|drops?|rises?|beats?|more)\b/i

/** Words that are only said to somebody, at the beginning or the end: `boss, buy 1000 nio`, `trim a quarter, cheers`. */
const before =
  /^(?:boss|chief|sir|ser|mate|bro|bruh|pal|excuse me|sorry|right|righto|ok so|fyi|please sir|ugh|ugh fine|fine)[,.!:]+ (?=\S)/i
const behind =
  /(?:[,.;!] ?| )(?:cheers|ta|mate|kid|son|lads|boss|chief|sir|ser|madam|bro|bruh|brother|fam|pal|la|lah|na|lfg|gogogo|ez clap|(?:(?:many )?thanks|thank you|thx|ty|cheers) in advance|thank you|will (?:you|ya)|would (?:you|ya)|can|yes|ok|okay)(?: (?:so|very) much| a lot)?(?=[\s.!?]*$)/i
/** Such words stand within so many characters of the end. */
const nearEnd = 40

function withoutCalls(text: string): string {
  const said = text.replace(before, '')
  const from = Math.max(0, said.length - nearEnd)
  const end = said.slice(from).replace(behind, '')
  // A call that is the message says something: `thank you`, `yes`.
  return /\S\s+\S/.test(said.slice(0, from) + end) ? said.slice(0, from) + end : said
}

/** Is `by` a symbol, as in `stop $by 10` and `stop BY 10`? In a text that is all in capitals, it is a word. */
const namesBy = (text: string) => /\$by\b/i.test(text) || (/\bBY\b/.test(text) && /[a-z]/.test(text))

/** Writes the turns of phrase of a text in plain words, so that the slots behind them are read. */
export function withoutTurns(text: string): string {
  const plain = turns.reduce((said, [turn, words]) => said.replace(turn, words), withoutCalls(text))
  return moves.test(plain) || namesBy(plain)
    ? plain
    : plain.replace(byPrice, 'near ').replace(byLevel, 'near ').replace(byPaid, 'near ')
}
