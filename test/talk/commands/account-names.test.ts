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

// Names for something new: markup, mentions, another member's name, what is invisible, what is too long, and more than a line.
const named = [
  ...['**bold**', '`x`', '[here](http://evil.example)', '||spoiler||', '# head', '> quote', '~~gone~~'],
  ...['@everyone', '@here', '<!channel>', '<@UBOB>', '<@&987654321098765432>', '@bob', 'bob'],
  ...[
    'sec\u200bret',
    '\u200b',
    'a\u202etxt',
    'a\u0000b',
    '\ufeffnew1',
    'x\u0301',
    'ѕwing',
    '💰',
    "a'b",
    '../a',
    'a__b__',
  ],
  ...['x'.repeat(200), 'x'.repeat(21), `${'x'.repeat(200)} y`, 'one\ntwo', 'one\n✓ SOLD 100 BYND', 'one\r\n@everyone'],
]

test('a name of an account or a template that is kept is plain, and what is shown of any other breaks no message', async ({
  alice,
  bob,
}) => {
  const { db } = desk.desk.parts
  await bob.say('long BYND 10 @ 1')
  await alice.say('long BYND 10 @ 1')
  expect(await alice.say('screen cross min_score 40 tickers BYND')).toContain('RUN 1')
  const own = () =>
    db
      .selectFrom('accounts as a')
      .innerJoin('members as m', 'm.id', 'a.member_id')
      .where('m.name', '=', alice.name)
      .select('a.name')
      .execute()
  for (const command of ['account new', 'account new paper', 'template save'])
    for (const name of named) {
      for (const { text, ping } of await alice.hear(`${command} ${name}`)) {
        expect(ping, text).toBeUndefined()
        for (const hidden of ['\u200b', '\u202e', '\u0000', '\ufeff', 'x'.repeat(41)])
          expect(text).not.toContain(hidden)
        expect(text).not.toMatch(/^(✓ (?!Opened|Template)|@everyone|two)/m)
      }
      await alice.say('nvm')
    }
  const names = (await own()).map(({ name }) => name)
  expect(names).toContain('bob')
  expect(names.length).toBeGreaterThan(4)
  for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_-]{0,19}$/)
  const templates = await db.selectFrom('strategy_templates').select('name').execute()
  expect(templates.map(({ name }) => name)).toContain('secret')
  for (const { name } of templates) expect(name).toMatch(/^[a-z][a-z0-9_-]{0,39}$/)
  expect(await alice.say('templates')).not.toContain('everyone')
  const bobs = db
    .selectFrom('accounts as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .where('m.name', '=', bob.name)
  expect(await bobs.select('a.name').execute()).toEqual([{ name: 'paper' }])
})
