import { afterEach, beforeEach, expect, test } from 'vitest'
import { books } from '../../../src/api/contract/accounts.ts'
import { bookReads } from '../../../src/api/routes/reads/books.ts'
import { Big } from '../../../src/base/amounts.ts'
import { externalHoldings } from '../../../src/trading/reconcile/rows/books.ts'
import { type Linked, type LinkedDesk, openLinkedDesk } from './linked-desk.ts'

let linked: LinkedDesk
beforeEach(async () => {
  linked = await openLinkedDesk()
  linked.price('BYND', '1.00')
})
afterEach(() => linked.close())

const db = () => linked.desk.desk.parts.db
const held = async ({ accountId }: Linked) =>
  await db()
    .selectFrom('positions')
    .select(['signed_quantity', 'open_cost', 'realized_pnl', 'missing_quantity'])
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .executeTakeFirst()
const external = async ({ accountId }: Linked) =>
  (await externalHoldings(db(), accountId)).map(({ symbol, signedQuantity }) => `${symbol} ${signedQuantity}`)
const buysAtFirst = (quantity: number) => async (account: string) => {
  await linked.venue.byHand(account, 'buy', 'BYND', quantity)
}
const differs = (times = 1) => linked.until(() => linked.posted().split('BOOKS DIFFER').length > times)

test('long takes what the broker shows, no more, and undo gives it back', async () => {
  const alice = await linked.member(buysAtFirst(3750))
  expect(await alice.say('long BYND 4000 @ .63')).toContain('The broker shows 3,750 BYND LONG that are no position')
  expect(await alice.say('long BYND 3750 @ .63')).toContain('LONG 3,750 BYND @ $0.63')
  expect(await external(alice)).toEqual([])
  expect(await alice.say('reconcile')).toContain('✓ Books agree')
  expect(await alice.say('undo')).toContain('UNDONE')
  expect(await external(alice)).toEqual(['BYND 3750'])
  expect(await alice.say('short BYND 10 @ .63')).toContain(
    '`short` records what an account holds already and sends no order, and the broker shows no BYND SHORT beyond',
  )
  expect(await alice.say('adopt BYND @ .7')).toContain('LONG 3,750 BYND @ $0.70')
  expect(await alice.say('adopt BYND')).toContain('Desk and broker agree')
})

test('long explains shares that came to the broker since the first look, in parts, too', async () => {
  const alice = await linked.member()
  linked.venue.transfer(alice.account, 'BYND', 3750)
  await differs()
  expect(await alice.say('long BYND 4000 @ .63')).toContain('The broker shows 3,750 BYND LONG that are no position')
  expect(await alice.say('long BYND 1000 @ .63')).toContain('LONG 1,000 BYND @ $0.63')
  expect(await alice.say('reconcile')).toContain('the desk has LONG 1,000, the broker shows LONG 3,750 (2,750 more)')
  // Another 3,750 are not there, but 3,750 in all are.
  const asked = await alice.say('long BYND 3750 @ .63')
  expect(asked).toMatch(/1️⃣ {2}UPDATE - [\s\S]*2️⃣ {2}REPLACE - [\s\S]*not show enough BYND for ADD, so that is left out/)
  expect(asked).not.toContain('ADD - ')
  expect(await alice.say('1')).toContain('LONG 3,750 BYND @ $0.63')
  expect(await alice.say('reconcile')).toContain('✓ Books agree')
  linked.venue.transfer(alice.account, 'BYND', -3750)
  await differs(2)
  expect(await alice.say('adopt BYND')).toContain('ADJUSTED')
  linked.venue.transfer(alice.account, 'BYND', 3750)
  await differs(3)
  expect(await alice.say('long BYND 3750 @ .63')).toContain('LONG 3,750 BYND @ $0.63')
  expect(await external(alice)).toEqual([])
  expect(await alice.say('reconcile')).toContain('✓ Books agree')
  expect(await alice.say('buy BYND 10')).not.toContain('nothing explains it')
})

test('units that left are adopted without P&L, and booked with it when the member sold them', async () => {
  const alice = await linked.member()
  await alice.say('buy BYND 300')
  await linked.until(async () => (await held(alice))?.signed_quantity === '300')
  linked.venue.transfer(alice.account, 'BYND', -100)
  await differs()
  const shown = await alice.say('reconcile')
  expect(shown).toContain('the desk has LONG 300, the broker shows LONG 200 (100 fewer)')
  // There are no buttons in a terminal.
  for (const words of ['adopt BYND', 'ignore BYND', 'did BYND @ PRICE']) expect(shown).toContain(`\`${words}\``)
  const { parts } = linked.desk.desk
  const [context, input] = [{ parts, accountId: alice.accountId }, {}] as unknown as Parameters<typeof bookReads.books>
  const report = await bookReads.books(context, input)
  expect(books.parse(report)).toMatchObject({
    isLinked: true,
    agree: false,
    gaps: [{ symbol: 'BYND', ledger: '300', venue: '200', gap: '-100', state: 'open', levelsWait: false }],
  })
  expect(await alice.say('did BYND @ 1.5')).toContain('It books P&L $+50.00')
  expect(await alice.say('yes')).toContain('P&L: $+50.00')
  expect(await held(alice)).toEqual({
    signed_quantity: '200',
    open_cost: '200',
    realized_pnl: '50',
    missing_quantity: '0',
  })
  expect(await alice.say('pl')).toContain('$+50.00')
  linked.venue.transfer(alice.account, 'BYND', -50)
  await differs(2)
  expect(await alice.say('adopt BYND')).toContain('no P&L is booked')
  expect(await held(alice)).toMatchObject({ signed_quantity: '150', realized_pnl: '50', missing_quantity: '0' })
  expect(await alice.say('reconcile')).toContain('✓ Books agree')
  await alice.say('buy BYND 10')
  await linked.until(async () => (await held(alice))?.signed_quantity === '160')
  const fills = await db().selectFrom('fills').select('quantity').orderBy('id').execute()
  expect(fills.map(({ quantity }) => quantity)).toEqual(['300', '10'])
})

test('what the broker shows more is external when it is ignored; what it shows fewer stays frozen', async () => {
  const alice = await linked.member()
  await alice.say('buy BYND 300')
  await linked.until(async () => (await held(alice))?.signed_quantity === '300')
  linked.venue.transfer(alice.account, 'BYND', 40)
  await differs()
  expect(await alice.say('ignore BYND')).toContain('not the desk’s from now on')
  expect(await external(alice)).toEqual(['BYND 40'])
  await alice.say('buy BYND 10')
  await linked.until(async () => (await held(alice))?.signed_quantity === '310')
  linked.venue.transfer(alice.account, 'BYND', -90)
  await differs(2)
  expect(await alice.say('ignore BYND')).toContain('New orders and scaleouts in BYND wait')
  expect(await alice.say('buy BYND 10')).toContain('nothing explains it')
  const closed = await alice.say('close BYND now')
  // The stream may be faster than the answer.
  await linked.until(() => `${closed}\n${linked.posted()}`.includes('SOLD 260 BYND'))
  expect(linked.venue.held(alice.account, 'BYND').toFixed()).toBe('0')
})

test('a split at the broker multiplies what is held for the same cost, with its levels, and stops wait until both agree', async () => {
  const alice = await linked.member()
  await alice.say('buy BYND 300')
  await linked.until(async () => (await held(alice))?.signed_quantity === '300')
  await alice.say('stop BYND .8')
  // The shares come before the report, and the price falls with them.
  linked.venue.transfer(alice.account, 'BYND', 2700)
  await linked.until(
    async () => (await db().selectFrom('book_gaps').select('is_split_like').executeTakeFirst())?.is_split_like,
  )
  linked.price('BYND', '0.10')
  await linked.until(() => linked.posted().includes('looks like a split'))
  expect((await held(alice))!.signed_quantity).toBe('300')
  linked.venue.report(alice.account, { kind: 'split', symbol: 'BYND', quantity: new Big(2700) })
  await linked.until(async () => (await held(alice))?.signed_quantity === '3000')
  expect(await held(alice)).toMatchObject({ open_cost: '300', realized_pnl: '0' })
  const levels = await db()
    .selectFrom('protective_orders')
    .select(['price', 'quantity'])
    .where('state', '=', 'working')
    .execute()
  expect(levels).toEqual([{ price: '0.08', quantity: '3000' }])
  await linked.until(async () => (await alice.say('reconcile')).includes('✓ Books agree'))
})

test('an execution that the broker takes back is a reversal, of the desk’s orders and of others', async () => {
  const alice = await linked.member()
  await alice.say('buy BYND 300')
  await linked.until(async () => (await held(alice))?.signed_quantity === '300')
  const isByHand = ({ clientOrderId }: { clientOrderId: string }) => clientOrderId.startsWith('hand')
  linked.venue.difficult.script({ bust: { part: 0, afterMs: 40_000 } }, isByHand)
  await linked.venue.byHand(alice.account, 'sell', 'BYND', 100)
  await linked.until(async () => (await held(alice))?.signed_quantity === '200')
  await linked.until(async () => (await held(alice))?.signed_quantity === '300')
  await linked.until(async () => (await alice.say('reconcile')).includes('✓ Books agree'))
  expect(await external(alice)).toEqual([])
})

test('adopt books the broker’s average entry price where it shows one, and says so', async () => {
  const alice = await linked.member(buysAtFirst(300))
  linked.venue.averages.set('BYND', new Big('0.63'))
  const adopted = await alice.say('adopt BYND')
  expect(adopted).toContain('LONG 300 BYND @ $0.63 (recorded at the broker’s average entry price; no order sent)')
  expect(await held(alice)).toMatchObject({ signed_quantity: '300', open_cost: '189' })

  // The broker's average is that of all 400, so that the 100 that came cost the rest: 264 - 189 = 75.
  linked.venue.transfer(alice.account, 'BYND', 100)
  linked.venue.averages.set('BYND', new Big('0.66'))
  await differs()
  const adjusted = await alice.say('adopt BYND')
  expect(adopted).not.toContain('last price')
  expect(adjusted).toContain('ADJUSTED — LONG 400 BYND @ $0.66')
  expect(adjusted).toContain('What came counts at the broker’s average entry price: $0.75 each.')
  expect(await held(alice)).toMatchObject({ signed_quantity: '400', open_cost: '264' })

  // A broker that shows no average leaves the market's price.
  linked.venue.averages.clear()
  linked.venue.transfer(alice.account, 'BYND', 100)
  await differs(2)
  expect(await alice.say('adopt BYND')).toContain('What came counts at the last price: $1.00 each.')
})

test('adopt of external units beside a position counts what the position leaves of the broker’s average', async () => {
  const alice = await linked.member(buysAtFirst(3000))
  await alice.say('buy 100 BYND')
  await linked.until(async () => (await held(alice))?.signed_quantity === '100')
  const { open_cost: own } = (await held(alice))!
  linked.venue.averages.set('BYND', new Big('0.60'))
  expect(await alice.say('adopt BYND')).toContain('LONG 3,100 BYND @ $0.60')
  const { signed_quantity, open_cost } = (await held(alice))!
  expect(signed_quantity).toBe('3100')
  // Rounded to 8 decimals a unit.
  expect(Number(open_cost)).toBeCloseTo(3100 * 0.6, 4)
  expect(Number(own)).toBeGreaterThan(60)
})

test('long beyond what the broker shows is refused before anybody is asked how it is meant', async () => {
  const alice = await linked.member(buysAtFirst(300))
  await alice.say('long BYND 200 @ .9')
  const beyond = await alice.say('long BYND 500 @ .9')
  expect(beyond).toContain(
    'The broker shows 100 BYND LONG that are no position of the desk yet, and this would take 300.',
  )
  expect(beyond).not.toContain('ADD')
  // A price that seems wrong is no reason to ask either.
  expect(await alice.say('long BYND 500 @ 90')).toContain('The broker shows 100 BYND LONG')
  // The broker has it as a correction, and not on top.
  expect(await alice.say('long BYND 300 @ .9')).toContain('ADD')
  expect(await alice.say('update')).toContain('LONG 300 BYND')
  expect(await external(alice)).toEqual([])
})
