import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from './linked-desk.ts'

// Sentences about the books beside the broker's, each at a moment at which another sentence would be false.

let linked: LinkedDesk
beforeAll(async () => {
  linked = await openLinkedDesk()
})
beforeEach(() => linked.price('BYND', '1.00'))
afterAll(() => linked.close())

const db = () => linked.desk.desk.parts.db
const held = async ({ accountId }: Linked, symbol = 'BYND') =>
  (
    await db()
      .selectFrom('positions')
      .select('signed_quantity')
      .where('account_id', '=', accountId)
      .where('symbol', '=', symbol)
      .orderBy('id', 'desc')
      .executeTakeFirst()
  )?.signed_quantity
const gapsOf = async ({ accountId }: Linked) =>
  (
    await db()
      .selectFrom('book_gaps')
      .select('symbol')
      .where('account_id', '=', accountId)
      .where('state', '=', 'open')
      .orderBy('symbol')
      .execute()
  ).map(({ symbol }) => symbol)

/** Somebody with so many BYND, bought at a dollar. */
async function holder(quantity: number): Promise<Linked> {
  const person = await linked.member()
  await person.say(`buy BYND ${quantity}`)
  await linked.until(async () => (await held(person)) === String(quantity))
  return person
}

test('a price far from the market is asked about before an own trade is booked, and a yes is for the units that were shown', async () => {
  const alice = await holder(300)
  linked.venue.transfer(alice.account, 'BYND', -100)
  await linked.until(async () => (await gapsOf(alice)).includes('BYND'))
  const asked = await alice.say('did BYND @ 10')
  expect(asked).toContain('IS THAT RIGHT? You sold 100 BYND @ $10.00 at the broker')
  expect(asked).toContain('BYND is at $1.00. It books P&L $+900.00. `undo` does not take it back.')
  expect(await alice.say('no')).toContain('nothing was booked')
  expect(await held(alice)).toBe('300')
  await alice.say('did BYND @ 10')
  linked.venue.transfer(alice.account, 'BYND', -50)
  const again = await alice.say('yes')
  expect(again).toContain('The difference changed meanwhile')
  expect(again).toContain('You sold 150 BYND @ $10.00')
  expect(await held(alice)).toBe('300')
  expect(await alice.say('yes')).toContain('ADJUSTED — LONG 150 BYND')
  expect(await held(alice)).toBe('150')
  // Near to the market nobody is asked.
  linked.venue.transfer(alice.account, 'BYND', -50)
  await linked.until(async () => (await gapsOf(alice)).includes('BYND'))
  expect(await alice.say('did BYND @ 1.1')).toContain('P&L: $+5.00')
})

test('units that are adopted may have cost another price, and only a typing error is asked about', async () => {
  const alice = await linked.member()
  linked.venue.transfer(alice.account, 'BYND', 100)
  await linked.until(async () => (await gapsOf(alice)).includes('BYND'))
  expect(await alice.say('adopt BYND @ 63')).toContain('IS THAT RIGHT? Adopt 100 BYND @ $63.00')
  expect(await alice.say('no')).toContain('nothing was booked')
  expect(await alice.say('adopt BYND @ 2')).toContain('LONG 100 BYND @ $2.00')
})

test('units that are external already are named by ignore and did, which leave them so', async () => {
  const alice = await linked.member()
  linked.venue.transfer(alice.account, 'AAPL', 7.5)
  await linked.until(async () => (await gapsOf(alice)).includes('AAPL'))
  await alice.say('ignore AAPL')
  const told =
    '⚠️ LONG 7.5 AAPL at the broker is external already: it is not the desk’s, and nothing else differs. Nothing was done.'
  expect(await alice.say('ignore AAPL')).toContain(`${told}\n💡 \`adopt AAPL\` makes it a position of the desk`)
  linked.price('AAPL', '270')
  expect(await alice.say('did AAPL @ 270')).toContain(
    `${told}\n💡 \`adopt AAPL @ 270\` makes it a position of the desk`,
  )
  expect(await held(alice, 'AAPL')).toBeUndefined()
  expect(await alice.say('ignore BYND')).toContain('agree about BYND, and nothing in it is external')
  expect(await alice.say('adopt AAPL @ 270')).toContain('LONG 7.5 AAPL @ $270.00')
})

test('positions marks what the broker shows otherwise, and names what the desk does not have', async () => {
  const alice = await holder(70)
  expect(await alice.say('positions')).not.toContain('the broker shows')
  linked.venue.transfer(alice.account, 'BYND', -15)
  linked.venue.transfer(alice.account, 'AAPL', 10)
  await linked.until(async () => (await gapsOf(alice)).length === 2)
  const shown = await alice.say('positions')
  expect(shown).toMatch(/LONG 70 BYND .* the broker shows LONG 55/)
  expect(shown).toContain('🚨 AAPL: the desk has nothing, the broker shows LONG 10')
  const told = /BOOKS DIFFER — AAPL[\s\S]*?The desk has none of it, so nothing of the desk’s protects or closes it/
  await linked.until(() => told.test(linked.posted()))
  await alice.say('ignore AAPL')
  const left = await alice.say('positions')
  expect(left).toContain('External, not touched by the desk: LONG 10 AAPL')
  expect(left).not.toContain('🚨 AAPL')
})

test('an order that the broker refuses each time is in no doubt: its answers say so', async () => {
  const alice = await holder(100)
  await alice.say('stop BYND .9')
  const isOwn = ({ account }: { account: string }) => account === alice.account
  linked.venue.difficult.script({ refused: { code: 'OTHER', times: 1000 } }, isOwn)
  const order = () => db().selectFrom('orders').selectAll().where('purpose', '=', 'stop').executeTakeFirst()
  await linked.until(async () => {
    // A single print moves nothing.
    linked.price('BYND', '.88')
    const sent = await order()
    return sent && sent.refused_calls > 0
  })
  const { id } = (await order())!
  await linked.until(async () => /is refused by the broker each time/.test(await alice.say('doubt')))
  for (const word of ['never', 'arrived']) {
    await linked.until(async () => {
      const said = await alice.say(`doubt ${id} ${word}`)
      expect(said).not.toContain('did not answer')
      return said.includes('refuses it each time') && said.includes('`stop BYND off`')
    })
  }
  await linked.until(async () => (await alice.say(`doubt ${id} ask`)).includes('Tried again: the broker refuses it'))
  expect((await order())!.state).not.toBe('refused')
  expect(await alice.say(`doubt ${id}`)).toContain(`doubt ${id} ask`)
})

test('an order that the broker ends for a split is named with it, and nothing is sent', async () => {
  const alice = await holder(100)
  const isOwn = ({ account }: { account: string }) => account === alice.account
  const end = { state: 'cancelled' as const, words: 'corporate action', afterParts: 0, afterMs: 0 }
  linked.venue.difficult.script({ end }, isOwn)
  await alice.say('sell 100 BYND @ 1.20')
  await linked.until(
    async () =>
      (
        await db()
          .selectFrom('orders')
          .select('state')
          .where('account_id', '=', alice.accountId)
          .orderBy('id', 'desc')
          .executeTakeFirst()
      )?.state === 'cancelled',
  )
  linked.venue.transfer(alice.account, 'BYND', -90)
  linked.venue.report(alice.account, { kind: 'split', symbol: 'BYND', quantity: new Big(-90) })
  await linked.until(async () => (await held(alice)) === '10')
  await linked.until(() =>
    /SPLIT BYND 1:10[\s\S]*SELL 100 BYND.*was ended by the broker before, so it is not placed again\.\n💡 `sell 10 BYND @ 12`/.test(
      linked.posted(),
    ),
  )
  const after = await db().selectFrom('orders').select('id').where('account_id', '=', alice.accountId).execute()
  expect(after.length).toBe(2)
})

test('a scaleout counts what a trade by hand took, and close all names what stays open elsewhere', async () => {
  const alice = await holder(300)
  expect(await alice.say('scaleout slow BYND floor 2')).toContain('SCALEOUT INITIATED')
  await linked.venue.byHand(alice.account, 'sell', 'BYND', 280)
  await linked.until(async () => Number(await held(alice)) <= 20)
  const shown = await alice.say('tasks')
  expect(shown).toContain('0 of 300 sold, 280 closed otherwise')
  await alice.say('use spare')
  expect(await alice.say('close all')).toMatch(
    /no open position. Your other accounts are not touched. Open there: linked \(BYND\)/,
  )
  await alice.say('long BYND 5 @ 1')
  expect(await alice.say('close all')).toContain('Your other accounts are not touched. Open there: linked (BYND)')
  expect(await alice.say('1')).toMatch(/SOLD 5 BYND[\s\S]*Your other accounts are not touched/)
})
