// The names that times have in words.

/** Short names of time zones. */
export const zones = new Map<string, string>([
  ...['et', 'est', 'edt', 'eastern'].map((word) => [word, 'America/New_York'] as [string, string]),
  ...['ct', 'cst', 'cdt'].map((word) => [word, 'America/Chicago'] as [string, string]),
  ...['pt', 'pst', 'pdt'].map((word) => [word, 'America/Los_Angeles'] as [string, string]),
  ...['cet', 'cest'].map((word) => [word, 'Europe/Berlin'] as [string, string]),
  ...['utc', 'gmt'].map((word) => [word, 'UTC'] as [string, string]),
  ['bst', 'Europe/London'],
])

/** Parts of the day, with the half of it that they mean. */
export const partsOfDay = new Map([
  ['morning', 'am'],
  ['afternoon', 'pm'],
  ['evening', 'pm'],
])

const splitUp = (text: string) => text.split(', ').map((words) => words.split(' '))
/** Words behind `close` when it is the verb. */
export const closed = new Set('all my it this that the everything position positions out me half every'.split(' '))
/** Names of the exchange's open, longer ones first. */
export const opens = splitUp(
  'bell in the morning, opening bell, opening time, opens the market, opens market, market is opening, market opens, market opening, market open, open, opening',
)
/** Names of its close that need no word before them. */
export const clearCloses = splitUp(
  'eod, end of day, end of the day, end of session, end of the session, end of trading, market close',
)
/** Names of its close behind a word such as `at`. */
export const closes = [
  ...clearCloses,
  ...splitUp(
    'closing bell, closing time, closes the market, closes market, market is closing, market closes, market closing, session end, close, closing, bell',
  ),
]

/** The first words of the names of the open and the close. */
export const bellWords = new Set([...opens, ...closes].map(([first]) => first!))

/** The days that a time may name; today is the empty text. */
export const days = new Map<string, string>([
  ...(['tomorrow', 'tmrw', 'tmr', 'tmw', 'tomorow', 'tommorow', 'tommorrow'] as const).map(
    (word) => [word, 'tomorrow'] as [string, string],
  ),
  ...['today', 'tonight'].map((word) => [word, ''] as [string, string]),
  ...['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'].flatMap((day) =>
    [day, day.slice(0, 3)].map((word) => [word, day] as [string, string]),
  ),
  ["today's", ''],
  ["tomorrow's", 'tomorrow'],
  ['tues', 'tuesday'],
  ['weds', 'wednesday'],
  ['thur', 'thursday'],
  ['thurs', 'thursday'],
])

/** Numbers in words that a time may have. */
export const counts = new Map<string, number>(
  Object.entries({
    a: 1,
    an: 1,
    one: 1,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
    ten: 10,
    eleven: 11,
    twelve: 12,
    fifteen: 15,
    twenty: 20,
    thirty: 30,
    forty: 40,
    'forty-five': 45,
    fifty: 50,
    sixty: 60,
    ninety: 90,
  }),
)

/** Minutes of an hour in words. */
export const minutesOfHour = new Map(
  Object.entries({ five: 5, ten: 10, fifteen: 15, twenty: 20, thirty: 30, forty: 40, 'forty-five': 45, fifty: 50 }),
)

/** Words before a time that make it the end of something, and those that make it the moment. */
export const deadlineWords = new Set(['by', 'before', 'until', 'till', 'til', 'latest'])
export const timeWords = new Set(['at', '@', 'on', 'from'])
/** Words before a time that have a form of their own. */
export const otherLeads = new Set(['in', 'within', 'when', 'wait', 'after'])

const units = new Map(
  Object.entries({
    1: 's sec secs second seconds',
    60: 'm min mins minute minutes',
    3600: 'h hr hrs hour hours',
  }).flatMap(([length, words]) => words.split(' ').map((word) => [word, Number(length)] as const)),
)

/** The seconds of a unit of a duration; undefined for other words. */
export const secondsOf = (unit: string): number | undefined => units.get(unit)

/** The longest time from now, in seconds: a week. */
export const furthest = 7 * 24 * 3600
