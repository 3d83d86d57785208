const hour = '(?:[1-4]|9|1[0-2]|one|two|three|four|nine|ten|eleven|twelve)'
const verbs =
  '(?:please |pls |can you |could you |i want to )?(?:start |begin )?(?:buy|sell|close|exit|trim|dump|scale|scaleout|work|working|feed|get me|take|cut|add|grab|unload|flatten|reduce|short|cover|offload|bleed|sched|schedule)'
/** Behind a bare hour: the end, a part of the day, a comma or a word of politeness. A unit or a price would make it another number. */
const end = String.raw`(?=[\s.!?]*$|,| (?:today|please|pls|sharp|then|and|this|in the|pm|latest|at the latest)\b)`

/** Hours that people name without a mark of time, in places where they can hardly be anything else, and the plain words for them. */
const hours: [RegExp, string][] = [
  // `at 2 buy 400 uber`, `at three, close my amd`
  [new RegExp(`^((?:at|@|by|around) ?${hour}),? (?=${verbs}\\b)`, 'i'), "$1 o'clock "],
  // `close dis if it touches 95 before 3`, `get me out of amd before three this afternoon`
  [new RegExp(`\\b((?:before|until|till|til) ${hour})${end}`, 'gi'), "$1 o'clock"],
  [
    /\b(by (?:one|two|three|four|nine|ten|eleven|twelve))(?=[\s.!?]*$|,| (?:today|this|in the|close|sell|buy|exit|get|dump)\b)/gi,
    "$1 o'clock",
  ],
  // `by half two`
  [
    /\b(at|by|before|until|till|around) half (one|two|three|four|nine|ten|eleven|twelve|[1-4]|9|1[0-2])\b/gi,
    '$1 half past $2',
  ],
  [/^half (one|two|three|four|nine|ten|eleven|twelve)(?=,| in the| today| tomorrow)/i, 'at half past $1'],
  // `exit snap 5 to 4 this aft`, `close it at 10 to 4`
  [
    /(?<=\b(?:at|by|before|around) )(5|10|20|25) (to|past) ([1-4]|9|1[0-2]|one|two|three|four|nine|ten|eleven|twelve)\b(?!\.\d|:)/gi,
    '$1 minutes $2 $3',
  ],
  [
    /\b(?<!(?:at|by|before|around) )(5|10|20|25) (to|past) ([1-4]|9|1[0-2])(?= (?:this|in the|pm|am|today)\b)/gi,
    'at $1 minutes $2 $3',
  ],
  // `1030 sell half amd`, `11.30 scale out 600 hood`, `11:30 buy 50 amd`
  [new RegExp(`^(0?9|1[0-5]):?([0-5][05]) (?=${verbs}\\b)`, 'i'), 'at $1:$2 '],
  [
    /^(9|1[0-5])\.([0-5][05]),? (?=(?:please )?(?:start |begin )?(?:scale|scaleout|work|feed|bleed|close|exit)\b)/i,
    'at $1:$2 ',
  ],
  // `at 15.45 close my tesla`: a quarter of an hour of the session at the beginning.
  [new RegExp(`^at (9|1[0-5])\\.(00|15|30|45),? (?=${verbs}\\b)`, 'i'), 'at $1:$2 '],
  // `for one o'clock in afternoon, schedule …`, `set a timer: 14:15, …`
  [new RegExp(`^for (?=${hour} o'?clock\\b)`, 'i'), 'at '],
  [/\bin (morning|afternoon|evening)\b/gi, 'in the $1'],
  [/^set a (?:timer|clock|alarm)[:,]? (?:for |to |at )?(?=\d{1,2}[:.]\d\d)/i, 'at '],
  // `for 10.30 schedule a purchase of 200 sofi`, `wait until 12.15, then buy 90 aapl`
  [
    /^(?:for|at|by) (9|1[0-5]|[1-3])[.h]([0-5]\d),? (?=(?:please )?(?:schedule|sched|plan|queue|program)\b)/i,
    'at $1:$2 ',
  ],
  [
    /\b(wait (?:until|till|til)|before|until|till) (9|1[0-5])[.h]([0-5][05])(?=[\s.!]*$|,| (?:then|and|to|please|today)\b)/gi,
    '$1 $2:$3',
  ],
  // `sell 300 aapl moc`
  [/^moc,? (?=\S)/i, 'at the close '],
  [/(?<=\S) moc(?=[\s.!]*$)/i, ' at the close'],
  // `at tomorrow's open`
  [/\bat (tomorrow|monday|tuesday|wednesday|thursday|friday)'?s (open|close)\b/gi, '$1 at the $2'],
  [/\b(this) (?:arvo|aft)\b/gi, '$1 afternoon'],
]

/**
 * Writes bare hours of a text as times, where they can hardly be anything else: `at 2 buy 400 uber`, `before 3`. An order that was
 * read so is repeated back. Undefined when the text has none.
 */
export function withHours(text: string): string | undefined {
  if (text.length > 500) return undefined
  const said = hours.reduce((so, [form, words]) => so.replace(form, words), text)
  return said === text ? undefined : said
}
