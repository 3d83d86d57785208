import { afterAll, beforeAll, expect, test } from 'vitest'
import { externalHoldings } from '../../../src/trading/reconcile/rows/books.ts'
import { type DeskAtAlpaca, openDeskAtAlpaca, until } from './desk-at-alpaca.ts'

// Orders that are left standing at a local Alpaca when an account is unlinked, and exits after it is linked again. A second here is ten
// seconds there.

const patience = { timeout: 120_000 }

let there: DeskAtAlpaca
beforeAll(async () => {
  there = await openDeskAtAlpaca(34, 10, (alpaca) => alpaca.setPrice('BYND', '1.03', '1.04'), 3000)
})
afterAll(() => there.close())

/** A person with 100 BYND of the desk, of an account that the desk has looked at. */
async function holder() {
  const one = await there.linked('100')
  const { db } = there.desk.desk.parts
  const { id } = await db
    .selectFrom('accounts')
    .select('id')
    .where('venue_account', '=', one.account.id)
    .executeTakeFirstOrThrow()
  await until(async () => (await externalHoldings(db, id)).length).toBe(1)
  expect(await one.alice.say('long BYND 100 @ .63')).toContain('✓ LONG 100 BYND')
  return one
}

const standing = (account: Awaited<ReturnType<typeof holder>>['account']) =>
  there.alpaca.orders(account).filter(({ status }) => ['new', 'accepted', 'held', 'partially_filled'].includes(status))

test('an exit of the desk that stands at the broker after an unlink and a link blocks no close', patience, async () => {
  const { account, alice } = await holder()
  expect(await alice.say('sell BYND 60 @ 1.40')).toContain('LIMIT SELL ORDER 60 BYND')
  await alice.say('unlink alpaca-paper')
  expect(await alice.say('yes')).toContain('✓ Unlinked alpaca-paper')
  expect(standing(account)).toHaveLength(1)
  await there.link(alice, account)
  // Said at once, before the first look after the link: the broker holds 60 of the shares for the old order.
  const answer = await alice.say('close BYND now')
  await until(() => there.alpaca.held(account, 'BYND').toFixed()).toBe('0')
  await until(() => `${answer}\n${there.said()}`).toMatch(/SOLD 100 BYND/)
  expect(standing(account)).toEqual([])
  await until(() => alice.say('positions')).toContain('No open positions')
  await until(() => alice.say('reconcile')).toContain('✓ Books agree')
})

test(
  'a stop with a target that is left there blocks no close, and no stop set before the first look is called off',
  patience,
  async () => {
    const { account, alice } = await holder()
    await alice.say('protect at venue on')
    await alice.say('stop BYND .90')
    await alice.say('target BYND 1.50')
    await until(() => standing(account).length).toBe(2)
    await alice.say('unlink alpaca-paper')
    await alice.say('yes')
    expect(standing(account)).toHaveLength(2)
    const before = there.desk.posted.length
    await there.link(alice, account)
    expect(await alice.say('stop BYND .95')).toContain('STOP SET')
    const since = () =>
      there.desk.posted
        .slice(before)
        .map(({ text }) => text)
        .join('\n\n')
    await until(() => alice.say('positions')).toMatch(/stop \$0\.95/)
    await until(() =>
      standing(account).map(({ stopPrice, limitPrice }) => `${stopPrice ?? ''} ${limitPrice ?? ''}`),
    ).toContain('0.95 ')
    expect(since()).not.toMatch(/NOT PROTECTED|Nothing protects it/)
    const answer = await alice.say('close BYND now')
    await until(() => there.alpaca.held(account, 'BYND').toFixed()).toBe('0')
    await until(() => `${answer}\n${there.said()}`).toContain('SOLD 100 BYND')
    expect(standing(account)).toEqual([])
    await until(() => alice.say('reconcile')).toContain('✓ Books agree')
  },
)

test('the reason of an end that was taken back is told no more', patience, async () => {
  const { account, alice } = await holder()
  await alice.say('sell BYND 20 @ 1.40')
  await alice.say('sell BYND 30 @ 1.80')
  await alice.say('unlink alpaca-paper')
  expect(await alice.say('yes')).toContain('✓ Unlinked alpaca-paper')
  there.alpaca.setPrice('BYND', '1.41', '1.42')
  expect(standing(account)).toHaveLength(1)
  await there.link(alice, account)
  await until(() => alice.say('orders')).toContain('30 BYND')
  const history = async () => (await alice.say('history')).split('\n')
  const of = async (what: string) => (await history()).find((line) => line.includes(what))
  await until(() => of('SELL 20 BYND')).toMatch(/✓ filled(?! \()/)
  expect(await alice.say('orders')).not.toContain('unlinked')
  expect(await alice.say('cancel 2')).toContain('30 BYND')
  await until(() => of('SELL 30 BYND')).toContain('cancelled by you')
  expect((await history()).join()).not.toContain('the account was unlinked')
})
