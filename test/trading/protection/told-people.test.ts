import { expect, onTestFinished, test } from 'vitest'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { someone } from '../../talk/commands/someone.ts'
import { holding } from './closing.ts'
import { touch } from './touched.ts'

async function opened(owners: string): Promise<TestDesk> {
  const desk = await openTestDesk({ environment: { DESKHAND_OWNERS: owners } })
  onTestFinished(() => desk.close())
  return desk
}

const toldTo = (desk: TestDesk, person: string) =>
  desk.posted.filter(({ place }) => place.person === person.toUpperCase()).map(({ text }) => text)

test('a halt is told to its member and to every owner in direct messages, met or not, once each', async () => {
  const desk = await opened('slack:T1:BOSS,slack:T1:NEVERSEEN')
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  const boss = someone(desk, 'BOSS')
  await boss.say(`breaker slack:T1:${holder.person.name.toUpperCase()}`)
  await holder.isClosed()
  const halted = [
    '🚨 CIRCUIT BREAKER TRIPPED',
    `Account of ${holder.person.name}: by command of BOSS`,
    '⛔ It is HALTED until an owner says `resume`; what is open is being closed',
  ].join('\n')
  for (const person of [holder.person.name, 'BOSS', 'NEVERSEEN']) {
    await expect.poll(() => toldTo(desk, person)).toEqual([halted])
  }
  await desk.desk.sweep()
  for (const person of [holder.person.name, 'BOSS', 'NEVERSEEN']) expect(toldTo(desk, person)).toEqual([halted])
})

test('a halt by the loss of the day, of an account that nothing was ever said about, is told as well', async () => {
  const desk = await opened('slack:T1:BOSS')
  const holder = await holding(desk, 'long BYND 100000 @ .63', { stop: '0.01' })
  const { parts } = desk.desk
  await parts.db
    .insertInto('desk_events')
    .values({
      type: 'risk.circuit_breaker_tripped',
      urgency: 'CRITICAL',
      account_id: holder.held.accountId,
      member_id: holder.held.memberId,
      data: JSON.stringify({ because: 'The account lost $9,000 today' }),
      at: new Date(),
    })
    .execute()
  for (const person of [holder.person.name, 'BOSS']) {
    await expect.poll(() => toldTo(desk, person)).toEqual([expect.stringContaining('The account lost $9,000 today')])
  }
})

test('the report of a close at once is urgent: told before all waiting replies, and to people when it cannot be posted', async () => {
  const desk = await opened('slack:T1:BOSS')
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  await touch(desk, holder.held, 'stop', '0.549')
  await holder.isClosed()
  const rows = await desk.desk.parts.db.selectFrom('replies').select(['body', 'urgent']).orderBy('id').execute()
  expect(rows.map(({ body, urgent }) => ({ text: body.text.split('\n')[0], urgent }))).toContainEqual({
    text: '🛑 STOP HIT — BYND',
    urgent: true,
  })
})

test('the word of a close at once is posted while Redis is gone', async () => {
  const desk = await opened('slack:T1:BOSS')
  const holder = await holding(desk, 'long BYND 3750 @ .63', { stop: '0.55' })
  await desk.redis.kill9()
  onTestFinished(() => desk.redis.start())
  await touch(desk, holder.held, 'stop', '0.549')
  await holder.hears(/^🛑 STOP HIT — BYND\nSold/)
})
