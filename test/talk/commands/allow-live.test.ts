import { describe, expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { passGate } from '../../../src/trading/accounts/gate.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from './someone.ts'

const { test, desk } = deskTest({ worker: false, environment: { DESKHAND_OWNERS: 'slack:T1:UCHIEF' } })

const idOf = (who: Someone) => `slack:T1:${who.name.toUpperCase()}`
const chief = () => someone(desk, 'uchief')

/** An account of a member at a broker. */
async function accountAt(who: Someone, mode: 'paper' | 'live', name = `alpaca-${mode}`) {
  const { db } = desk.desk.parts
  await who.say('help')
  const { id: memberId } = await db
    .selectFrom('members')
    .select('id')
    .where('name', '=', who.name)
    .executeTakeFirstOrThrow()
  const { id } = await db
    .insertInto('accounts')
    .values({
      ...{ member_id: memberId, name, venue: 'alpaca', venue_account: `${who.name}-${name}`, mode },
      ...{ masked_number: '••••1234', starting_balance: '100000' },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('venue_balances')
    .values({ account_id: id, cash: '100000', buying_power: '100000', at: new Date() })
    .execute()
  return { memberId, accountId: id }
}

const buy = (quantity: number) => ({
  symbol: 'AAPL',
  side: 'buy' as const,
  quantity: new Big(quantity),
  price: new Big(190),
})
const gateFor = (account: { memberId: number; accountId: number }, quantity: number) =>
  passGate(desk.desk.parts.db, desk.desk.parts, { ...account, ...buy(quantity) })

describe('real money', () => {
  test('needs the word of an owner, and ends at the cap', async ({ alice }) => {
    const live = await accountAt(alice, 'live')
    const paper = await accountAt(alice, 'paper')
    expect((await gateFor(live, 1))?.text).toBe(
      '⚠️ This account is LIVE, and no owner has allowed real money for its member. Nothing was done.\n💡 An owner can: `allow live @somebody $1,000`. What exits always passes',
    )
    expect(await gateFor(paper, 1)).toBeUndefined()
    const owner = chief()
    expect(await owner.say(`allow live ${idOf(alice)} $500`)).toContain(
      `💵 REAL MONEY for ${alice.name}, up to $500.00 at work at once?`,
    )
    expect((await gateFor(live, 1))?.code).toBe('LIVE_NOT_ALLOWED')
    const allowed = await owner.say('yes')
    expect(allowed).toContain(`✓ ${alice.name} may trade real money, up to $500.00`)
    const [, back] = /💡 `(forbid live [^`]+)` takes it back/.exec(allowed)!
    expect(back!.toLowerCase()).toBe(`forbid live ${idOf(alice)}`.toLowerCase())
    expect(await gateFor(live, 2)).toBeUndefined()
    expect((await gateFor(live, 3))?.text).toBe(
      '⚠️ BUY 3 AAPL at about $190.00 would be more than the $500.00 of real money that an owner allows in all; $0.00 is at work. Nothing was done.\n💡 `buy 2 AAPL` passes',
    )
    expect(await gateFor(paper, 300)).toBeUndefined()
    expect(await owner.say('allow live')).toContain(`${alice.name} · up to $500.00 · by uchief`)
    expect(await owner.say(back!)).toContain('may not trade real money any more')
    expect((await gateFor(live, 1))?.code).toBe('LIVE_NOT_ALLOWED')
  })

  test('an owner who is refused is told of their own word, which works', async () => {
    const owner = chief()
    const live = await accountAt(owner, 'live', 'owners-own')
    expect((await gateFor(live, 1))?.beside).toContain('You can: `allow live me $1,000`. What exits always passes')
    expect(await owner.say('allow live')).toContain('`allow live me $1,000` for yourself')
    await owner.say('allow live me $1,000')
    await owner.say('yes')
    expect(await gateFor(live, 1)).toBeUndefined()
    await owner.say('allow live me $100')
    await owner.say('yes')
    expect((await gateFor(live, 1))?.beside).toContain('you can change the cap: `allow live me $5,000`')
    await owner.say('forbid live me')
  })

  test('is counted over all accounts with some, positions and working orders', async ({ alice }) => {
    const { db } = desk.desk.parts
    const one = await accountAt(alice, 'live', 'one')
    const other = await accountAt(alice, 'live', 'other')
    const owner = chief()
    await owner.say(`allow live ${idOf(alice)} $1,000`)
    await owner.say('1')
    const { id: conversationId } = await db.selectFrom('conversations').select('id').limit(1).executeTakeFirstOrThrow()
    await db
      .insertInto('orders')
      .values({
        ...{ account_id: other.accountId, member_id: other.memberId, conversation_id: conversationId },
        ...{ client_order_id: `live-${other.accountId}`, sent_as: `live-${other.accountId}`, symbol: 'BYND' },
        ...{ side: 'buy', quantity: '500', limit_price: '1', expected_price: '1', purpose: 'open', state: 'working' },
        ...{ created_at: new Date() },
      } as never)
      .execute()
    expect(await gateFor(one, 2)).toBeUndefined()
    expect((await gateFor(one, 3))?.sentence).toContain('$500.00 is at work')
  })

  test('that is at work is told by limits, by allow live, and by a move that is refused', async ({ alice }) => {
    const { db } = desk.desk.parts
    const { accountId, memberId } = await accountAt(alice, 'live')
    await alice.say('use alpaca-live')
    expect(await alice.say('limits')).toContain(
      'real money · none is allowed, $0.00 is at work: nothing opens or adds until an owner says `allow live`',
    )
    const { id: conversationId } = await db.selectFrom('conversations').select('id').limit(1).executeTakeFirstOrThrow()
    await db
      .insertInto('orders')
      .values({
        ...{ account_id: accountId, member_id: memberId, conversation_id: conversationId, number: 1 },
        ...{ client_order_id: `live-${accountId}`, sent_as: `live-${accountId}`, symbol: 'AAPL', rests: true },
        ...{ side: 'buy', quantity: '4', limit_price: '185', expected_price: '185', purpose: 'open' },
        ...{ state: 'working', created_at: new Date() },
      } as never)
      .execute()
    const owner = chief()
    const asked = await owner.say(`allow live ${idOf(alice)} $1,000`)
    expect(asked).toContain('$740.00 of it is at work already, so $260.00 is free.')
    await owner.say('no')
    expect(await owner.say(`allow live ${idOf(alice)} $500`)).toContain('⚠️ $740.00 is at work already, which is more')
    expect(await owner.say('yes')).toContain('⚠️ $740.00 is at work already, which is more: nothing more opens or adds')
    expect(await owner.say('allow live')).toContain(`${alice.name} · up to $500.00, $740.00 at work · by uchief`)
    expect(await alice.say('move 1 186')).toBe(
      '⚠️ BUY 4 AAPL at $186.00 would be more than the $500.00 of real money that an owner allows in all; $740.00 is at work, $740.00 of it for order 1. Nothing was done.\n💡 After `cancel 1`, `buy 2 AAPL @ 186` passes',
    )
    const limits = await alice.say('limits')
    expect(limits).toContain('size · an order may be worth what is free of the real money')
    expect(limits).toContain('real money · $500.00 at most in all, $740.00 is at work, $0.00 is free')
    await owner.say(`forbid live ${idOf(alice)}`)
  })

  test('an account without its link opens nothing', async ({ alice }) => {
    const account = await accountAt(alice, 'paper')
    await desk.desk.parts.db
      .updateTable('accounts')
      .set({ unlinked_at: new Date() })
      .where('id', '=', account.accountId)
      .execute()
    expect((await gateFor(account, 1))?.code).toBe('ACCOUNT_UNLINKED')
    expect(await alice.say('accounts')).not.toContain('alpaca')
  })

  test('the kinds of accounts have words of their own', async ({ alice }) => {
    await alice.say('long BYND 10 @ 1')
    await accountAt(alice, 'paper')
    await accountAt(alice, 'live')
    const said = await alice.say('accounts')
    expect(said).toContain('paper (paper money, venue paper, USD)')
    expect(said).toContain('alpaca-paper (BROKER PAPER at Alpaca ••••1234, USD)')
    expect(said).toContain('alpaca-live (LIVE at Alpaca ••••1234, USD)')
    // The text says all; the strip below it has the word and the colour of the account that is used.
    const toneIn = async (name: string) => {
      await alice.say(`use ${name}`)
      return (await alice.hear('accounts'))[0]?.tone
    }
    expect([await toneIn('alpaca-live'), await toneIn('alpaca-paper'), await toneIn('paper')]).toEqual([
      'live',
      'broker paper',
      undefined,
    ])
  })

  test('has its word below messages, beside the name of the account', async ({ alice }) => {
    await alice.say('long BYND 10 @ 1')
    const { accountId } = await accountAt(alice, 'live')
    const { memberId } = await accountAt(alice, 'paper')
    const labels = await desk.desk.parts.db
      .selectFrom('account_labels as l')
      .innerJoin('accounts as a', 'a.id', 'l.account_id')
      .select(['a.id', 'l.label'])
      .where('a.member_id', '=', memberId)
      .orderBy('a.id')
      .execute()
    expect(labels.map(({ label }) => label)).toEqual(['paper', 'alpaca-live LIVE', 'alpaca-paper'])
    expect(labels[1]!.id).toBe(accountId)
  })
})

describe('the words of owners', () => {
  test('me is the owner, who cannot be mentioned in a terminal', async () => {
    const owner = chief()
    expect(await owner.say('allow live me $5')).toContain('💵 REAL MONEY for uchief, up to $5.00 at work at once?')
    expect(await owner.say('yes')).toContain('✓ uchief may trade real money, up to $5.00')
    expect(await owner.say('allow live')).toContain('uchief · up to $5.00 · by uchief')
    expect(await owner.say('forbid live me')).toContain('✓ uchief may not trade real money any more.')
  })

  test.for([
    ['allow live slack:T1:UNOBODY $5', 'The desk does not know that member.'],
    ['allow live slack:T1:UCHIEF', 'Up to how many dollars?'],
    ['allow live slack:T1:UCHIEF $0', 'A cap is between $1.00 and'],
    ['allow live slack:T1:UCHIEF $1.005', 'A cap is between $1.00 and'],
    ['allow live slack:T1:UCHIEF $5 $6', 'Up to how many dollars?'],
    ['forbid live', 'Whose real money?'],
  ] as const)('%s is refused', async ([text, because]) => {
    const said = await chief().say(text)
    expect(said).toContain(because)
    expect(said).toContain('Nothing was changed.')
  })

  test('nobody else may say them, and a no changes nothing', async ({ alice }) => {
    expect(await alice.say('allow live slack:T1:UCHIEF $5')).toContain('Only an owner may do that.')
    const owner = chief()
    await alice.say('help')
    await owner.say(`allow live ${idOf(alice)} $5`)
    expect(await owner.say('no')).toContain('Nothing was changed.')
    expect(await owner.say('allow live')).not.toContain(alice.name)
  })
})
