import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { handClock } from '../../market/hand-clock.ts'
import { type LinkedDesk, openLinkedDesk } from '../../trading/orders/linked.ts'

// A Saturday, 10 in the morning in New York: the exchange is closed, and this venue is open until noon.
const saturday = new Date('2026-11-21T15:00:00Z')
const noon = new Date('2026-11-21T17:00:00Z')
const clock = handClock(saturday.getTime())

let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk({ worker: false, clock, timeScale: 1 })
})
afterAll(() => there.desk.close())
beforeEach(() => {
  // Each test asks the venue anew.
  clock.set(saturday.getTime())
  Object.assign(there.broker, { isOpen: true, closesAt: noon })
})

describe('the length and the end of a scaleout, by the word of a venue that is open', () => {
  test.for([
    ['over 10 minutes', '10 min'],
    ['over 2 hours', '2 h'],
    ['by 11:30am', '1 h 30 min'],
    ['by close', '1 h 59 min'],
    ['by 12pm', '1 h 59 min'],
  ])('%s lies within its hours', async ([words, length]) => {
    const alice = await there.newcomer()
    await alice.say('buy 100 bynd')
    const started = await alice.say(`scaleout bynd ${words} 5 chunks`)
    expect(started).toMatch(/SCALEOUT INITIATED - BYND[\s\S]*Chunks: 5/)
    expect(started).toContain(`(${length})`)
  })

  test.for([
    ['over 3 hours', /^⚠️ In 3 h the venue is closed\. Nothing was started\./],
    ['by 12:30pm', /The venue closes at 12:00 PM.* and 12:30 PM EST is after that/],
    ['by open', /The exchange is closed on/],
  ] as const)('%s does not, and is refused', async ([words, because]) => {
    const alice = await there.newcomer()
    await alice.say('buy 100 bynd')
    expect(await alice.say(`scaleout bynd ${words} 5 chunks`)).toMatch(because)
  })

  test('the calendar of the exchange counts of a venue that is closed, or does not answer', async () => {
    const alice = await there.newcomer()
    await alice.say('buy 100 bynd')
    const refused = /In 10 min the exchange is closed\. Nothing was started/
    there.broker.isOpen = false
    clock.set(saturday.getTime() + 20_000)
    expect(await alice.say('scaleout bynd over 10 minutes')).toMatch(refused)
    Object.assign(there.broker, { isOpen: true, isSilent: true })
    onTestFinished(() => {
      there.broker.isSilent = false
    })
    clock.set(saturday.getTime() + 40_000)
    expect(await alice.say('scaleout bynd over 10 minutes')).toMatch(refused)
  })
})
