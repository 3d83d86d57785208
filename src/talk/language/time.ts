import { bare, clockOf, earlier, halfOf, on24, undotted } from './clock.ts'
import {
  bellWords,
  clearCloses,
  closed,
  closes,
  counts,
  days,
  deadlineWords,
  furthest,
  minutesOfHour,
  opens,
  otherLeads,
  partsOfDay,
  secondsOf,
  timeWords,
  zones,
} from './time-names.ts'

/**
 * A time in words. The forms of its value:
 *
 * - `HH:MM` by a 24-hour clock: `3:55pm`, `3.55pm`, `3:55 p.m.`, `15:55`, `3pm`, `3 o'clock`, `half past three`, `quarter to 4`,
 *   `noon`, `midnight` (`24:00`). Without am or pm, 1:00 to 7:59 mean the afternoon, when people trade (`3:55` is 15:55),
 *   unless they begin with a zero (`03:55`).
 * - `close` and `open`: `at the close`, `before the bell`, `at open`, `by eod`, `end of day`; with minutes from it as
 *   `close-5m`, `open+15m` (`5 minutes before the close`).
 * - `+20m`, `+90m`, `+30s` from now: `in 20 minutes`, `in an hour and a half`, `in 30 s`, `within the hour`.
 *
 * A named day stands before a clock time or `close` (`tomorrow 10:00`, `monday close`). `today` is left out, and a day without a
 * time stands alone. A zone stands behind a clock time (`15:55 America/New_York` for `3:55pm ET`).
 *
 * Digits before a glued `a` or `p` are a clock time without a mark (`330p`, `1015am`, `by 3p`), and so are four of them behind
 * `before` or `until` (`before 1545`); behind `at` and `by` these may be a price or a size, which `settle` decides.
 *
 * `by`, `before`, `until`, `till`, `no later than` and `within` make it the slot `deadline`. `at`, `on`, `@`, `in`, or no
 * preposition make it the slot `time`. `at 3`, `@ 3.55` and `by 3` are no times, because they may be prices or quantities.
 * `close` is a time only after such a word or as `market close`, because it is also a command.
 *
 * Each word is read a fixed number of times, for any text.
 */
export interface TimePhrase {
  /** The slot of the value. */
  name: 'time' | 'deadline'
  value: string
  /** The number of its words. */
  used: number
  /** Its number may be a price or an option: `at 1545`, `sell half 330p`. An order repeats it back. */
  isUnsure?: boolean
}

/** Reads the time that begins at a word; undefined when there is none. */
export function timeAt(words: string[], at: number): TimePhrase | undefined {
  const first = bare(words[at] ?? '')
  if (isLead(first) ? !mayFollow(bare(words[at + 1] ?? '')) : !mayBegin(first)) return undefined
  const reader = read(words, at)
  const phrase = reader.relative() ?? reader.beside() ?? reader.moment()
  return phrase && { ...phrase, used: reader.at() - at, ...(reader.isUnsure() && { isUnsure: true }) }
}

/** Reads a duration that begins at a word: `20 minutes`, `1h30m`, `an hour and a half`. `used` is its number of words. */
export function lengthAt(words: string[], at: number): { seconds: number; used: number } | undefined {
  const reader = read(words, at)
  const seconds = reader.length()
  return seconds === undefined ? undefined : { seconds, used: reader.at() - at }
}

// Quick checks of the first letter or a list, because most words have nothing to do with time.
const isLead = (word: string) => deadlineWords.has(word) || timeWords.has(word) || otherLeads.has(word)
const isNumber = (word: string) => word.charCodeAt(0) < 58 && word.charCodeAt(0) > 47
const beginnings = new Set('no noon midday midnight half quarter a eod end market'.split(' '))
const followers = new Set('the close closing bell open opening'.split(' '))
const mayBegin = (word: string) =>
  isNumber(word) || word.startsWith('@') || beginnings.has(word) || days.has(word) || counts.has(word)
const mayFollow = (word: string) => mayBegin(word) || followers.has(word)

type Found = Omit<TimePhrase, 'used'> | undefined

/** Makes a reader at a word. A method that finds nothing leaves the position unchanged. */
function read(words: string[], from: number) {
  let at = from
  let isUnsure = false
  const word = (ahead = 0) => bare(words[at + ahead] ?? '')
  const take = (...expected: string[]) => {
    if (expected.some((one, ahead) => word(ahead) !== one)) return false
    at += expected.length
    return true
  }
  const back = (to: number) => {
    at = to
    return undefined
  }

  /** Reads a duration in seconds: `20 minutes`, `an hour and a half`, `1h30m`, `half an hour`. */
  function length(): number | undefined {
    const begin = at
    if (take('half', 'an', 'hour') || take('half', 'hour')) return 1800
    if (take('a', 'couple', 'of', 'hours') || take('couple', 'of', 'hours') || take('a', 'couple', 'hours')) return 7200
    const joined = /^(\d{1,4})h(\d{1,2})m?$/.exec(word())
    if (joined) {
      at += 1
      return Number(joined[1]) * 3600 + Number(joined[2]) * 60
    }
    const [, digits, glued] = /^(\d{1,5}(?:\.\d{1,3})?)([a-z]*)$/.exec(word()) ?? []
    const count = digits === undefined ? counts.get(word()) : Number(digits)
    if (count === undefined) return undefined
    at += 1
    const half = glued ? 0 : take('and', 'a', 'half') ? 0.5 : 0
    const unit = glued ? glued : word()
    if (!glued) at += 1
    const each = secondsOf(unit)
    if (each === undefined) return back(begin)
    const more = each === 3600 ? (take('and', 'a', 'half') ? 1800 : minutesMore()) : 0
    const said = Math.round((count + half) * each) + more
    return said > 0 && said <= furthest ? said : back(begin)
  }

  /** Reads the minutes behind hours, in seconds: `2 hours and 30 minutes`, `2h 30m`. */
  function minutesMore(): number {
    const begin = at
    take('and')
    const [, digits, glued] = /^(\d{1,2})([a-z]*)$/.exec(word()) ?? []
    const unit = glued ? glued : word(1)
    if (digits === undefined || secondsOf(unit) !== 60) {
      at = begin
      return 0
    }
    at += glued ? 1 : 2
    return Number(digits) * 60
  }

  /** Reads a time from now: `in 20 minutes`, `within the hour`. */
  function relative(): Found {
    const begin = at
    const slot = take('in') || take('after') ? 'time' : take('within') ? 'deadline' : undefined
    if (!slot) return undefined
    if (take('the', 'next')) {
      // `in the next 20 minutes` gives a limit, not a moment.
      const said = length() ?? (take('hour') ? 3600 : undefined)
      return said ? { name: 'deadline', value: ahead(said) } : back(begin)
    }
    if (slot === 'deadline' && take('the', 'hour')) return { name: slot, value: ahead(3600) }
    const said = length()
    if (said && slot === 'time') take('from', 'now')
    return said ? { name: slot, value: ahead(said) } : back(begin)
  }

  /** Reads a time beside the close, the open or now: `5 minutes before the close`, `at 15 min after the open`, `20 minutes from now`. */
  function beside(): Found {
    const begin = at
    const isDeadline = preposition() === 'deadline'
    const said = length()
    // `20 minutes from now`
    if (said !== undefined && begin === from && take('from', 'now'))
      return { name: isDeadline ? 'deadline' : 'time', value: ahead(said) }
    if (said === undefined || said % 60 !== 0) return back(begin)
    const before = take('before') || take('to')
    if (!before && !take('after') && !take('into')) return back(begin)
    const bell = bellName()
    const clocked = bell === undefined && before ? writtenClock() : undefined
    if (clocked) return { name: isDeadline ? 'deadline' : 'time', value: earlier(clocked, said / 60) }
    if (!bell) return back(begin)
    const value = withDay(`${bell}${before ? '-' : '+'}${said / 60}m`)
    return { name: isDeadline ? 'deadline' : 'time', value }
  }

  /** Reads a moment: `tomorrow at 3:55pm`, `by the close`, `noon`. */
  function moment(): Found {
    const begin = at
    // The short names of days are also words and symbols, so they count only beside a time.
    const first = day()
    // `tomorrow morning at the open`: the part of the day adds nothing to a time of it.
    const beforePart = at
    const part = first === undefined ? undefined : partsOfDay.get(word())
    if (part !== undefined) at += 1
    const said = preposition()
    const slot = said ?? 'time'
    const isLed = said !== undefined
    const second = first ?? (isLed ? day() : undefined)
    // `on monday at 10am`, `by tomorrow at noon`
    if (second !== undefined && first === undefined && !take('at')) take('@')
    // `done for today, close all` names no close of the day.
    const isVerb = !isLed && word() === 'close' && closed.has(word(1))
    const value = clock() ?? bell(!isVerb && (isLed || second !== undefined))
    // `tomorrow morning at 3:55pm` says two times.
    const isOfPart = part === undefined || (value !== undefined && halfOf(value) === part)
    if (value !== undefined && isOfPart)
      return { name: slot, value: second === undefined ? withDay(value) : joinedTo(second, value) }
    if (part !== undefined || (first !== undefined && said === undefined)) at = beforePart
    const isWhole = second !== undefined && second !== '' && word(-1).length > 5
    return isWhole ? { name: slot, value: second } : back(begin)
  }

  function preposition(): 'time' | 'deadline' | undefined {
    const first = word()
    const isLimit = (first === 'no' && take('no', 'later', 'than')) || (first === 'not' && take('not', 'later', 'than'))
    if (isLimit) return 'deadline'
    if (first === 'wait')
      return take('wait', 'until') || take('wait', 'till') || take('wait', 'til') ? 'time' : undefined
    if (first === 'when') {
      const market = word(1) === 'the' ? 2 : 1
      const isAfter = /^(opens?|closes?)$/.test(word(market + 1))
      const isBefore = /^(opens|closes)$/.test(word(1)) && word(word(2) === 'the' ? 3 : 2) === 'market'
      const isDoing = word(market + 1) === 'is' && /^(opening|closing)$/.test(word(market + 2))
      if (!isBefore && (word(market) !== 'market' || !(isAfter || isDoing))) return undefined
      at += 1
      return 'time'
    }
    const slot = deadlineWords.has(first) ? 'deadline' : timeWords.has(first) ? 'time' : undefined
    if (slot) at += 1
    return slot
  }

  function day(): string | undefined {
    const named = days.get(word())
    if (named !== undefined) at += 1
    return named
  }

  /** Reads a day behind a time: `10am tomorrow`, `at 3 on friday`. */
  function withDay(value: string): string {
    const begin = at
    const on = take('on')
    const named = day()
    if (named === undefined || (on && named === '')) {
      at = begin
      return value
    }
    return joinedTo(named, value)
  }

  /** Reads a clock time with its zone, if one is named. */
  function clock(): string | undefined {
    const time = spokenClock() ?? writtenClock() ?? joinedClock()
    if (time === undefined) return undefined
    if (take('new', 'york', 'time') || take('ny', 'time')) return `${time} America/New_York`
    const zone = zones.get(word())
    if (!zone) return time
    at += 1
    take('time')
    return `${time} ${zone}`
  }

  function writtenClock(): string | undefined {
    const [, digits = '', minute, glued = ''] =
      /^@?(\d{1,2})(?:([:.h]\d\d)(?::00)?)?(am|pm|a|p|h|uhr)?$/.exec(undotted(word())) ?? []
    if (digits === '') return undefined
    const isOfToday = word(1) === 'this'
    const isInPart = isOfToday || (/^(in|of)$/.test(word(1)) && word(2) === 'the')
    const part = glued === '' && isInPart ? partsOfDay.get(word(isOfToday ? 2 : 3)) : undefined
    const apart = part ?? (glued === '' ? undotted(word(1)) : '')
    const half = glued === '' && (apart === 'am' || apart === 'pm') ? apart : glued
    const isPlain = half === '' || half === 'h' || half === 'uhr'
    const isOClock = glued === '' && half === '' && ["o'clock", 'oclock'].includes(word(1))
    // Without minutes, only `am`, `pm` or `o'clock` makes a number a time. A point may belong to a price.
    if (minute === undefined && half.length < 2 && !isOClock) return undefined
    if (minute?.startsWith('.') && isPlain) return undefined
    const time = on24(digits, minute?.slice(1) ?? '00', half[0] === 'a' || half[0] === 'p' ? half[0] : '')
    if (time) at += part ? (isOfToday ? 3 : 4) : glued === '' && (half !== '' || isOClock) ? 2 : 1
    return time
  }

  /** Reads a clock time without a mark in it: `330p`, `1015am`, `3p` and `1545` behind a word such as `at`. */
  function joinedClock(): string | undefined {
    const isLed = deadlineWords.has(word(-1)) || timeWords.has(word(-1))
    const [, half, minute = '00', part = ''] = /^@?(\d{1,2}?)(\d\d)?(am?|pm?)$/.exec(word()) ?? []
    if (half !== undefined && (isLed || minute !== '00')) {
      const time = on24(half, minute, part[0]!)
      if (time) at += 1
      isUnsure ||= time !== undefined && !isLed && part.length === 1
      return time
    }
    const isBound = deadlineWords.has(word(-1)) && word(-1) !== 'by'
    const time = isBound ? clockOf(word()) : undefined
    if (time === undefined) return undefined
    at += 1
    isUnsure = true
    return time
  }

  /** Reads a clock time in words: `noon`, `midnight`, `half past three`, `quarter to 4 pm`. */
  function spokenClock(): string | undefined {
    if (take('noon') || take('midday')) return '12:00'
    if (take('midnight')) return '24:00'
    const begin = at
    const digital = digitalClock()
    if (digital) return digital
    take('a')
    const spoken = minutesOfHour.get(word())
    const past = take('half') ? 30 : take('quarter') ? 15 : spoken
    if (past === undefined) return back(begin)
    if (past === spoken) {
      at += 1
      if (!take('minutes')) take('min')
    }
    const isTo = past !== 30 && take('to')
    if (!isTo && !take('past')) return back(begin)
    const hour = counts.get(word()) ?? (/^\d{1,2}$/.test(word()) ? Number(word()) : undefined)
    if (hour === undefined || hour < 1 || hour > 12) return back(begin)
    at += 1
    const half = ['am', 'pm'].includes(undotted(word())) ? undotted(word()) : ''
    if (half) at += 1
    else if (word() === 'in' && word(1) === 'the' && partsOfDay.has(word(2))) at += 3
    else if (word() === 'this' && partsOfDay.has(word(1))) at += 2
    const minute = isTo ? 60 - past : past
    const full = isTo ? ((hour + 10) % 12) + 1 : hour
    return on24(String(full), String(minute), half[0] ?? '')
  }

  /** Reads `ten am`, `two thirty pm`, `ten o'clock`. */
  function digitalClock(): string | undefined {
    const begin = at
    const hour = counts.get(word())
    if (hour === undefined || hour > 12 || word().startsWith('a')) return undefined
    at += 1
    const minute = minutesOfHour.get(word())
    if (minute !== undefined) at += 1
    const half = undotted(word())
    const isOClock = minute === undefined && ["o'clock", 'oclock'].includes(half)
    const part = half === 'in' && word(1) === 'the' ? partsOfDay.get(word(2)) : undefined
    if (part) {
      at += 3
      return on24(String(hour), String(minute ?? 0), part[0]!)
    }
    if (half !== 'am' && half !== 'pm' && !isOClock) return back(begin)
    at += 1
    return on24(String(hour), String(minute ?? 0), isOClock ? '' : half[0]!)
  }

  /** Reads the exchange's close or open. Without a leading word only clear forms count, such as `market close`. */
  function bell(isLed: boolean): string | undefined {
    if (isLed) return bellName()
    if (clearCloses.some((words) => take(...words))) return 'close'
    return take('market', 'open') ? 'open' : undefined
  }

  function bellName(): string | undefined {
    const begin = at
    take('the')
    if (!bellWords.has(word())) return back(begin)
    if (opens.some((words) => take(...words))) return 'open'
    return closes.some((words) => take(...words)) ? 'close' : back(begin)
  }

  return { length, relative, beside, moment, at: () => at, isUnsure: () => isUnsure }
}

const joinedTo = (day: string, value: string) => (day === '' ? value : `${day} ${value}`)

const ahead = (length: number) => (length % 60 === 0 ? `+${length / 60}m` : `+${length}s`)
