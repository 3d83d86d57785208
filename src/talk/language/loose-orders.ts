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
    /\b(?:sell out of|sell off|close out(?: of)?|dump|liquidate|exit|sell|close|clear(?: out)?|get rid of|unload|get me out of) (?:every|each|all)(?: (?:single|last|open|of))*(?: (?:my|the))*(?: (?:single|last|open))* (?:positions?|holdings?|names?|trades?|bags?|stocks?|tickers?)(?: (?:that |what )?(?:i have|i hold|i own|i'?ve got|i got|on the books?|in (?:the|my) (?:account|book|portfolio)|i am in|i'?m in))?(?=[\s.!?,;]|$)(?! (?:but|except|at|if|when|by|before|over|in|with))/gi,
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
    /(?<=\b(?:what'?s|whats|what is|where'?s|wheres|where is)\b.*) (?:sitting|standing|running|hovering|coming in|hanging|parked|hanging out|camped) at(?=[\s?.!]*$| (?:on|for|in|now|right now|rn)\b)/i,
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
  // `…, expire 15:30`, `…, forget it after 3pm`
  [
    /(?<=\b(?:if|when|once|should|hits|touches|reaches|prints|sees)\b.*\d.*),? (?:and |but )?(?:it )?(?:is )?(?:expires?|expiring|expiry|exp|valid|good|alive|live|gtd)(?: (?:only|at|until|till|til|thru|through|by|on))* (\d{1,2}:\d\d(?: ?[ap]m)?|\d{1,2} ?[ap]m|noon|midday|the close|eod)(?=[\s.!]*$)/i,
    ' by $1',
  ],
  [
    /(?<=\b(?:if|when|once|should|hits|touches|reaches|prints|sees)\b.*\d.*),? (?:and |but |else |otherwise |then )*(?:forget|cancel|drop|scrap|kill|scratch|void|bin|ditch|skip|pull)(?: (?:it|that|this|the order|the whole thing|about it))? (?:after|past|from|at) (\d{1,2}:\d\d(?: ?[ap]m)?|\d{1,2} ?[ap]m|noon|midday|the close|eod)(?=[\s.!]*$)/i,
    ' by $1',
  ],
  // `scratch the last trade off the book, i gave you the wrong size`
  [
    /^(?:please |can you |could you )?(?:scratch|strike|wipe|erase|remove|cross|take|delete|drop) (?:the|my|that|this) last (?:trade|entry|record|fill|one|log|booking)(?: (?:off|from|out of|away)(?: (?:the |my )?(?:books?|records?|log|sheet|ledger))?)?(?:[,.;] ?(?:because |cuz |as )?(?:i|it|that|my|wrong|the)\b[^\d]*)?[\s.!]*$/i,
    'undo',
  ],
  // `position in nvidia, 85 shares long, cost basis 118.42`
  [
    /^(?:my |new |existing )?(?:position|holding) (?:in|of|on) (\S+?)[,:]? (\d[\d,]*k?) (?:shares |shs |pieces |units )?(long|short)[,;]? (?:(?:at|with|from)? ?(?:a |my )?(?:cost basis|basis|cost|avg|average|entry|avg cost|average cost|entry price)(?: (?:of|at|is))?|at|@) (?=\$?\.?\d)/i,
    '$3 $1 $2 @ ',
  ],
  // `please do the scale-out of amd`
  [
    /^((?:please |can you |could you )?)(?:do|make|start|begin|run|perform|execute|launch) (?:the |a |my )?(?:(fast|slow|medium|smart) )?scale-?out (?:of|for|on|in) (?=\S)/i,
    '$1scaleout $2 ',
  ],
  // `use the smart speed`
  [
    /,? \b(?:and )?(?:please )?(?:use|using|take|choose|pick|go with|select) (?:the |a )?(fast|slow|medium|smart)(?: (?:mode|way|speed|pace|one|option|setting|tempo))?(?=[\s.!,;]|$)/gi,
    ' $1',
  ],
  // `in small chunks and not in one block`
  [
    /,? \b(?:and |but |please )*(?:not|never|nothing|no) (?:in (?:one|a|a single|1) (?:big |large |single )?(?:block|go|piece|shot|chunk|order|lot|clip|time|swoop)|all (?:at once|together|in one(?: go)?|at the same time)|everything (?:at once|together|in one(?: go)?)|at once|dump(?:ing)? (?:it )?all)(?=[\s.!,;]|$)/gi,
    '',
  ],
  [/\bprefer that you (?=[a-z])/gi, 'prefer to '],
  // `sofi: stop on 8.40 and target on 10.20`
  [
    /\b(stop|sl|stop ?loss|target|tp|take profit)s? on (\$?\d*\.?\d+%?),? (?:and )?(?:the |a |my )?(stop|sl|stop ?loss|target|tp|take profit)s? (?:on|at|to) (?=\$?\.?\d)/gi,
    '$1 $2 $3 ',
  ],
  // `no worse than 39.2`
  [/,? \b(?:but |and )?(?:at |for )?(?:no|not) (?:worse|poorer) than (?=\$?\.?\d)/gi, ' limit '],
  // `shut the position`
  [/\bshut (?:down |out )?(?=(?:the|my|that|this)(?: \S+)? (?:position|trade|long|short)\b)/gi, 'close '],
  // `because i have run behind this stock two times already`, `so it can run but i don't give all back`
  [
    /(?<=^(?!why\b).*\S \S+ \S+),? (?:because|cause|cuz|coz|cos|'cause) (?:i|it|this|that|my|the|they|we|there|he|she|its|im|ive|last|at|for)\b(?!.*\b(?:if|unless|instead|only|except|rather)\b)[^\d$%]*$/i,
    '',
  ],
  [
    /(?<=\S \S+ \S+),? so (?:that )?(?:it|i|we|they) (?:can|could|may|might|will|won'?t|can'?t|do not|don'?t)\b(?!.*\b(?:if|unless|instead|only|except|rather|buy|sell|close)\b)[^\d$%]*$/i,
    '',
  ],
  // `i am in the car the next two hours`
  [
    /(?<=\S \S+ \S+)[,;.] (?:because |as |since )?(?:i'?m|i am|i'?ll be|i will be|we are|we'?re) [a-z' ]{2,40}? (?:for |in |during )?(?:the |about |another )*(?:next |coming |whole |rest of the )?(?:one |two |three |four |five |six |few |couple of )?(?:hours?|days?|afternoon|morning|evening|week|while|minutes?)(?=[\s.!]*$)/i,
    '',
  ],
  // `for me a few cents are worth to wait`, `last time the slippage was a shame`
  [
    /(?<=\S \S+ \S+)[,;] (?:for (?:me|us)|to me|in my (?:opinion|view|experience)|last (?:time|week|month|year)|these days|yesterday) (?:the |a |an |it |i |my |this |that |some )[^\d$%,;]*$/i,
    '',
  ],
  // `i've had it with snap. dump everything i own of it`
  [
    /\b(?:everything|all|the lot|whatever|every share|all that|the whole lot) (?:that )?(?:i have|i hold|i own|i'?ve got|i got|is left|'s left) (?:of|in) (?:it|them|that|this)\b/gi,
    'all of it',
  ],
  // `…, and don't chase it past 905`
  [
    /,? \b(?:but |and )?(?:please )?(?:don'?t|do not|never|not) (?:chase|follow|run after|hunt|push)(?: (?:it|them|this|that|her|him|the price))?(?: up| higher)? (?:past|beyond|above|over|higher than|to more than) (?=\$?\.?\d)/gi,
    ' limit ',
  ],
  // `could i trouble you for 30 shares of microsoft`
  [
    /^(?:can|could|may|might) i (?:trouble|bother|ask|bug|pester) you (?:for|to get me|to buy me|to grab me) (?=\d)/i,
    'buy ',
  ],
  [
    /^(?:can|could|may|might) i (?:please )?(?:get|have|grab|pick up|take) (?=\d[\d,]*k? (?:shares |shs )?(?:of |in )?\$?[a-z]+(?: |[.!?]*$))(?!.*\b(?:chart|alert|min|minute|hour|day|quote)s?\b)/i,
    'buy ',
  ],
  // `if amd can't hold 150`, `if it loses 150`
  [
    /\b(if|when|once|should) (\S+) (?:can'?t|cannot|can not|doesn'?t|does not|won'?t|fails to|stops|is not able to|isn'?t able to) (?:hold|keep|defend|stay above|stay over|holding) (?=\$?\.?\d)/gi,
    '$1 $2 drops below ',
  ],
  [
    /\b(if|when|once|should) (\S+) (?:loses|gives up|cracks|slips through|cuts through|closes under|goes through|fails at) (?=\$?\.?\d)/gi,
    '$1 $2 drops below ',
  ],
  // `cancel that ford order i put in earlier`
  [
    /(?<=\b(?:cancel|pull|kill|scrap|scratch|withdraw|take|remove|delete|drop|bin|ditch|move|change|raise|lower|bump)\b.*\b(?:orders?|limits?|bids?|offers?|alerts?)\b)(?: (?:that|which))? i (?:just )?(?:put in|put|placed|sent|sent in|entered|made|set|set up|left|gave you|gave|had in|have in|left in)(?: (?:earlier|before|this morning|yesterday|today|just now|a minute ago|an hour ago|in|on it))*(?=[\s.!?]*$| to )/i,
    '',
  ],
  // `i wish take out my order of nio`
  [
    /^((?:please |can you |could you )?)(?:i (?:wish|want|would like|need|must)(?: to)? )?(?:take|pull|yank|get|bring) (?:out |back |away |down )?(?:the |my |that )(order|limit|lmt|bid|offer)(?: (?:of|on|in|for|from) (\S+))?(?: (?:out|back|away|down|off))?(?=[\s.!]*$)/i,
    '$1cancel my $3 $2',
  ],
  // `limit in 240`
  [/\blimit (?:price )?(?:in|by|as|for|is|be|will be) (?=\$?\.?\d)/gi, 'limit '],
  // `-50 tsla mkt`, `+100 nvda @ 118`
  [/^- ?(\d[\d,]*k?) (?=\$?[a-z]{1,6}\b)/i, 'sell $1 '],
  [/^\+ ?(\d[\d,]*k?) (?=\$?[a-z]{1,6}\b)/i, 'add $1 '],
  // `buy 100 pfizer, good for the day`
  [/,? \b(?:good|valid) (?:for )?(?:the |to)?(?:day|today)(?: only)?(?=[\s.!]*$)/i, ' day'],
  // `the second amd trades under 140, …`
  [
    /^(?:the (?:very )?(?:second|moment|minute|instant)|as soon as|soon as|right when|just when) (?=\S+ (?:trades?|hits?|touches|drops?|falls?|breaks?|goes|gets|crosses|reaches|prints?|sees|slips|dips|pops|rises|climbs)\b.*\d)/i,
    'if ',
  ],
  [
    /(?<=\S \S+),? (?:and )?(?:the (?:very )?(?:second|moment|minute|instant)|soon as) (?=\S+ (?:trades?|hits?|touches|drops?|falls?|breaks?|goes|gets|crosses|reaches|prints?|sees|slips|dips|pops|rises|climbs)\b.*\d)/i,
    ' if ',
  ],
  [
    /\b(?:bail|get|take) me out of (?:the (?:whole )?lot|all of (?:it|them)|it all|everything there|the whole thing)(?=[\s.!]*$)/i,
    'close it',
  ],
  // `i am buyer of 40 apple if is 210 or less`
  [/^(?:i am|i'?m|we are|we'?re) (?:a |an? interested )?buyer (?:of|for|in) (?=\d)/i, 'buy '],
  [/^(?:i am|i'?m|we are|we'?re) (?:a |an? interested )?seller (?:of|for|in) (?=\d)/i, 'sell '],
  [
    /(?<=^(?:please )?(?:buy|grab|get|add|purchase)\b.*) if (?:it |price |the price |they )?(?:is|are|costs?|comes at|goes for) (?:at )?(\$?\d*\.?\d+),? or (?:less|lower|cheaper|below|under|better)(?=[\s.!]*$)/i,
    ' limit $1',
  ],
  [
    /(?<=^(?:please )?(?:sell|trim|close|dump|exit)\b.*) if (?:it |price |the price |they )?(?:is|are|pays?|goes for) (?:at )?(\$?\d*\.?\d+),? or (?:more|higher|better|above|over)(?=[\s.!]*$)/i,
    ' limit $1',
  ],
  // `into the close sell 1/3 my dis`
  [
    /^(?:going |heading )?into the (close|closing bell|open|bell)[,:]? (?=(?:please |just )?(?:sell|buy|close|exit|trim|dump|unload|add|scale|get me|cut|take)\b)/i,
    'at the $1 ',
  ],
  // `forgot a stop on t, put it 21.6`
  [
    /^(?:i )?(?:forgot|need|want|miss|am missing|never set|have no|got no)(?: to (?:set|put|place))? (?:a |my |the |any )?(stop|stp|sl|stop ?loss|target|tp|take profit) (?:on|for|in|under) (\S+?),? (?:so |and )?(?:please )?(?:put|set|make|place|stick|pop) (?:it|one|that)(?: (?:at|to|on|in|by))? (?=\$?\.?\d)/i,
    'set $1 $2 at ',
  ],
  // `i have the wish that my stop follows`, `kindly revert with my positions`, `what is the ltp of nvidia`
  [/^i have (?:the|a) (?:wish|desire|intention|need)(?: that| to)? (?=\S+ \S)/i, 'i want '],
  [/^(?:kindly |please |pls )?revert (?:back )?(?:to me )?with (?=\S)/i, 'show '],
  [/\b(?:the )?(?:ltp|cmp|last traded price) (?:of|for|on|in) (?=\S)/gi, 'price of '],
  // `poke me at nvda 120`
  [
    /^(?:please )?(?:poke|ping|nudge|buzz|wake|tell|alert|warn|notify|text|message|call) me (?:at|on|for) (\$?[a-z.-]{1,12}) (?:at |@ ?)?(?=\$?\.?\d[\d.]*[\s.!]*$)/i,
    'alert $1 ',
  ],
  // `buy the dip 100 amd @ 148`
  [/^buy the dip[,:]? (?:in |on |with |of )?(?=\d[\d,]*k? )/i, 'buy '],
  // `let the rest run but sell me 50 nvda`
  [
    /^(?:let|leave) (?:run |ride |go )?the (?:rest|others?|remainder)(?: (?:run|ride|go|alone|on|open|be))?,? (?:but|and) (?=(?:sell|trim|close|take|dump)\b.*(?:\d|half|third|quarter))/i,
    '',
  ],
  // `…, else i sleep bad`
  [
    /(?<=\b(?:stop|sl|stop loss|target|tp|trail|bracket|sell|close|trim)\b.*\S),? (?:or else|else|otherwise) (?:i|we|my \w+) (?:can'?t|cannot|don'?t|won'?t|will not|sleep|get|worry|panic|lose|go|am|have)\b[^\d$%]*$/i,
    '',
  ],
  // `take profit on 1/4 nio now`
  [
    /^((?:please |can you |could you )?)(?:take|book|bank|lock in|grab) (?:some |my |a )?(?:profits?|gains?) (?:on|in|for|off|from) ((?:a |the |one )?(?:half|third|quarter)|1\/[2-9]|\d{1,2} ?%)(?: of)?(?: my| the)? (?=\$?[a-z])(?!.*\d(?:\.\d|\d{2,}))/i,
    '$1trim $2 of ',
  ],
  // `hold up, kill that tesla scaleout`, `pull my lmt`, `tell me spy, qqq prices`
  [
    /^(?:hold up|hang on|hold on|wait|whoa|woah|stop)[,.!]+ (?=(?:please )?(?:kill|cancel|stop|end|abort|halt|pull|scrap) (?:the|that|my) (?:\S+ )?(?:scale-?out|order|limit|bid|offer)\b)/i,
    '',
  ],
  [
    /^(?:please )?(?:pull|yank|kill|scrap|cxl) (?:my|the|that) (?:lmt|limit|bid|offer)(?: order)?(?= (?:pls|please|now)\b|[\s.!]*$)/i,
    'cancel my order',
  ],
  [
    /^(?:tell|show|give|get) me (?:the )?((?:\$?[a-z.-]{1,6}(?:, ?|,? and | ))+\$?[a-z.-]{1,6}) (?:prices?|quotes?|px)(?=[\s.!?]*$| (?:please|pls|now)\b)/i,
    'quote $1',
  ],
  [
    /\b(my|the) (?:actual|current|present|real) (positions?|orders?|balance|alerts?|tasks?|trades?|pnl|p&l|holdings?)\b/gi,
    '$1 $2',
  ],
  // `addding 400 mara here`
  [/\b(?=[a-z]{6,}\b)([a-z]*?)([a-z])\2{2,}/g, '$1$2$2'],
  // `plug, please sell everything what i have in it`
  [
    /^([^\s,@]+), (?:please )?(sell|close|dump) (?:everything|all|the lot|all of it)(?: (?:of )?(?:what|that))? (?:i have|i hold|i own|i'?ve got) (?:in|of|from) (?:it|them|there)(?=[\s.!,;]|$)/i,
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
    'alert $1 $2 $3',
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
