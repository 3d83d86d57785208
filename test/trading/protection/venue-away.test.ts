import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../../src/api/routes/context.ts'
import { positionReads } from '../../../src/api/routes/reads/positions.ts'
import { fridayClock } from '../../support/friday.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from '../orders/linked.ts'

/** A broker that is away, or silent, while stops are to rest there: the desk says no more than is known, and closes once. */

let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk({ clock: fridayClock(), sweepEveryMs: 400, monitorEveryMs: 500 })
})
afterAll(() => there.desk.close())
afterEach(() => {
  there.broker.isAway = false
  there.broker.isSilent = false
})

/** A member with 100 BYND, whose stop is to rest at a broker that has gone `how` just before. */
async function withStopAt(how: 'isAway' | 'isSilent'): Promise<Linked> {
  there.price('BYND', '1.01')
  const alice = await there.newcomer({ protects: true })
  await alice.say('buy 100 bynd')
  there.broker[how] = true
  expect(await alice.say('stop .90')).toContain('STOP SET')
  await there.desk.desk.parts.protector.rest()
  return alice
}

const told = ({ person }: Linked) =>
  there.desk.posted.filter(({ place }) => place.thread === person.thread).map(({ text }) => text)
const hears = (who: Linked, text: RegExp) => expect.poll(() => told(who)).toContainEqual(expect.stringMatching(text))
const sells = ({ account }: Linked) =>
  there.broker.book().filter(({ sent }) => sent.account === account && sent.side === 'sell')
const sold = (who: Linked) => expect.poll(() => there.broker.held(who.account, 'BYND').toFixed())

test('a stop whose order did not leave the desk is not called resting, and closes without waiting for that order', async () => {
  const alice = await withStopAt('isAway')
  expect(await alice.say('positions')).toMatch(/stop \$0\.90 .*\(not at the venue yet: the desk watches\)/)
  expect(await alice.say('protect at venue')).toMatch(
    /IS ON[\s\S]*Nothing rests there yet\.\nNot confirmed by the broker: BYND/,
  )
  await hears(
    alice,
    /NOT AT THE VENUE YET — LONG 100 BYND.*\nThe venue cannot be reached, so nothing rests there: Stop: \$0\.90/,
  )
  there.price('BYND', '0.89')
  await hears(alice, /NOT CLOSED YET — BYND\nSTOP HIT: Sell 100 BYND, .*\nthe broker could not be reached/)
  expect(await alice.say('positions')).toMatch(/LONG 100 BYND .* stop \$0\.90 HIT, not sold yet$/m)
  expect(await alice.say('pl bynd')).toContain('🚨 stop $0.90 HIT, not sold yet')
  const asked = { parts: there.desk.desk.parts, accountId: alice.accountId } as unknown as Context
  expect(await positionReads.positions(asked, { params: {}, query: {}, body: {} })).toMatchObject({
    items: [{ stop: null, hitLevels: [{ kind: 'stop', price: '0.9', quantity: null }] }],
  })
  expect(await alice.say('tasks')).toContain('🚨 BYND: stop $0.90 HIT, not sold yet; the desk goes on trying')
  there.broker.isAway = false
  await sold(alice).toBe('0')
  await hears(alice, /STOP HIT — BYND\nSold 100/)
  expect(sells(alice).map(({ sent }) => sent.stopPrice)).toEqual([undefined])
  expect(await alice.say('tasks')).toContain('Nothing runs')
  expect(told(alice).join('\n')).not.toMatch(/has not given back|RESTS AT THE VENUE/)
})

test('of a silent broker nobody says that it has the order, and nothing is sold beside it', async () => {
  const alice = await withStopAt('isSilent')
  expect(await alice.say('positions')).toContain('(not confirmed at the venue: the desk watches)')
  expect(await alice.say('sell 40')).toContain(
    '⏳ WAITS: sell 40 BYND\nThe venue does not say whether it has the order that is to protect BYND there, and both could fill. Nothing of it is sold yet.',
  )
  there.price('BYND', '0.89')
  await hears(
    alice,
    /NOT CLOSED YET — BYND\nSTOP HIT, for .*: the venue does not say whether it has the order that protects 100 BYND there\n/,
  )
  expect(await alice.say('positions')).toContain('stop $0.90 HIT, not sold yet')
  expect(told(alice).join('\n')).not.toContain('has not given back')
  there.broker.isSilent = false
  await sold(alice).toBe('0')
  expect(there.broker.oversold).toEqual([])
})

test('an order of which the answer was lost is told as resting once the broker shows it', async () => {
  there.price('BYND', '1.01')
  const alice = await there.newcomer({ protects: true })
  await alice.say('buy 100 bynd')
  there.broker.losses.submit.push('after')
  await alice.say('stop .90')
  await hears(alice, /RESTS AT THE VENUE — LONG 100 BYND/)
  expect(told(alice).filter((text) => text.includes('RESTS AT THE VENUE'))).toHaveLength(1)
  expect(await alice.say('positions')).toContain('(at the venue)')
})
