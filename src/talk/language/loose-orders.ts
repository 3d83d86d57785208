const what =
  "(?:it|this|that|they|they'?re|it'?s|the market|you|people|somebody|someone|buyers|sellers|the bid|the offer)"

/** What is said for `at market`. */
export const marketTurns: [RegExp, string][] = [
  // `at the going price`, `for whatever it fetches`
  [
    /,? \b(?:at|for|with|by|on) (?:the |a )?(?:going|prevailing|ruling|present|running|actual|live|market|mkt) (?:price|rate|px|quote|level)\b/gi,
    ' at market',
  ],
  [
    new RegExp(
      `,? \\b(?:at |for )?(?:whatever|whatever price|any price|no matter what) ?(?:price )?(?:${what} ?(?:'ll |will |can |could |would |are |is |'?s |may |might )?(?:fetch(?:es)?|cost(?:s)?|bring(?:s)?|get(?:s)?|pay(?:ing|s)?|offer(?:ed|ing|s)?(?: at)?|give(?:s)?|giving|going for|trading at|trade(?:s)? at|quoted at|ask(?:ing)?|want(?:s)?|take(?:s)?|say(?:s)?|show(?:s)?|worth)|is (?:there|on offer|bid|offered|showing|going))(?: (?:for (?:it|them)|right now|now))?(?=[\\s.!,;]|$)`,
      'gi',
    ),
    ' at market',
  ],
  [
    /(?:,| -| and|;)? ?\b(?:a )?(?:market|mkt)(?: order|'s|s)?(?:'s| is|s| will be| will do| would be)? (?:fine|ok|okay|good|grand|great|alright|perfect|works)(?: (?:by|with|for) me)?(?=[\s.!,;]|$)/gi,
    ' at market',
  ],
  [
    /(?:,| and)? (?:i )?(?:don'?t|do not) care (?:about|what|for) (?:the |what )?(?:price|px|it costs|i pay|i get|level)\b(?=[\s.!,;]|$)/gi,
    ' at market',
  ],
]

/** Orders in words of their own. */
export const orderTurns: [RegExp, string][] = [
  // `buy 75 apple, but don't pay any more than 212.45 for them`
  [
    /,? \b(?:(?:but|and) )?(?:please )?(?:don'?t|do not|never|won'?t|i won'?t|i will not|not) (?:want to )?(?:pay|go|spend|give|bid)(?: (?:any|a (?:single )?(?:penny|cent|tick|dime|pip)|even a (?:penny|cent)|anything))? (?:more than|higher than|over|above|beyond) (\$?[\d.,]*\d)(?: (?:for|on) (?:it|them|those|these|each|any))?(?=[\s.!,;]|$)/gi,
    ' limit $1',
  ],
  [
    /,? \b(?:(?:but|and) )?(?:please )?(?:don'?t|do not|never|won'?t|i won'?t|i will not|not) (?:want to )?(?:take|accept|sell(?: it| them)?|let (?:it|them) go)(?: (?:for|at|any|a (?:single )?(?:penny|cent|tick|dime)|anything))* (?:less than|lower than|under|below) (\$?[\d.,]*\d)(?: (?:for|on) (?:it|them|those|these|each|any))?(?=[\s.!,;]|$)/gi,
    ' limit $1',
  ],
  // `could you sell out of every single position i have`
  [
    /\b(?:sell out of|sell off|close out(?: of)?|dump|liquidate|exit|sell|close|clear(?: out)?|get rid of|unload|get me out of) (?:every|each|all)(?: (?:single|last|open|of))*(?: (?:my|the))*(?: (?:single|last|open))* (?:positions?|holdings?|names?|trades?)(?: (?:that )?(?:i have|i hold|i own|i'?ve got|i got|on the books?|in (?:the|my) (?:account|book|portfolio)|i am in|i'?m in))?(?=[\s.!?,;]|$)(?! (?:but|except|at|if|when|by|before|over|in|with))/gi,
    'close all positions',
  ],
  // `make flat everything`, `make me flat`, `convert the account into cash`
  [
    /^((?:please |can you |could you )?)(?:make|get|put) (?:me |us )?(?:everything |all |all positions |it all )?flat(?: (?:everything|all|all positions|it all|on everything|across the board))?(?=[\s.!,;]|$)(?!.*\b(?:in|on|of) [A-Z])/i,
    '$1close all positions',
  ],
  [
    /^((?:please |can you |could you )?)(?:turn|convert|move|switch|take)(?: me)? (?:the |my |our )?(?:whole |entire )?(?:account|portfolio|book|everything|it all|positions) (?:in)?to cash(?=[\s.!,;]|$)/i,
    '$1close all positions',
  ],
  // `bid 211.9 for 75 aapl`, `offer 240 for 10 tsla`
  [
    /^(?:please )?(?:bid|bidding) (\$?\d*\.?\d+) (?:for|on) (\d[\d,]*k?) (?:shares of |of )?(\S+)(?=[\s.!]|$)/i,
    'buy $2 $3 at $1',
  ],
  [
    /^(?:please )?(?:offer|offering|ask) (\$?\d*\.?\d+) (?:for|on) (\d[\d,]*k?) (?:shares of |of )?(?:my )?(\S+)(?=[\s.!]|$)/i,
    'sell $2 $3 at $1',
  ],
  // `tk profit on 1/4 nio`, `take tht trade back`
  [/^tk (?=(?:profits?|gains?|half|some|a|1\/|\d))/i, 'take '],
  [
    /(?:^|(?<=^(?:oops|sorry|wrong|damn|argh|my bad|typo|crap|shoot)\b.*[,.;] ?))take (?:that|tht|the|this|my|that last|the last|my last) (?:trade|one|entry|fill|record|log|booking) back(?: please)?(?=[\s.!]*$)/i,
    'undo',
  ],
  // `buy order for later: 30 meta at 12:15pm`
  [
    /^(?:(?:an?|my|new|one) )?(buy|sell|close|purchase|sale) order(?: (?:for|to do|to run) (?:later|today|this (?:afternoon|morning)))?[:,-]+ */i,
    '$1 ',
  ],
  [/^(?:(?:an?|my|new|one) )?order (?:for|to do) (?:later|today)[:,-]+ */i, ''],
  // `…, let's shave 20% off and keep the rest running`
  [
    /(?<=\b(?:trim|sell|shave|cut|take|lop|clip|reduce|unload|dump|bank|lock)\b.*(?:\d|half|third|quarter|some).*),? (?:and|but|then)? ?(?:keep|let|leave|hold) (?:the )?(?:rest|remainder|others?|balance|remaining)(?: (?:of it|shares))?(?: (?:run|running|ride|riding|on|open|going|working|as (?:it )?is|alone|be|there|in play|for (?:now|later)))?(?=[\s.!]*$)/i,
    '',
  ],
  // `what's the vwap sitting at?`
  [
    /(?<=\b(?:what'?s|whats|what is|where'?s|wheres|where is)\b.*) (?:sitting|standing|running|hovering|coming in|hanging|parked|hanging out|camped)(?: at)?(?=[\s?.!]*$| (?:on|for|in|now|right now|rn)\b)/i,
    '',
  ],
  // `what am i actually holding at the minute?`
  [
    /(?<=^(?:what|which|how|where|is|are|am|do|does|did|have|has|when)\b.*) (?:actually|even|exactly|precisely|really|in fact)(?= )/i,
    '',
  ],
  [
    /,? \b(?:at the (?:minute|mo|moment)|at present|as (?:of now|we speak)|these days|this (?:minute|second))(?=[\s.!?]*$)/gi,
    '',
  ],
  // `plug, please sell everything what i have in it`
  [
    /^(\S+),? (?:please )?(sell|close|dump) (?:everything|all|the lot|all of it)(?: (?:of )?(?:what|that))? (?:i have|i hold|i own|i'?ve got)(?: (?:in|of|from) (?:it|them|there))?(?=[\s.!,;]|$)/i,
    'close $1',
  ],
  [
    /\b(sell|close|dump) (?:everything|all|the lot)(?: (?:of )?(?:what|that))? (?:i have|i hold|i own|i'?ve got) (?:in|of|from) (?=[a-z]+)/gi,
    'close all of ',
  ],
  // `pltr position add 200 more`
  [
    /^(?:my )?(\$?[a-z.-]{1,12}) (?:position|pos|holding|stake)[,:;]? (?:please )?(?=(?:add|trim|buy|cut|reduce|stop|target|trail|bracket)\b.*\d)/i,
    '$1 ',
  ],
  // `trim the qqq about a third`
  [
    /(?<=\b(?:trim|sell|reduce|cut|close|scale out)\b.*) (?:about|around|roughly|approximately|say|like) (?=(?:a |the )?(?:half|third|quarter)\b)/gi,
    ' ',
  ],
  // `tighten up the stop on amd to 156.2`
  [
    /^((?:please |can you |could you )?)(?:tighten|snug|cinch|ratchet|crank|jack|notch|bump|firm)(?: up| in| down)? (?:the |my |that )?(stop|sl|stop ?loss|target|tp)(?= (?:on|of|for|in|to|at) )/i,
    '$1set $2',
  ],
  // `set me the stop by pltr on 22.90`, `change me the target to 27`
  [
    /^((?:please |can you |could you )?)(?:set|put|make|change|give|place|move) me (?:the |a |my )?(stop|sl|stop ?loss|target|tp|take profit)(?: (?:by|in|with|for|on|at|of) (\$?[a-z.-]{1,12}))? (?:on|at|to|in|for) (?=\$?\.?\d)/i,
    '$1set $2 $3 at ',
  ],
  [
    /(?<=\b(?:target|tp|stop|sl)\b.*\d),? (?:because |since |as )?the (?:\$?[\d.]+|old one|other one|last one) (?:stays|is|was|seems|looks|feels|comes) (?:too |a bit |a little |way )?(?:short|low|high|tight|near|close|far|wide|old|small|loose)(?=[\s.!]*$)/i,
    '',
  ],
  // `…, this party has about ten minutes left in it`
  [
    /(?<=\S \S+)[,;.] (?:and |because |as )?(?:i|we|it|this|that|the|there|they)\b[^,.;\d$%]*\b(?:two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|a few|a couple of) (?:minutes?|hours?|days?|seconds?|weeks?) (?:left|to go|to live)(?: (?:in|on|of|for) (?:it|this|that|them|the \w+))?(?=[\s.!]*$)/i,
    '',
  ],
  // `should amc tag 5.2 before the close, …`, `…, and if it doesn't then no harm done`
  [/\b(should|if|when|once) (\S+) tags? (?=\$?\.?\d)/gi, '$1 $2 hits '],
  [/^should (\S+) hits /i, 'if $1 hits '],
  [
    /(?<=\d.*),? (?:and |but )?(?:if|when) (?:it|that|not|they|the price)(?: (?:does not|doesn'?t|do not|don'?t|never does|is not|isn'?t|won'?t|fails|never gets there|does n't))?(?:,| then)* (?:then )?(?:no harm(?: done)?|never ?mind|nvm|forget (?:it|about it|the whole thing)|leave it(?: be| alone)?|so be it|no worries|fine|that'?s fine|do nothing|nothing|let it be|(?:i|i'?ll|i will|we) (?:keep|hold|stay|sit tight|wait)(?: (?:it|them|in|put))?)(?=[\s.!]*$)/i,
    '',
  ],
  // `only at 10:45 when the first madness is over`
  [
    /(?<=\bat \d{1,2}:\d\d(?: ?[ap]m)?),? (?:when|once|after|because) (?:the |all the |that )?(?:first |opening |early |initial |morning |lunch )*(?:madness|rush|craziness|chaos|noise|hour|wave|storm|panic|dust|volatility|spike|fireworks|circus|excitement)(?: (?:is|are|has|have))?(?: (?:over|gone|done|settled|past|passed|finished|out of the way|calmed down|faded|died down))+(?=[\s.!]*$)/i,
    '',
  ],
  // `on the fast setting`
  [
    /\b(?:on|at|in|with|using) (?:the |a )?(fast|slow|medium|smart) (?:setting|option|gear|tempo|program|programme|plan|preset|track|lane)\b/gi,
    '$1',
  ],
  // `do not scale out more of mara, finish with it, what remains stays with me`
  [
    /^(?:please )?(?:do not|don'?t|no) (?:scale|sell|feed|work|drip|bleed)(?: (?:me|it|them))?(?: out)? (?:any ?)?(?:more|further|longer)(?: (?:of|from) (?:my |the )?(\S+?))?(?:[,.;]+ .*\b(?:finish(?:ed)?|stop|end|cancel|enough|remains|rest|left|keep|stays?)\b[^\d]*)[\s.!]*$/i,
    'cancel scaleout $1',
  ],
  // `i would like see the fills that i got`
  [
    /^(?:i(?:'d| would)? (?:like|want|wish|love)|let me|can i|could i|may i)(?: to)? (?:see|look at|view|check|have) (?:the |my |all the |all my )?(fills|trades|executions|orders|positions|alerts)(?: (?:that )?i (?:got|have|had|made|did|have got|have made))?(?: (?:today|lately|recently|so far))?(?=[\s.!?]*$)/i,
    'show my $1',
  ],
  // `bank of america under 37, then you give me signal please`
  [
    /^(?:(?:if|when|once) )?(\$?[a-z&.-]+(?: (?:of )?[a-z&.-]+){0,2}) (?:(?:is|goes|gets|falls|drops|comes) )?(under|below|over|above) (\$?\d*\.?\d+),? (?:then )?(?:please )?(?:you )?(?:give|send|make|drop|shoot) (?:me |us )?(?:a |an |the |some )?(?:signal|sign|message|ping|shout|nudge|buzz|call|note|word|alarm|alert|notification|heads[- ]up)(?: please)?[\s.!]*$/i,
    'tell me if $1 is $2 $3',
  ],
  [
    /^(?:please )?(?:give|send|drop|shoot) (?:me |us )?(?:a |an |the |some )?(?:signal|sign|message|ping|shout|nudge|buzz|call|note|word|alarm|notification|heads[- ]up) (?=(?:if|when|once|as soon as)\b)/i,
    'tell me ',
  ],
  // `stop to be on amd`
  [/^(stop|sl) (?:to |at |2 ?)?(?:b\/?e|breakeven|entry|cost) (?:on|for|in|of) (\S+)[\s.!]*$/i, 'breakeven $2'],
  // `if is possible for 38.90`
  [/,? \bif (?:(?:it|that) )?(?:is|be) possible,? (?=(?:for|at|@) ?\$?\.?\d)/gi, ' '],
  // `250 shares from bank of america`
  [
    /(?<=\b(?:buy|sell|add|purchase|get|trim)\b.*\d (?:shares|shs|pieces|stocks|units|papers|actions)) (?:from|to) (?=[a-z])/gi,
    ' of ',
  ],
  // `add me other 20 of meta to the ones that i already have`
  [
    /,? \b(?:to|on top of) (?:the ones|those|what|the shares|the ones which)(?: (?:that|which))? i(?:'ve)? (?:already |just )?(?:have|hold|own|got)(?: already)?(?=[\s.!]*$)/gi,
    '',
  ],
  [/^((?:please |can you |could you )?)(?:add|put|give|buy) me (?:another |other |extra |more )+(?=\d)/i, '$1add '],
]

/** A record of what was done, with words that say when or how. */
const ago =
  '(?:(?:a|one|two|five|ten|a few|a couple(?: of)?) (?:sec(?:ond)?|min(?:ute)?|hour|moment)s? ago|just now|just this minute|a moment ago|(?:bit |little )?earlier(?: today| on)?|this (?:morning|afternoon)|(?:right )?at the open)'

export const recordTurns: [RegExp, string][] = [
  // `i went long ford a minute ago, 1500 shares at 11.82`
  [
    new RegExp(
      `(?<=^(?:(?:and|so|ok|well|hey)[, ]+)?(?:i |we )?(?:just )?(?:went|gone|got|am|opened|entered|took|put on) (?:a )?(?:long|short)\\b[^!?]{0,40}?),? ${ago}(?=[\\s,.;:!]|$)(?=.*\\d)`,
      'i',
    ),
    '',
  ],
  [
    new RegExp(
      `(?<=^(?:(?:and|so|ok|well|hey)[, ]+)?(?:i |we )?(?:just )?(?:bought|picked up|grabbed|scooped(?: up)?|snagged|shorted|went long|went short|collected|landed|got)\\b[^!?]{0,60}\\d),? (?:(?:on|from|with|through|via) my (?:phone|mobile|laptop|tablet|other (?:account|broker|app|screen)|bank|app|broker)|while [a-z' ]{3,60}?|over (?:at|on) my [a-z ]{3,20}|${ago})(?: while [a-z' ]{3,60}?)?(?=[\\s.!]*$|[,;] )`,
      'i',
    ),
    '',
  ],
  // `…, so i'm long those now`
  [
    /(?<=^(?:(?:and|so|ok|well|hey)[, ]+)?(?:i |we )?(?:just )?(?:bought|picked up|grabbed|scooped(?: up)?|snagged|collected|landed|got)\b[^!?]*\d[\d.]*),? (?:so |and )?(?:now )?(?:i'?m|i am|we'?re|we are) (?:now )?long (?:those|them|it|that|this|there|now)?(?: now)?(?=[\s.!]*$)/i,
    ' long',
  ],
  [
    /^(?:i |we )?(?:just )?(?:bought|picked up|grabbed|scooped(?: up)?|snagged|collected|landed|got) (\d[\d,]*k?) (?:shares of |of )?(\S+) (?:at|for|@) (\$?\d*\.?\d+) long[\s.!]*$/i,
    'long $1 $2 at $3',
  ],
  // `entering long now sofi 2000 share, 9.12 each`
  [
    /^(?:i'?m |i am )?(?:entering|entered|opening|opened|starting|started|taking|took) (?:a |into a |into )?(long|short)(?: right)?(?: now)?(?: (?:in|on|of|with|position|position in))? (?=.*\d.*\d)/i,
    '$1 ',
  ],
  [
    /(?<=^(?:long|short) .*)(\d[\d,]*k?) (?:share|stock|piece|unit|paper)s?,? (?:at )?(\$?\d*\.?\d+) (?:each|apiece|a piece|per share|a share|per piece)(?=[\s.!]*$)/i,
    '$1 at $2',
  ],
]
