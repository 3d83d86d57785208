import { expect } from 'vitest'
import type { Poster } from '../../../src/talk/chat/door.ts'
import type { Place } from '../../../src/talk/chat/place.ts'
import { createDelivery } from '../../../src/talk/outbox/deliver.ts'
import { notePosted } from '../../../src/talk/outbox/rows.ts'
import { editRow, queueReply, type ReplyTo } from '../../../src/trading/events/rows/replies.ts'
import { deskTest } from '../../support/desk-test.ts'
import type { Someone } from '../commands/someone.ts'

const { test, desk, market } = deskTest({ worker: false })
test.beforeAll(() => market.set('BYND', '1'))

/** The ids of a speaker in a thread. */
async function idsOf({ name, thread }: Someone): Promise<{ conversationId: number; accountIds: number[] }> {
  const { db } = desk.desk.parts
  const { id } = await db
    .selectFrom('conversations')
    .select('id')
    .where('key', '=', `slack:T1:C1:${thread}`)
    .executeTakeFirstOrThrow()
  const accounts = await db
    .selectFrom('accounts as a')
    .innerJoin('members as m', 'm.id', 'a.member_id')
    .where('m.name', '=', name)
    .orderBy('a.id')
    .select('a.id')
    .execute()
  return { conversationId: id, accountIds: accounts.map((account) => account.id) }
}

/** A platform that records its posts. It can edit unless the test says otherwise. */
function keeping(kept: string[], canEdit = true): Poster {
  return {
    door: 'slack',
    async post({ key, place, reply }) {
      kept.push(reply.text)
      return { message: `m-${key}`, place }
    },
    ...(canEdit && {
      async edit(_: unknown, { text }: { text: string }) {
        kept.push(`edited: ${text}`)
      },
    }),
  }
}

const queue = (to: ReplyTo, text: string) =>
  desk.desk.parts.db.transaction().execute((trx) => queueReply(trx, { ...to, at: new Date() }, { text }, 'outbox'))

test('whatever is posted about an account names it, edits too, where its member has more than one', async ({
  alice,
}) => {
  await alice.say('long BYND 1 @ 1')
  const { conversationId, accountIds } = await idsOf(alice)
  const [paper] = accountIds
  const kept: string[] = []
  const deliver = () => createDelivery(desk.desk.parts, keeping(kept))(conversationId)
  await queue({ conversationId, accountId: paper }, 'sold one')
  await deliver()
  expect(kept.splice(0)).toEqual(['sold one'])

  await alice.say('account new swing')
  const { accountIds: both } = await idsOf(alice)
  const { row } = await queue({ conversationId, accountId: both[1] }, 'sold two')
  await queue({ conversationId, accountId: paper }, 'sold three')
  await queue({ conversationId }, 'about nobody')
  await desk.desk.parts.db
    .insertInto('replies')
    .values(editRow({ conversationId, accountId: both[1] }, row, { text: 'sold two of four' }))
    .execute()
  await deliver()
  expect(kept).toEqual([
    'sold two\n· account swing',
    'sold three\n· account paper',
    'about nobody',
    'edited: sold two of four\n· account swing',
  ])
})

test('what comes later names its member among several people; what is posted for a door has the text of the door', async ({
  alice,
}) => {
  await alice.say('long BYND 1 @ 1')
  const { conversationId, accountIds } = await idsOf(alice)
  const { db } = desk.desk.parts
  const to = { conversationId, accountId: accountIds[0], at: new Date() }
  const said = [
    ['filled', 'later', 'outbox'],
    ['answered', 'later', 'door'],
    ['begun', 'always', 'door'],
  ] as const
  for (const [text, ofMember, postedBy] of said)
    await db.transaction().execute((trx) => queueReply(trx, to, { text, ofMember }, postedBy))
  // The door died, and its lease is over.
  await db.updateTable('replies').set({ leased_until: null }).where('conversation_id', '=', conversationId).execute()
  const kept: string[] = []
  await createDelivery(desk.desk.parts, keeping(kept))(conversationId)
  expect(kept.slice(-3)).toEqual([`filled\n· ${alice.name}`, 'answered', `begun\n· ${alice.name}`])
  expect((await alice.hear('trim BYND all'))[0]?.text).toMatch(/^✓ SOLD 1 BYND @ \$1\.00\n.*\nPosition: FLAT$/)
})

test('so does a new message in place of an edit where a platform cannot edit', async ({ alice }) => {
  await alice.say('account new swing')
  const { conversationId, accountIds } = await idsOf(alice)
  const { row } = await queue({ conversationId, accountId: accountIds[1] }, 'chunk 1 of 2')
  await desk.desk.parts.db
    .insertInto('replies')
    .values(editRow({ conversationId, accountId: accountIds[1] }, row, { text: 'chunk 2 of 2', anew: 'then chunk 2' }))
    .execute()
  const kept: string[] = []
  await createDelivery(desk.desk.parts, keeping(kept, false))(conversationId)
  expect(kept).toEqual(['chunk 1 of 2\n· account swing', 'then chunk 2\n· account swing'])
})

test.for(['scaleout BYND fast', 'scaleout BYND AAPL fast'])(
  'a thread that is opened for %j is about the account that it was asked for in',
  async (text, { alice }) => {
    await alice.say('account new swing')
    await alice.say('use swing')
    await alice.say('long BYND 50 @ 1')
    await alice.say('long AAPL 5 @ 190')
    const [asked] = await alice.hear(text)
    const begun = asked?.question ? (await alice.press(asked, asked.question.choices[0]!.value))[0] : asked
    expect(begun?.text).toContain('SCALEOUT')
    const thread = `${alice.thread}-opened`
    const place: Place = { door: 'slack', workspace: 'T1', channel: 'C1', thread }
    const { db } = desk.desk.parts
    // The platform opened a thread for the message, and the desk records that only now.
    await db.updateTable('replies').set({ state: 'queued' }).where('id', '=', begun!.row!).execute()
    await notePosted(db, begun!.row!, { message: 'm', place }, new Date())
    const there = alice.in(thread)
    expect(await there.say('positions')).toMatch(/LONG 50 BYND(.|\n)*· account swing$/)
    expect(await there.say('tasks')).toContain('BYND FAST')
    expect(await alice.in(`${alice.thread}-else`).say('positions')).toMatch(/No open positions(.|\n)*· account paper$/)
  },
)
