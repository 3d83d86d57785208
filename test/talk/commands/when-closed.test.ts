import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { refusedWhileClosed } from '../../../src/trading/orders/venue-hours.ts'
import { lookAt } from '../../../src/trading/reconcile/look.ts'
import { handClock } from '../../market/hand-clock.ts'
import { type LinkedDesk, openLinkedDesk } from '../../trading/orders/linked.ts'

const saturday = new Date('2026-11-21T15:00:00Z')
const monday = new Date('2026-11-23T14:30:00Z')
const clock = handClock(saturday.getTime())

let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk({ worker: false, clock, timeScale: 1 })
})
afterAll(() => there.desk.close())
beforeEach(() => {
  clock.set(saturday.getTime())
  there.broker.isOpen = true
  there.price('BYND', '1.01')
})

/** Ends the week: the broker is closed until Monday. */
function close(): void {
  there.broker.isOpen = false
  there.broker.opensAt = monday
  there.broker.closesAt = new Date('2026-11-23T21:00:00Z')
  // The hours that were told before are out of date by now.
  clock.set(clock.now().getTime() + 20_000)
}

const sentBy = (account: string) =>
  there.broker.book().flatMap(({ sent }) => (sent.account === account ? [`${sent.side} ${sent.quantity}`] : []))

const scheduledNow = (id: number) =>
  there.desk.desk.parts.db.selectFrom('scheduled_orders').select('state').where('id', '=', id).executeTakeFirstOrThrow()

describe('an order at the market while the venue is closed', () => {
  test('is asked about, with the time at which it opens, and waits for that as an order for later', async () => {
    const alice = await there.newcomer()
    await alice.say('timezone Europe/Berlin')
    close()
    const asked = await alice.say('buy 100 bynd')
    expect(asked).toMatch(/THE VENUE IS CLOSED: BUY 100 BYND\nIt opens on Mon Nov 23, 3:30 PM/)
    expect(asked).toMatch(/1️⃣ {2}AT THE OPEN[\s\S]*2️⃣ {2}LIMIT[\s\S]*3️⃣ {2}NO/)
    expect(sentBy(alice.account)).toEqual([])
    expect(await alice.say('1')).toMatch(/BUY 100 BYND at the market[\s\S]*Mon Nov 23, 3:30 PM/)
    expect(sentBy(alice.account)).toEqual([])
    clock.set(monday.getTime())
    there.broker.open()
    const [{ id }] = (await there.desk.desk.parts.db
      .selectFrom('scheduled_orders')
      .select('id')
      .where('account_id', '=', alice.accountId)
      .execute()) as [{ id: number }]
    await there.desk.desk.runScheduled(id)
    expect(sentBy(alice.account)).toEqual(['buy 100'])
  })

  test.for([
    ['1.05', 'and sets them with its fill'],
    ['0.85', 'and is not sent when the price is beyond its stop by then'],
  ])('with a stop and a target keeps both until it opens at $%s, %s', async ([opensAt]) => {
    const alice = await there.newcomer()
    close()
    expect(await alice.say('buy 100 bynd stop .90 target 10%')).toContain(
      'THE VENUE IS CLOSED: BUY 100 BYND, stop $0.90 and target 10%\n',
    )
    expect(await alice.say('1')).toContain('⏰ BUY 100 BYND at the market, stop $0.90 and target 10% on Mon')
    clock.set(monday.getTime())
    there.price('BYND', opensAt!)
    there.broker.fillsHalves = true
    there.broker.open()
    const { db } = there.desk.desk.parts
    const order = await db
      .selectFrom('scheduled_orders')
      .selectAll()
      .where('account_id', '=', alice.accountId)
      .executeTakeFirstOrThrow()
    await there.desk.desk.runScheduled(order.id)
    const levels = async () =>
      (
        await db
          .selectFrom('protective_orders as o')
          .innerJoin('positions as p', 'p.id', 'o.position_id')
          .select(['o.kind', 'o.price', 'o.quantity'])
          .where('p.account_id', '=', alice.accountId)
          .where('o.state', '=', 'working')
          .orderBy('o.kind')
          .execute()
      ).map(({ kind, price, quantity }) => `${kind} ${price} of ${quantity}`)
    if (opensAt === '0.85') {
      expect(sentBy(alice.account)).toEqual([])
      expect((await scheduledNow(order.id)).state).toBe('refused')
    } else {
      expect(await levels()).toEqual(['stop 0.9 of 50', 'target 1.155 of 50'])
      there.price('BYND', opensAt!)
      await lookAt(there.desk.desk.parts, { accountId: alice.accountId })
      expect(await levels()).toEqual(['stop 0.9 of 75', 'target 1.155 of 75'])
    }
    there.broker.fillsHalves = false
  })

  test('has a limit in extended hours instead, when that is said', async () => {
    const alice = await there.newcomer()
    close()
    await alice.say('buy 100 bynd')
    expect(await alice.say('2')).toMatch(/Enter the limit price of BUY 100 BYND, good also before and after/)
    expect(await alice.say('1.00')).toMatch(/LIMIT BUY ORDER 100 BYND @ \$1.00/)
    expect(there.broker.working('BYND').at(-1)!.sent).toMatchObject({ isExtended: true })
    await alice.say('cancel all')
  })

  test('is left, when that is said', async () => {
    const alice = await there.newcomer()
    close()
    await alice.say('buy 100 bynd')
    expect(await alice.say('3')).toMatch(/nothing was ordered/)
    expect(sentBy(alice.account)).toEqual([])
  })

  test('a close, a part and a close of all wait for the open, too', async () => {
    const alice = await there.newcomer()
    await alice.say('buy 100 bynd')
    await alice.say('buy 10 aapl')
    close()
    expect(await alice.say('close bynd now')).toMatch(/THE VENUE IS CLOSED: CLOSE LONG 100 BYND/)
    expect(await alice.say('1')).toMatch(/CLOSE BYND at the market/)
    expect(await alice.say('sell 50 bynd')).toMatch(/THE VENUE IS CLOSED: SELL 50 BYND/)
    expect(await alice.say('1')).toMatch(/SELL 50 BYND at the market/)
    expect(await alice.say('close all')).toMatch(/CLOSE ALL 2 POSITIONS/)
    expect(await alice.say('yes')).toMatch(/THE VENUE IS CLOSED: CLOSE ALL 2 POSITIONS/)
    const answer = await alice.say('1')
    expect(answer).toMatch(/CLOSE ALL POSITIONS/)
    expect(sentBy(alice.account)).toEqual(['buy 100', 'buy 10'])
  })

  test('that does not answer is not called closed: it is the calendar that says so', async () => {
    const alice = await there.newcomer()
    await alice.say('buy 100 bynd')
    close()
    there.broker.isSilent = true
    onTestFinished(() => {
      there.broker.isSilent = false
    })
    const asked = await alice.say('close bynd now')
    expect(asked).toMatch(
      /THE VENUE DOES NOT ANSWER: CLOSE LONG 100 BYND.*\nBy the exchange’s calendar it is closed, and opens on Mon Nov 23/,
    )
    expect(asked).not.toMatch(/VENUE IS CLOSED/)
    expect(await alice.say('no')).toMatch(/nothing was ordered/)
    const { parts } = there.desk.desk
    const refused = await refusedWhileClosed(parts, { ...alice, symbol: 'BYND' })
    expect(refused).toMatchObject({
      code: 'VENUE_SILENT',
      sentence: expect.stringMatching(
        /^The venue does not answer; by the exchange’s calendar it is closed, and opens on Mon/,
      ),
    })
    there.broker.isSilent = false
    expect((await refusedWhileClosed(parts, { ...alice, symbol: 'BYND' }))?.code).toBe('MARKET_CLOSED')
  })

  test('with a limit it goes to the venue, which works it from the open on', async () => {
    const alice = await there.newcomer()
    close()
    expect(await alice.say('buy 100 bynd @ 1.00')).toMatch(/LIMIT BUY ORDER 100 BYND/)
    await alice.say('cancel all')
  })
})

describe('words for orders with a limit', () => {
  test('`extended` works before and after the session, and only with a limit', async () => {
    const alice = await there.newcomer()
    expect(await alice.say('buy 100 bynd @ 1.00 extended hours')).toMatch(/LIMIT BUY ORDER 100 BYND/)
    expect(there.broker.working('BYND').at(-1)!.sent).toMatchObject({ isExtended: true })
    expect(await alice.say('buy 10 bynd extended')).toMatch(/takes only orders with a limit/)
    await alice.say('cancel all')
  })

  test('`day` ends at the close of the venue, `gtc` does not end', async () => {
    const alice = await there.newcomer()
    there.broker.closesAt = new Date(clock.now().getTime() + 3_600_000)
    clock.set(clock.now().getTime() + 20_000)
    expect(await alice.say('buy 100 bynd @ 1.00 day')).toMatch(/LIMIT BUY ORDER 100 BYND/)
    expect(there.broker.working('BYND').at(-1)!.sent.expiresAt).toEqual(there.broker.closesAt)
    expect(await alice.say('buy 100 bynd @ 0.99 gtc')).toMatch(/LIMIT BUY ORDER 100 BYND/)
    expect(there.broker.working('BYND').at(-1)!.sent.expiresAt).toBeUndefined()
    expect(await alice.say('buy 10 bynd day')).toMatch(/says how long an order with a limit works/)
    await alice.say('cancel all')
  })
})

describe('protect at venue', () => {
  test('is for linked accounts, is off at first, and is shown', async () => {
    const alice = await there.newcomer()
    expect(await alice.say('protect at venue')).toMatch(/PROTECTED BY THE DESK/)
    await alice.say('buy 100 bynd')
    expect(await alice.say('protect at venue on')).toMatch(
      /✓ PROTECTION AT THE VENUE IS ON[\s\S]*Nothing rests there yet/,
    )
    await alice.say('stop .90')
    await there.follow()
    expect(there.broker.working('BYND').filter(({ sent }) => sent.account === alice.account)).toHaveLength(1)
    expect(await alice.say('protect at venue')).toMatch(/IS ON[\s\S]*Resting there now: BYND/)
    expect(await alice.say('positions')).toContain('(at the venue)')
    expect(await alice.say('protect at venue off')).toMatch(/✓ PROTECTED BY THE DESK[\s\S]*being taken back: BYND/)
    await there.follow()
    expect(there.broker.working('BYND').filter(({ sent }) => sent.account === alice.account)).toHaveLength(0)
    expect(await there.desk.say('protect at venue on', 'somebody')).toMatch(/desk's own paper/)
  })
})
