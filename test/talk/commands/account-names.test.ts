import { expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'

const { test, desk } = deskTest({ worker: false })

// Names that are odd, hostile, or another member's: none of them reaches an account that is not the speaker's.
const names = [
  ...['secret', 'SECRET', ' secret ', '`secret`', '"secret"', "secret' or '1'='1", '%', '_ecret', 's*', '1', '0', '-1'],
  ...[
    'secret; drop table accounts',
    '../secret',
    '<@UBOB>',
    '@bob secret',
    'ѕecret',
    'secret\u200b',
    '💰',
    'x'.repeat(500),
  ],
]

test('no name that is said to use or unlink reaches the account of another member', async ({ alice, bob }) => {
  const { db } = desk.desk.parts
  await alice.say('long BYND 10 @ 1')
  await bob.say('long BYND 10 @ 1')
  await bob.say('account new secret $5,000')
  const bobs = await db
    .updateTable('accounts')
    .set({ venue: 'alpaca', venue_account: bob.name, masked_number: '••••1234' })
    .where('name', '=', 'secret')
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const command of ['use', 'switch to', 'unlink', 'accounts', 'template drop'])
    for (const name of names) {
      for (const { text } of await alice.hear(`${command} ${name}`))
        expect(text).not.toMatch(/uses your account|Unlinked|5,000/)
      await alice.say('nvm')
    }
  const strays = await db
    .selectFrom('conversation_accounts as c')
    .innerJoin('accounts as a', 'a.id', 'c.account_id')
    .select('a.id')
    .whereRef('a.member_id', '<>', 'c.member_id')
    .execute()
  expect(strays).toEqual([])
  const account = db.selectFrom('accounts').select('unlinked_at').where('id', '=', bobs.id)
  expect((await account.executeTakeFirstOrThrow()).unlinked_at).toBeNull()
  expect(await alice.say('positions')).toContain('LONG 10 BYND')
})
