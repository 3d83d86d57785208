import { describe, expect, test } from 'vitest'
import { timeAt } from '../../../src/talk/language/time.ts'
import { plain } from '../../../src/talk/language/words.ts'
import fc from '../../support/fast-check.ts'

/** The times in a text: the slots, and the other words. */
interface Times {
  time?: string
  deadline?: string
  rest: string[]
}

/** Takes the times out of words that `plain` has normalised. A second time for the same slot stays among the rest. */
function readTimes(words: string[]): Times {
  const times: Times = { rest: [] }
  for (let at = 0; at < words.length; ) {
    const phrase = timeAt(words, at)
    if (phrase && times[phrase.name] === undefined) {
      times[phrase.name] = phrase.value
      at += phrase.used
    } else {
      times.rest.push(words[at]!)
      at += 1
    }
  }
  return times
}

const read = (text: string) => {
  const { rest, ...slots } = readTimes(plain(text).split(' '))
  return { ...slots, rest: rest.join(' ') }
}

describe('a time', () => {
  test.each([
    ['at 3:55pm', '15:55'],
    ['at 3:55 pm', '15:55'],
    ['at 3:55 p.m.', '15:55'],
    ['at 3.55pm', '15:55'],
    ['at 3:55p', '15:55'],
    ['@ 3:55pm', '15:55'],
    ['@3:55pm', '15:55'],
    ['3:55PM', '15:55'],
    ['at 15:55', '15:55'],
    ['at 15:55h', '15:55'],
    ['at 3:55', '15:55'],
    ['at 03:55', '03:55'],
    ['at 9:45', '09:45'],
    ['10:30', '10:30'],
    ['at 3pm', '15:00'],
    ['at 3 pm', '15:00'],
    ['3pm,', '15:00'],
    ['at 12am', '00:00'],
    ['at 12pm', '12:00'],
    ["at 3 o'clock", '15:00'],
    ['at noon', '12:00'],
    ['at midnight', '24:00'],
    ['at half past three', '15:30'],
    ['at half past 10', '10:30'],
    ['at quarter to 4', '15:45'],
    ['at a quarter to four pm', '15:45'],
    ['at quarter past 2', '14:15'],
    ['at quarter to one', '12:45'],
    ['at the close', 'close'],
    ['at close', 'close'],
    ['on the close', 'close'],
    ['at the closing bell', 'close'],
    ['at market close', 'close'],
    ['market close', 'close'],
    ['eod', 'close'],
    ['at the end of the day', 'close'],
    ['at open', 'open'],
    ['at the opening bell', 'open'],
    ['5 minutes before the close', 'close-5m'],
    ['five min before close', 'close-5m'],
    ['at 15 min after the open', 'open+15m'],
    ['half an hour into the open', 'open+30m'],
    ['in 20 minutes', '+20m'],
    ['in 20min', '+20m'],
    ['in twenty minutes', '+20m'],
    ['in an hour', '+60m'],
    ['in 2h', '+120m'],
    ['in 1h30m', '+90m'],
    ['in an hour and a half', '+90m'],
    ['in 1.5 hours', '+90m'],
    ['in half an hour', '+30m'],
    ['in 30 s', '+30s'],
    ['tomorrow 10am', 'tomorrow 10:00'],
    ['tomorrow at 10am', 'tomorrow 10:00'],
    ['at 10am tomorrow', 'tomorrow 10:00'],
    ['10am tmrw', 'tomorrow 10:00'],
    ['tomorrow at the open', 'tomorrow open'],
    ['at the open tomorrow', 'tomorrow open'],
    ['on monday at 10:30', 'monday 10:30'],
    ['monday 3:55pm', 'monday 15:55'],
    ['at 3:55pm on monday', 'monday 15:55'],
    ['fri 10:30', 'friday 10:30'],
    ['today at 3pm', '15:00'],
    ['at 3pm today', '15:00'],
    ['tomorrow', 'tomorrow'],
    ['on monday', 'monday'],
    ['at 3:55pm ET', '15:55 America/New_York'],
    ['at 3:55 pm est', '15:55 America/New_York'],
    ['at 15:55 new york time', '15:55 America/New_York'],
    ['at 20:00 utc', '20:00 UTC'],
    ['tomorrow 16:00 CET', 'tomorrow 16:00 Europe/Berlin'],
    ['5 minutes before the close tomorrow', 'tomorrow close-5m'],
  ])('is said as "%s"', (text, time) => {
    expect(read(text)).toEqual({ time, rest: '' })
  })
})

describe('a deadline', () => {
  test.each([
    ['by 3pm', '15:00'],
    ['before 3pm', '15:00'],
    ['until 15:30', '15:30'],
    ['till noon', '12:00'],
    ['no later than 3:30pm', '15:30'],
    ['before close', 'close'],
    ['before the close', 'close'],
    ['before the bell', 'close'],
    ['by eod', 'close'],
    ['by end of day', 'close'],
    ['by the end of the day', 'close'],
    ['before the open', 'open'],
    ['within 20 minutes', '+20m'],
    ['within the hour', '+60m'],
    ['within an hour', '+60m'],
    ['in the next 20 minutes', '+20m'],
    ['within the next hour', '+60m'],
    ['by tomorrow noon', 'tomorrow 12:00'],
    ['by noon tomorrow', 'tomorrow 12:00'],
    ['by friday close', 'friday close'],
    ['before the close on friday', 'friday close'],
    ['by tomorrow', 'tomorrow'],
  ])('is said as "%s"', (text, deadline) => {
    expect(read(text)).toEqual({ deadline, rest: '' })
  })
})

describe('in a sentence', () => {
  test.each([
    ['sell 1000 @ 0.70 if price hits by 3pm', { deadline: '15:00', rest: 'sell 1000 @ 0.70 if price hits' }],
    ['buy 500 AMD if it breaks 120 before close', { deadline: 'close', rest: 'buy 500 amd if it breaks 120' }],
    ['close at 3:55pm', { time: '15:55', rest: 'close' }],
    ['close at close', { time: 'close', rest: 'close' }],
    ['close BYND eod', { time: 'close', rest: 'close bynd' }],
    ['scaleout at 10:30 medium', { time: '10:30', rest: 'scaleout medium' }],
    ['sell half at 3pm @ .70', { time: '15:00', rest: 'sell half @ .70' }],
    ['sell 500 @ 1.10 at 10:30 until 3pm', { time: '10:30', deadline: '15:00', rest: 'sell 500 @ 1.10' }],
    ['in 20 minutes close BYND', { time: '+20m', rest: 'close bynd' }],
    ['tomorrow at 10am buy 500 amd', { time: 'tomorrow 10:00', rest: 'buy 500 amd' }],
  ])('"%s" leaves the rest to others', (text, found) => {
    expect(read(text)).toEqual(found)
  })

  test.each([
    'close',
    'close BYND',
    'close now',
    'sell 500 at 3',
    'sell 500 @ 3.55',
    'sell 500 at 63c',
    'buy 500 by 3',
    'long 5000 bynd at .63',
    'trim by half',
    'open positions',
    'close all',
    'mute 30m',
    'chart BYND 1d',
    'buy 100 sun',
    'buy 100 wed',
    'at 25:00',
    'at 10:75',
    'at 13pm',
    'in a hurry',
    'in BYND',
    'close it out before it drops',
    'vwap 5 min',
    'half of it',
  ])('"%s" says nothing of time', (text) => {
    expect(read(text)).toEqual({ rest: plain(text) })
  })

  test('a second time stays where it is, so that nobody takes half of what was said', () => {
    expect(read('close at 10am at 3pm')).toEqual({ time: '10:00', rest: 'close at 3pm' })
  })

  test('one that begins with a word is found there', () => {
    expect(timeAt(['close', 'at', '3', 'pm', 'please'], 1)).toEqual({ name: 'time', value: '15:00', used: 3 })
    expect(timeAt(['close', 'at', '3', 'pm', 'please'], 0)).toBeUndefined()
  })
})

const form =
  /^((tomorrow|(mon|tues|wednes|thurs|fri|satur|sun)day) )?(([01]\d|2[0-4]):[0-5]\d( [\w/]+)?|(close|open)([+-]\d+m)?)$|^\+\d+[ms]$|^(tomorrow|\w+day)$/

test('whatever is written, nothing is thrown, every word is kept or used, and slots have their form', () => {
  const pieces = fc.constantFrom(
    ..."at by before in within the close open bell tomorrow monday mon today noon half past quarter to 3 3pm 10:30 15:55 pm p.m. 20 minutes hours an hour and a et utc eod end of day market no later than next on @ 4 o'clock".split(
      ' ',
    ),
  )
  const words = fc.array(fc.oneof(pieces, fc.string({ maxLength: 8 })), { maxLength: 30 })
  fc.assert(
    fc.property(words, (said) => {
      const { rest, time, deadline } = readTimes(said)
      expect(rest.length).toBeLessThanOrEqual(said.length)
      let from = 0
      for (const word of rest) from = said.indexOf(word, from) + 1
      expect(rest.length === 0 || from > 0).toBe(true)
      for (const value of [time, deadline]) if (value !== undefined) expect(value).toMatch(form)
    }),
    { numRuns: 2000 },
  )
})

test.each(['at ', 'in the next ', 'no later ', '5 minutes before ', 'half past ', '9', 'tomorrow at ', 'end of the '])(
  'each word of 10,000 characters of %j is looked at a bounded number of times',
  (piece) => {
    const words = plain(piece.repeat(Math.ceil(10_000 / piece.length)).slice(0, 10_000)).split(' ')
    let looks = 0
    const counted = new Proxy(words, {
      get(target, name) {
        if (typeof name === 'string' && /^\d+$/.test(name)) looks += 1
        return Reflect.get(target, name)
      },
    })
    readTimes(counted)
    expect(looks).toBeLessThan(60 * (words.length + 1))
  },
)
