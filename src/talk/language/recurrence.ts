import { timeAt } from './time.ts'

/** The days of a schedule: each exchange day, or one day of the week. */
export type Days = 'weekdays' | 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday'

/** A repetition in words. `time` is a value of the slot `time` (`16:15`, `close+15m`); absent when none was said. */
export interface Recurrence {
  days: Days
  time?: string
}

const everyDay = new Set(['weekday', 'weekdays', 'day', 'days', 'trading day', 'session'])
const named: Record<string, Days> = {
  mon: 'monday',
  monday: 'monday',
  mondays: 'monday',
  tue: 'tuesday',
  tues: 'tuesday',
  tuesday: 'tuesday',
  tuesdays: 'tuesday',
  wed: 'wednesday',
  weds: 'wednesday',
  wednesday: 'wednesday',
  wednesdays: 'wednesday',
  thu: 'thursday',
  thur: 'thursday',
  thurs: 'thursday',
  thursday: 'thursday',
  thursdays: 'thursday',
  fri: 'friday',
  friday: 'friday',
  fridays: 'friday',
}

/**
 * Reads a repetition in a command: `every weekday at 4:15pm`, `daily at the close`, `every friday`. `at` is the index of its first
 * word; undefined when there is none. `unread`: words in it that were not understood; `behind`: those after it.
 */
export function recurrenceIn(
  words: string[],
): { at: number; recurrence?: Recurrence; unread: string[]; behind: string[] } | undefined {
  const at = words.findIndex((word) => ['every', 'each', 'daily', 'weekdays'].includes(word))
  if (at < 0) return undefined
  const isLed = words[at] === 'every' || words[at] === 'each'
  const begin = isLed ? at + 1 : at
  const isTwo = everyDay.has(`${words[begin]} ${words[begin + 1]}`)
  const word = words[begin] ?? ''
  const days = isTwo || word === 'daily' || everyDay.has(word) ? 'weekdays' : named[word]
  const behind = words.slice(begin + (isTwo ? 2 : 1))
  if (days === undefined) return { at, unread: words.slice(at), behind: [] }
  const said = timeAt(behind, 0)
  if (said?.name === 'time')
    return { at, recurrence: { days, time: said.value }, unread: [], behind: behind.slice(said.used) }
  const isTime = behind[0] === 'at' || /^\d/.test(behind[0] ?? '')
  return { at, recurrence: { days }, ...(isTime ? { unread: behind, behind: [] } : { unread: [], behind }) }
}
