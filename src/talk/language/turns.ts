/** A number in digits, perhaps with a dollar sign before it or cents behind it. */
const number = String.raw`\$?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?: ?(?:c|¢|cents?))?`

/** Turns of phrase and the plain words for them. Each leaves the numbers and their meaning as they are. */
const turns: [RegExp, string][] = [
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
    /(?<=\b(?:stop|sl|target|tp|profit|trail(?:ing)?)\b.{0,40}(?:[\d%]|percent|pct|please)),? (?:please )?(?:put|set|place)(?: (?:it|target|stop|the target|the stop))?(?= please|[\s.!]*$)/i,
    '',
  ],
  // `b/e stop on amd`, `move amd stop to BE`
  [/\b(stop|sl)((?: (?:on|for|of|in) \S+)?) (?:to|at) (?:be|b\/e)(?=[\s.!]*$)/i, '$1$2 to breakeven'],
  [/^b\/?e stop (?=(?:on|for|in|of) )/i, 'breakeven '],
  // `sell every last share of amd`
  [/\bevery (?:last |single )?share (?=(?:of|in) )/gi, 'all '],
]

/** Makes a price behind `by` one that is repeated back: some say it for `at`. A level that moves by a number stays as it is. */
const byPrice = new RegExp(`\\bby (?=\\$?\\d*\\.\\d+(?:[\\s,.!]|$))(?!${number} ?(?:%|percent|pct|points?))`, 'gi')
const byLevel =
  /(?<=\b(?:stop|sl|target|tp|profit)\b[^\d]{0,40})\bby (?=\$?\d{2,}\b(?!:| ?(?:am|pm|%|percent|pct|shares|pieces)))/i
const moves =
  /\b(raise|lower|move|trail|trailing|tighten|loosen|widen|reduce|trim|cut|increase|decrease|bump|nudge|shift|adjust|up|(?<!(?:write|note|put) )down|higher|falls?|drops?|rises?|beats?|more)\b/i

/** Writes the turns of phrase of a text in plain words, so that the slots behind them are read. */
export function withoutTurns(text: string): string {
  const plain = turns.reduce((said, [turn, words]) => said.replace(turn, words), text)
  return moves.test(plain) ? plain : plain.replace(byPrice, 'near ').replace(byLevel, 'near ')
}
