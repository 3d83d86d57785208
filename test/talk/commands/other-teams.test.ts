import { expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from './someone.ts'

let count = 0

const { test, desk, market } = deskTest({
  worker: false,
  environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER,slack:T9:UBOSS' },
})
test.beforeAll(() => market.set('BYND', '1'))

const owner = () => someone(desk, 'uowner')

/** Says something in a channel of the desk's team T1, as a person of any team. */
async function say(team: string, user: string, text: string, thread = 'shared'): Promise<string> {
  const replies = await desk.desk.hear({
    kind: 'message',
    id: `team-${++count}`,
    author: { id: `slack:${team}:${user}`, name: `${user} of ${team}` },
    place: { door: 'slack', workspace: 'T1', channel: 'C1', thread },
    text,
    addressed: true,
  })
  return replies.map((reply) => reply.text).join('\n')
}

test('somebody of another team looks, and trades once an owner says so', async () => {
  expect(await say('T2', 'U1', 'quote BYND')).toContain('BYND')
  expect(await say('T2', 'U1', 'long BYND 100 @ 1')).toContain('You are a viewer: you may look, but not trade.')
  expect(await say('T1', 'U2', 'long BYND 100 @ 1')).toContain('LONG 100 BYND')
  expect(await owner().say('role <@U1> trader')).toBe('✓ U1 of T2 is now a trader: trades their own account.')
  expect(await say('T2', 'U1', 'long BYND 5 @ 1')).toContain('LONG 5 BYND')
})

test('the same id in two teams is two people: a mention that could be either is asked for by id', async () => {
  await say('T1', 'U3', 'long BYND 100 @ 1')
  expect(await say('T2', 'U3', 'positions')).toContain('No open positions')
  expect(await owner().say('role <@U3> trader')).toBe(
    '⚠️ There are several of them, of different teams: slack:T1:U3, slack:T2:U3. Nothing was done.\n💡 Name the one that you mean by this id',
  )
  expect(await owner().say('role slack:T2:U3 trader')).toContain('U3 of T2 is now a trader')
  expect(await owner().say('breaker <@U3>')).toContain('There are several of them')
  expect(await say('T1', 'U3', 'positions')).toContain('LONG 100 BYND')
})

test('an owner of another team that the configuration names is one, and a mention of nobody whom the desk met is of its own team', async () => {
  expect(await say('T9', 'UBOSS', 'role <@U7> viewer')).toContain('slack:T1:U7 is now a viewer')
  expect(await say('T1', 'U7', 'buy 1 BYND')).toContain('You are a viewer')
})

test('a question that somebody was asked is answered by nobody of the same id', async () => {
  await say('T1', 'U4', 'long BYND 100 @ 1', 'asked')
  expect(await say('T1', 'U4', 'scaleout', 'asked')).toContain('1️⃣')
  await say('T2', 'U4', 'help', 'asked')
  await owner().say('role slack:T2:U4 trader')
  expect(await say('T2', 'U4', '1', 'asked')).toContain('That question is for U4 of T1.')
})
