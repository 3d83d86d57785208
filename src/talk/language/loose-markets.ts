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
    /(?:,| and)? (?:i )?(?:don'?t|do not) care (?:about|what|for|of) (?:the |what )?(?:price|px|it costs|i pay|i get|level)\b(?=[\s.!,;]|$)/gi,
    ' at market',
  ],
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
