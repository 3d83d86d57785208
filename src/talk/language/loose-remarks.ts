/** Verbs that begin a request about an order or a level. */
const requests = '(?:bump|move|raise|lower|change|put|set|cancel|reprice|make|lift|drag|nudge|bring|walk|take|pull)'

/**
 * Words around a request that say nothing of it, where no mark sets them apart or a word in them could be an order by itself; and what
 * some people say of an order that rests.
 */
export const remarkTurns: [RegExp, string][] = [
  // `put a 6% stop on disney, would you? Should've done it this morning really`
  [
    /(?<=\S \S+)[,.;!?]+ (?:i )?(?:really )?should(?:'ve| have|ve) (?:done|set|put|placed|moved) (?:it|that|this|one)(?: (?:this|last|morning|week|night|yesterday|earlier|sooner|before|ages|days|long|ago|already|really|tbh|honestly|at|the|open|in|first|place))*(?=[\s.!]*$)/i,
    '',
  ],
  [/(?<=\S \S+), (?:would|will|could|can) (?:you|ya)(?=\?? *$)/i, ''],
  // `…, can you book this for me`
  [
    /(?<=\S \S+ \S+)(?:,|\.|;)? (?:can|could|will|would) (?:you|ya|u) (?:please )?(?:book|log|record|note|enter|write|register|arrange|sort|handle) (?:this|that|it)(?: (?:in|down|up|out))?(?: for me)?(?: please| pls)?[?.! ]*$/i,
    '',
  ],
  // `my entire alibaba holding`
  [/\b(entire|whole|full) (\S+) (?:holdings?|stake)\b/gi, '$1 $2 position'],
  // `i go short right now with 300 of gme by 22.15`
  [
    /^i (?:go|went|am going|have gone|'m going) (short|long) (?:(?:right )?now |today |here )?(?:with|for) (?=\d[\d,]*k? .*\d)/i,
    '$1 ',
  ],
  // `bleed it out, no rush at all, slow is grand`
  [
    /(?<=\S \S+),? (?:there is |there's |i'm in )?no (?:rush|hurry|stress|panic|worries)(?: (?:at all|whatsoever|here|on (?:it|this|that)|with (?:it|this|that)))?(?=[\s.!]*$|[,;])/gi,
    '',
  ],
  [
    /\b(slow|fast|medium|smart) is (?:grand|fine|good|ok|okay|best|perfect|great|the way|alright)(?=[\s.!]*$|[,;])/gi,
    '$1',
  ],
  [
    /(?<=\b(?:scale|scaleout|bleed|work|feed|drip|leak|ease|dribble)\b.*) (?:over|through|throughout|across) the (?:whole |entire )?(?:session|trading day)(?=.*\bslow)/i,
    '',
  ],
  // `not gettin filled bump my order up to 12.35`
  [
    new RegExp(
      `^(?:(?:i'?m|it'?s|we'?re|i am|it is) )?(?:still )?not (?:getting |being )(?:filled|hit|done)(?: here| yet)?[,.;!]? (?:so )?(?=${requests}\\b)`,
      'i',
    ),
    '',
  ],
  [
    /^(?:bump|nudge|lift|raise|walk|bring|drop|lower|drag|pull) (?:my |the |that )(order|limit|bid|offer|stop|sl|target|tp)(?: up| down)? (?=(?:to|at) (?:[$.\d]|entry|breakeven|cost|my))/i,
    'move my $1 ',
  ],
  // `drag my stop up to entry cant lose on this`
  [
    /(?<=\S \S+),? (?:i |we )?(?:can'?t|cannot|can not) (?:afford to )?lose (?:any ?more |money |more )?(?:on|with|in) (?:this|it|that)(?: one| trade)?(?=[\s.!]*$)/i,
    '',
  ],
  // `close amd, c u at the open`
  [
    /(?<=\S \S+)[,.;!]+ (?:and )?(?:i'?ll )?(?:c|see|cu|catch) (?:u|you|ya|y'all)(?: (?:all|guys|folks|lads))?(?: (?:at|on|in|after|before) (?:the )?(?:open|close|bell|morning|lunch|weekend|monday|tuesday|wednesday|thursday|friday))?(?: (?:tomorrow|later|then|soon|around|monday))?[\s.!]*$/i,
    '',
  ],
  // `no holding bynd overnight close it out moc`
  [
    /^(?:i'?m |i am )?(?:no|not|no longer|never) (?:holding|keeping) (?:my |the |any )?(\S+?) (?:overnight|over night|over the weekend|past the close|through earnings|any ?more)[,.;]? (?:so |and |please )*(close|sell|exit|dump|flatten)(?: (?:it|that|them))?(?: (?:out|all))?(?= |$)/i,
    '$2 $1',
  ],
  [
    /^(?:i'?m |i am )?no longer (?:holding|keeping|interested in|a fan of|a believer in|in love with) (?:my |the |any )?(\S+?)[,.;]+ (?:so |and |please )*(close|sell|exit|dump|flatten)(?: (?:it|that|them))?(?: (?:out|all))?(?= |$)/i,
    '$2 $1',
  ],
  // `just back from lunch what jobs finished`
  [
    /^(?:i'?m )?just (?:got )?(?:back|home|in|up)(?: (?:from|frm|at|to|in) (?:(?:the|my|a) )?[a-z]+)?[,.;]? (?=(?:what|which|any|show|how|did|list)\b.*\S \S)/i,
    '',
  ],
  // `i want receive again alerts of mara, i silence it before`
  [
    /^(?:please )?(?:i |we )?(?:want|would like|wish|need|like)(?: to)? (?:receive|get|have|see|hear)(?= .*\b(?:again|back)\b)(?: again| back)?(?: the| my)?(?: alerts?| notifications?| messages| pings)(?: again| back)? (?:of|for|about|on|from) (\S+?)(?: again| back)?(?:[,.;]+ (?:because |as )?i (?:have |had )?(?:silenced?|muted?|quiet(?:ed)?)(?: it| that| them)?(?: before| earlier| yesterday| by mistake)?)?[\s.!]*$/i,
    'unmute $1',
  ],
  // `ping me when f goes sub 10.8`
  [/(?<=\b(?:if|when|once)\b.*) (?:goes |gets |is |trades |drops )?sub (?=\$?\d*\.?\d)/gi, ' drops under '],
  [/,? \b(?:eh|innit|aye)(?=[\s.!?]*$)/i, ''],
]
