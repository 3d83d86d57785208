import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { letPass } from '../../crash/ledger.ts'
import { fridayClock } from '../../support/friday.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from '../orders/linked.ts'

/** A broker that is slow to give back the order which protects a position there, while that position, or a part of it, is to be closed. */

let there: LinkedDesk
beforeAll(async () => {
  there = await openLinkedDesk({ clock: fridayClock(), sweepEveryMs: 500, monitorEveryMs: 1000 })
})
afterAll(() => there.desk.close())
afterEach(() => {
  there.broker.isSlow = false
  there.broker.settle()
})

/** A member with 100 BYND and a stop at a broker that is slow to cancel from now on. */
async function protectedMember({ also }: { also?: string } = {}): Promise<Linked> {
  there.price('BYND', '1.01')
  const alice = await there.newcomer({ protects: true })
  await alice.say('buy 100 bynd')
  await alice.say('stop .90')
  if (also) await alice.say(also)
  await expect.poll(() => alice.say('positions')).toContain('(at the venue)')
  there.broker.isSlow = true
  return alice
}

const told = ({ person }: Linked) =>
  there.desk.posted.filter(({ place }) => place.thread === person.thread).map(({ text }) => text)
const hears = (who: Linked, text: RegExp) => expect.poll(() => told(who)).toContainEqual(expect.stringMatching(text))
/** The orders to sell that ever came to the broker: a stop, or one at the market. */
const sells = (who: Linked) => sent(who).map((line) => line.split(' ')[0]!)
/** The same with their quantities: `market 40`. */
const sent = ({ account }: Linked) =>
  there.broker.book().flatMap(({ sent: { side, quantity, limitPrice, stopPrice, ...one } }) => {
    if (one.account !== account || side !== 'sell') return []
    const kind = stopPrice ? 'stop' : limitPrice ? 'limit' : 'market'
    return [`${kind} ${quantity.toFixed()}`]
  })
const unfinished = async ({ accountId }: Linked) =>
  (
    await there.desk.desk.parts.db
      .selectFrom('unfinished_closes')
      .select('client_order_id')
      .where('account_id', '=', accountId)
      .execute()
  ).length

/** The broker ends what it was asked to end. */
function givesBack(): void {
  there.broker.isSlow = false
  there.broker.settle()
}

test('a close waits until its broker gives the protection back, and is then sent by itself, once', async () => {
  const alice = await protectedMember()
  expect(await alice.say('close now')).toMatch(
    /^⏳ WAITS: close BYND now\nThe venue has not given back the order that protects BYND there.*\n.*within 1 min/,
  )
  expect(sells(alice)).toEqual(['stop'])
  givesBack()
  await hears(alice, /SOLD 100 BYND[\s\S]*Position: FLAT/)
  await there.follow()
  expect(sells(alice)).toEqual(['stop', 'market'])
  expect(await unfinished(alice)).toBe(0)
})

test('said again, it is still one close, and the first is not called not done', async () => {
  const alice = await protectedMember()
  expect(await alice.say('close now')).toContain('WAITS: close BYND now')
  expect(await alice.say('close now')).toContain('WAITS: close BYND now')
  expect(await unfinished(alice)).toBe(1)
  givesBack()
  await hears(alice, /SOLD 100 BYND[\s\S]*Position: FLAT/)
  await there.desk.desk.sweep()
  expect(sells(alice)).toEqual(['stop', 'market'])
  expect(told(alice).join('\n')).not.toContain('NOT DONE')
})

test('`close all` waits, too, and protection that is given back does not come again before the close', async () => {
  const alice = await protectedMember()
  await alice.say('buy 10 aapl')
  await alice.say('close all')
  const answer = await alice.say('yes')
  expect(`${answer}${told(alice).join('\n')}`).toContain('WAITS: close BYND now')
  givesBack()
  await there.follow()
  await hears(alice, /SOLD 100 BYND[\s\S]*Position: FLAT/)
  expect(sells(alice)).toEqual(['stop', 'market', 'market'])
})

test('a close that waits is not sent when a new level was set meanwhile, which is said', async () => {
  const alice = await protectedMember()
  expect(await alice.say('close now')).toContain('WAITS: close BYND now')
  await alice.say('stop .80')
  givesBack()
  await hears(
    alice,
    /NOT DONE: close BYND\nIts orders had to be taken back first, and the position was changed meanwhile/,
  )
  await expect.poll(() => sells(alice)).toEqual(['stop', 'stop'])
})

test('a close that has waited for a minute is not sent later, which is said, and protection comes back', async () => {
  const alice = await protectedMember()
  expect(await alice.say('close now')).toContain('WAITS: close BYND now')
  await letPass(there.desk.desk.parts.db, 70)
  await hears(alice, /NOT SENT: close BYND[\s\S]*Position: LONG 100 BYND/)
  givesBack()
  await expect
    .poll(async () => {
      await there.follow()
      return sells(alice)
    })
    .toEqual(['stop', 'stop'])
})

/** Each way to exit: the words, the wait that is told, and the order that comes of it. Half of the position is 50. */
const exits: { says: string; waits: string; sends: string; tells: RegExp }[] = [
  { says: 'trim 40 bynd', waits: 'sell 40 BYND', sends: 'market 40', tells: /SOLD 40 BYND[\s\S]*LONG 60 BYND/ },
  { says: 'trim half bynd', waits: 'sell 50 BYND', sends: 'market 50', tells: /SOLD 50 BYND[\s\S]*LONG 50 BYND/ },
  { says: 'sell half bynd', waits: 'sell 50 BYND', sends: 'market 50', tells: /SOLD 50 BYND[\s\S]*LONG 50 BYND/ },
  { says: 'sell 40 bynd', waits: 'sell 40 BYND', sends: 'market 40', tells: /SOLD 40 BYND[\s\S]*LONG 60 BYND/ },
  { says: 'close 40 bynd now', waits: 'sell 40 BYND', sends: 'market 40', tells: /SOLD 40 BYND[\s\S]*LONG 60 BYND/ },
  {
    says: 'sell 40 bynd @ 1.50',
    waits: 'sell 40 BYND @ 1.5',
    sends: 'limit 40',
    tells: /LIMIT SELL ORDER 40 BYND @ \$1\.50/,
  },
  {
    says: 'close bynd @ 1.10 extended',
    waits: 'close BYND @ 1.1 extended',
    sends: 'limit 100',
    tells: /LIMIT SELL ORDER 100 BYND @ \$1\.10/,
  },
]

test.for(exits)('`$says` waits, and its order is sent once', async ({ says, waits, sends, tells }) => {
  const alice = await protectedMember()
  const answer = await alice.say(says)
  expect(answer).toContain(`⏳ WAITS: ${waits}\n`)
  expect(answer).toContain(
    'it holds 100 BYND, and may still close the position at its levels. Nothing of it is sold yet.',
  )
  expect(await alice.say('orders')).toMatch(/SELL \d+ BYND .* waits until the venue gives its protection back/)
  expect(sent(alice)).toEqual(['stop 100'])
  await Promise.all([there.desk.desk.sweep(), there.follow()])
  expect(sent(alice)).toEqual(['stop 100'])
  givesBack()
  await hears(alice, tells)
  await Promise.all([there.desk.desk.sweep(), there.follow()])
  expect(sent(alice).filter((line) => !line.startsWith('stop'))).toEqual([sends])
  expect(await unfinished(alice)).toBe(0)
})

test('a scaleout and a touched target of a part wait, too', async () => {
  const alice = await protectedMember({ also: 'target 1.20 for half' })
  there.price('BYND', '1.25')
  await hears(alice, /target[\s\S]*not/i)
  expect(sent(alice)).toEqual(['stop 100'])
  there.price('BYND', '1.01')
  givesBack()
  await expect.poll(() => sent(alice)).toContain('market 50')
  await expect.poll(() => alice.say('positions')).toContain('(at the venue)')
  there.broker.isSlow = true
  expect(await alice.say('scaleout fast')).not.toContain('again')
  givesBack()
  await expect.poll(() => sent(alice).filter((line) => line.startsWith('market')).length).toBeGreaterThan(1)
  await alice.say('cancel scaleout')
})

test('a part that waits is taken back by its number, and by `cancel all`', async () => {
  const alice = await protectedMember()
  await alice.say('sell 40 bynd')
  await alice.say('sell 30 bynd')
  expect(await alice.say('cancel 1')).toBe(
    '✓ CANCELLED 1: sell 40 BYND\nIt waited, and was never sent. Nothing of it was traded.',
  )
  expect(await alice.say('cancel all')).toContain('✓ CANCELLED 2: sell 30 BYND')
  expect(await unfinished(alice)).toBe(0)
  givesBack()
  await expect
    .poll(async () => {
      await there.follow()
      return sent(alice)
    })
    .toEqual(['stop 100', 'stop 100'])
})

test('parts that wait together take no more than is there, and one for which nothing is left says so', async () => {
  const alice = await protectedMember()
  for (const says of ['sell 70 bynd', 'trim 60 bynd', 'sell 10 bynd']) await alice.say(says)
  givesBack()
  await hears(alice, /SOLD 30 BYND[\s\S]*Position: FLAT/)
  await hears(alice, /NOT DONE: sell 10 BYND\n.*no open position/)
  expect(sent(alice)).toEqual(['stop 100', 'market 70', 'market 30'])
})

test('a close takes the place of a part that waits, and beside a close no part is kept', async () => {
  const alice = await protectedMember()
  await alice.say('sell 40 bynd')
  expect(await alice.say('close now')).toContain('WAITS: close BYND now')
  await hears(alice, /^↩️ ENDED 1: sell 40 BYND\n/)
  expect(await alice.say('sell 40 bynd')).toMatch(/A close of all BYND waits already[\s\S]*`cancel 2`/)
  givesBack()
  await hears(alice, /SOLD 100 BYND[\s\S]*Position: FLAT/)
  await there.desk.desk.sweep()
  expect(sent(alice)).toEqual(['stop 100', 'market 100'])
})

test('a part that has waited for a minute is not sent later, which is said', async () => {
  const alice = await protectedMember()
  await alice.say('sell 40 bynd')
  await letPass(there.desk.desk.parts.db, 70)
  await hears(alice, /NOT SENT: sell 40 BYND\n.*Nothing of it was traded\.[\s\S]*`sell 40 BYND`/)
  expect(sent(alice)).toEqual(['stop 100'])
})

test('an order that adds does not wait: it is refused, and nothing of it comes later', async () => {
  const alice = await protectedMember()
  expect(await alice.say('buy 10 bynd')).toMatch(/nothing else was sent\.[\s\S]*Nothing that adds waits/)
  givesBack()
  await there.follow()
  await expect.poll(() => sent(alice)).toEqual(['stop 100', 'stop 100'])
  expect(await alice.say('positions')).toContain('100')
})
