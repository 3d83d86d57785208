import { expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from './someone.ts'

const { test, desk } = deskTest({ environment: { DESKHAND_OWNERS: 'slack:T1:UCHIEF' } })

/** Turns the account in which a person trades into one at a broker, with all that runs in it. */
async function atBroker(who: Someone): Promise<number> {
  const { db } = desk.desk.parts
  const { id, member_id } = await db
    .selectFrom('accounts as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .select(['a.id', 'a.member_id'])
    .where('m.name', '=', who.name)
    .executeTakeFirstOrThrow()
  await db
    .updateTable('accounts')
    .set({ name: 'alpaca-live', venue: 'alpaca', venue_account: who.name, mode: 'live', masked_number: '••••1234' })
    .where('id', '=', id)
    .execute()
  await db
    .insertInto('venue_credentials')
    .values({ account_id: id, kind: 'keys', key_id: 'k', wrapped_key: Buffer.of(1), sealed: Buffer.of(1) })
    .execute()
  await db.insertInto('accounts').values({ member_id, name: 'paper' }).execute()
  return id
}

test('an account is unlinked after a yes: keys go, all that the desk runs there ends and is told, and orders stay', async ({
  alice,
}) => {
  await alice.say('long BYND 1000 @ 1')
  await alice.say('stop .5')
  await alice.say('target .9 for 500')
  await alice.say('target 2')
  await alice.say('scaleout slow')
  await alice.say('long AAPL 10 @ 180')
  await alice.say('sell 5 AAPL @ 400')
  await alice.say('yes')
  await alice.say('buy 1 BYND if it breaks 5')
  const id = await atBroker(alice)
  const asked = await alice.say('unlink alpaca-live')
  expect(asked).toContain('🔗 UNLINK alpaca-live, LIVE at Alpaca ••••1234?')
  expect(asked).toContain('⚠️ Open: LONG 10 AAPL')
  expect(asked).toContain('They stay open at Alpaca, and the desk protects them no more.')
  const here = 'on it trades on paper (paper money, venue paper, USD)'
  expect(asked).toContain(`This conversation uses alpaca-live: from then ${here}`)
  expect(asked).toContain('⚠️ Standing at Alpaca, and not cancelled: SELL 5 AAPL @ $400.00')
  expect(await alice.say('no')).toContain('stays linked')
  await alice.say('unlink alpaca-live')
  const done = await alice.say('yes')
  expect(done).toContain('✓ Unlinked alpaca-live, LIVE at Alpaca ••••1234. Its keys are deleted.')
  expect(done).toContain(`This conversation used alpaca-live: from now ${here}`)
  expect(done).toMatch(/Ended here: 1 scaleout, \d stops? (and|or) targets?, 1 order for later\./)
  expect(done).toContain(
    '⚠️ Open at Alpaca, and not protected by the desk: LONG 10 AAPL @ $180.00, LONG 1,000 BYND @ $1.00',
  )
  expect(done).toContain('Standing at Alpaca, and not cancelled: SELL 5 AAPL @ $400.00')

  const { db } = desk.desk.parts
  const [credentials, levels, scaleouts, scheduled, positions] = await Promise.all([
    db.selectFrom('venue_credentials').selectAll().where('account_id', '=', id).execute(),
    db
      .selectFrom('protective_orders')
      .select('state')
      .where('account_id', '=', id)
      .where('state', '=', 'working')
      .execute(),
    db.selectFrom('scaleouts').select('state').where('account_id', '=', id).execute(),
    db.selectFrom('scheduled_orders').select('state').where('account_id', '=', id).execute(),
    db.selectFrom('positions').select('symbol').where('account_id', '=', id).where('closed_at', 'is', null).execute(),
  ])
  const left = await db
    .selectFrom('orders')
    .select('state')
    .where('account_id', '=', id)
    .where('number', 'is not', null)
    .execute()
  expect(new Set(left.map(({ state }) => state))).toEqual(new Set(['cancelled']))
  expect(credentials).toEqual([])
  expect(levels).toEqual([])
  expect(scaleouts).toEqual([{ state: 'cancelled' }])
  expect(scheduled).toEqual([{ state: 'cancelled' }])
  expect(positions).toHaveLength(2)
  await expect
    .poll(() => desk.posted.map(({ text }) => text).filter((text) => text.includes('NOT PROTECTED ANY MORE')))
    .toEqual([expect.stringContaining('alpaca-live (LIVE at Alpaca ••••1234) was unlinked')])
  expect(await alice.say('accounts')).not.toContain('alpaca-live')
  expect(await alice.say('positions')).toContain('No open positions')
  expect(await alice.say('unlink alpaca-live')).toContain(
    'You have no linked account alpaca-live. Nothing was changed.',
  )
})

test('a conversation that uses another account is told of no change, and one without another of a new one', async ({
  alice,
  bob,
}) => {
  await alice.say('long BYND 10 @ 1')
  await atBroker(alice)
  await alice.say('use paper')
  expect(await alice.say('unlink alpaca-live')).not.toContain('This conversation')
  expect(await alice.say('yes')).not.toContain('This conversation')
  await bob.say('long BYND 10 @ 1')
  await atBroker(bob)
  const { db } = desk.desk.parts
  const { id } = await db.selectFrom('members').select('id').where('name', '=', bob.name).executeTakeFirstOrThrow()
  await db.deleteFrom('accounts').where('member_id', '=', id).where('name', '=', 'paper').execute()
  expect(await bob.say('unlink alpaca-live')).toContain('from then on it trades on a new account of the desk')
  expect(await bob.say('yes')).toContain('from now on it trades on a new account of the desk, in paper money')
})

test('two yeses at once unlink once', async ({ alice }) => {
  await alice.say('long BYND 10 @ 1')
  await atBroker(alice)
  const [asked] = await alice.hear('unlink alpaca-live')
  const said = await Promise.all([alice.press(asked!, 'yes'), alice.press(asked!, 'yes')])
  expect(said.flat().filter(({ text }) => text.startsWith('✓ Unlinked'))).toHaveLength(1)
})

test('an account of the desk, or of somebody else, is not unlinked', async ({ alice, bob }) => {
  await alice.say('long BYND 10 @ 1')
  await atBroker(alice)
  await bob.say('long BYND 10 @ 1')
  expect(await bob.say('unlink alpaca-live')).toContain('You have no linked account')
  expect(await bob.say('unlink paper')).toContain('You have no linked account paper.')
  expect(await alice.say('unlink')).toContain('Which account is to be unlinked?')
  const other = someone(desk)
  expect(await other.say('unlink alpaca-live')).toContain('`link alpaca` links one')
})
