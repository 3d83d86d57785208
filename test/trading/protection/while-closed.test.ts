import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Linked, type LinkedDesk, openLinkedDesk } from '../orders/linked.ts'

let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk({ sweepEveryMs: 500, monitorEveryMs: 500 })
})
afterAll(() => there.desk.close())

const told = ({ person }: Linked) =>
  there.desk.posted.filter(({ place }) => place.thread === person.thread).map(({ text }) => text)
const hears = (who: Linked, text: RegExp) => expect.poll(() => told(who)).toContainEqual(expect.stringMatching(text))
const sells = ({ account }: Linked) =>
  there.broker.book().filter(({ sent }) => sent.account === account && sent.side === 'sell')

/** The broker closes, for so many seconds. */
function closeFor(seconds: number): void {
  there.broker.isOpen = false
  there.broker.opensAt = new Date(Date.now() + seconds * 1000)
}

test('a stop that is touched while the venue is closed waits there for the open: it is told once, and not as closed', async () => {
  const alice = await there.newcomer()
  await alice.say('buy 100 bynd')
  await alice.say('stop .90')
  closeFor(3600)
  there.price('BYND', '0.89')
  await hears(
    alice,
    /NOT CLOSED YET — BYND: the venue is closed\nSTOP HIT: Sell 100 BYND at the market. The venue opens .* The order waits there for the open/,
  )
  expect(told(alice).filter((text) => /NOT CLOSED YET|is filling/.test(text))).toHaveLength(1)
  expect(sells(alice)).toHaveLength(1)
  there.broker.open()
  await hears(alice, /STOP HIT — BYND\nSold 100/)
  expect(sells(alice)).toHaveLength(1)
})

test('a chunk that is due while the venue is closed waits for the open, and is told once', async () => {
  there.price('BYND', '1.01')
  const alice = await there.newcomer()
  // An order with a limit asks for no hours, so those that the desk knows are not out of date.
  await alice.say('buy 100 bynd @ 1.05')
  closeFor(5)
  await alice.say('scaleout fast')
  await hears(alice, /SCALEOUT PAUSED - BYND\nChunk \d+\/\d+ waits: the venue is closed, and opens/)
  there.broker.open()
  await hears(alice, /SCALEOUT COMPLETE/i)
  expect(told(alice).filter((text) => /SCALEOUT PAUSED/.test(text))).toHaveLength(1)
  expect(there.broker.held(alice.account, 'BYND').toFixed()).toBe('0')
})

test('a touched stop takes back an order that buys, since the broker takes no trades with oneself', async () => {
  there.price('BYND', '1.01')
  const alice = await there.newcomer()
  await alice.say('buy 100 bynd')
  await alice.say('buy 50 bynd @ 0.50')
  await alice.say('stop .90')
  there.price('BYND', '0.89')
  await hears(alice, /STOP HIT — BYND\nSold 100/)
  expect(there.broker.working('BYND')).toEqual([])
  expect(there.broker.held(alice.account, 'BYND').toFixed()).toBe('0')
})
