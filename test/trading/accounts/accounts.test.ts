import { describe, expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import type { Author } from '../../../src/talk/chat/inbound.ts'
import type { Place } from '../../../src/talk/chat/place.ts'
import { accountFor, accountsOf, openAccount, useAccount } from '../../../src/trading/accounts/rows/accounts.ts'
import { findSpeaker, meet, speakerIn } from '../../../src/trading/accounts/rows/members.ts'
import { giveBackCall, spendCall } from '../../../src/watch/guardian/budget.ts'
import { deskTest } from '../../support/desk-test.ts'

let people = 0

const { test, desk } = deskTest({ worker: false })

const db = () => desk.desk.parts.db
const placeOf = (thread?: string): Place => ({
  door: 'slack',
  workspace: 'T1',
  channel: `C${people}`,
  ...(thread && { thread }),
})
function somebody(): Author {
  people += 1
  return { id: `slack:T1:U${people}`, name: `u${people}` }
}
const met = (author: Author, thread?: string) => meet(db(), author, placeOf(thread), false)
const open = (memberId: number, name: string) => openAccount(db(), { memberId, name, balance: new Big(500) })

describe('the speaker of a message', () => {
  test('is one person with one account, however many accounts they have', async () => {
    const author = somebody()
    const speaker = await met(author, 't1')
    expect(speaker).toMatchObject({ accountId: 0, keepsAccount: false, role: 'trader' })
    for (const name of ['one', 'two', 'three']) await open(speaker.memberId, name)
    const [first] = await accountsOf(db(), speaker.memberId)
    expect(first).toMatchObject({ name: 'paper', venue: 'paper', mode: 'paper', currency: 'USD' })
    expect(first!.venueAccount).toBe(String(first!.id))
    expect(await met(author, 't1')).toMatchObject({ accountId: first!.id, accountLabel: 'paper', keepsAccount: false })
  })

  test('uses the account of the thread, else of its channel, else the first; and keeps to the one that they act in', async () => {
    const author = somebody()
    const { memberId } = await met(author)
    await open(memberId, 'swing')
    await open(memberId, 'day')
    const [paper, swing, day] = (await accountsOf(db(), memberId)).map(({ id }) => id)
    const accountIn = async (thread?: string) => (await met(author, thread)).accountId
    const choose = async (accountId: number, thread?: string) =>
      useAccount(db(), { memberId, accountId, conversationId: (await met(author, thread)).conversationId })
    expect(await accountIn('t1')).toBe(paper)
    await choose(swing!)
    expect([await accountIn('t1'), await accountIn()]).toEqual([swing, swing])
    await choose(day!, 't2')
    expect([await accountIn('t1'), await accountIn('t2')]).toEqual([swing, day])
    await accountFor(db(), await met(author, 't1'))
    await choose(paper!)
    expect([await accountIn('t1'), await accountIn('t2'), await accountIn('t3')]).toEqual([swing, day, paper])
  })

  test('is somebody with their own account beside others in the same thread', async () => {
    const [alice, bob] = [somebody(), somebody()]
    const [a, b] = [await met(alice, 'shared'), await met(bob, 'shared')]
    expect(a.conversationId).toBe(b.conversationId)
    await Promise.all([a, a, b, b].map((speaker) => accountFor(db(), { ...speaker })))
    const [again, other] = [
      await findSpeaker(db(), alice, placeOf('shared')),
      await findSpeaker(db(), bob, placeOf('shared')),
    ]
    expect(again!.accountId).not.toBe(other!.accountId)
    expect(await accountsOf(db(), a.memberId)).toHaveLength(1)
    expect(await accountsOf(db(), b.memberId)).toHaveLength(1)
  })
})

test("nobody uses, or acts in, somebody else's account", async () => {
  const [alice, bob] = [await met(somebody(), 't'), await met(somebody(), 't')]
  await open(bob.memberId, 'swing')
  const [theirs] = await accountsOf(db(), bob.memberId)
  const taking = { memberId: alice.memberId, conversationId: alice.conversationId, accountId: theirs!.id }
  await expect(useAccount(db(), taking)).rejects.toThrow('violates foreign key')
  await expect(speakerIn(db(), taking)).rejects.toThrow(/has no account/)
})

test('work for a member without a message happens in the given account', async () => {
  const author = somebody()
  const { memberId, conversationId } = await met(author, 't')
  await open(memberId, 'swing')
  const [paper, swing] = await accountsOf(db(), memberId)
  await useAccount(db(), { memberId, conversationId, accountId: paper!.id })
  const doing = await speakerIn(db(), { memberId, conversationId, accountId: swing!.id })
  expect(doing).toMatchObject({ accountId: swing!.id, accountLabel: 'swing', memberId, conversationId })
})

test('names are told apart by more than their letters being large or small', async () => {
  const { memberId } = await met(somebody())
  expect(await open(memberId, 'swing')).toMatchObject({ name: 'swing', startingBalance: new Big(500) })
  expect(await open(memberId, 'SWING')).toBe('taken')
  expect(await open(memberId, 'Paper')).toBe('taken')
})

test('members without an account share one budget for the model', async () => {
  const at = new Date('2030-01-01T12:00:00Z')
  const budget = { calls: 2, tokens: 1000 }
  expect([await spendCall(db(), 0, budget, at), await spendCall(db(), 0, budget, at)]).toEqual([true, true])
  expect(await spendCall(db(), 0, budget, at)).toBe(false)
  await giveBackCall(db(), 0, at)
  expect(await spendCall(db(), 0, budget, at)).toBe(true)
})
