import { describe, expect } from 'vitest'
import { judge } from '../../../src/watch/guardian/judge.ts'
import { sweepGuardian } from '../../../src/watch/guardian/sweep.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from '../../talk/commands/someone.ts'
import { decided, happens, questionIn, said, type Watched, watched } from './someone-watched.ts'

const clock = handClock('2026-11-20T15:00:00Z', 1)
const { test: base, desk, market } = deskTest({ worker: false, clock })
const test = base.extend('alice', () => watched(desk, { stop: '.55' }))
test.beforeEach(() => market.set('BYND', '0.561'))

const judged = async (alice: Watched, type?: Parameters<typeof happens>[2], more = {}) => {
  const id = await happens(desk, alice, type, more)
  await judge(desk.desk.guardian, id)
  return id
}
const positionOf = async (one: Watched) =>
  desk.desk.parts.db.selectFrom('positions').selectAll().where('id', '=', one.positionId).executeTakeFirstOrThrow()
const ordersOf = async (one: Watched) =>
  desk.desk.parts.db
    .selectFrom('orders')
    .selectAll()
    .where('position_id', '=', one.positionId)
    .where('purpose', '!=', 'record')
    .execute()
const stopOf = async (one: Watched) =>
  desk.desk.parts.db
    .selectFrom('protective_orders')
    .selectAll()
    .where('position_id', '=', one.positionId)
    .where('kind', '=', 'stop')
    .where('state', '=', 'working')
    .executeTakeFirstOrThrow()

describe('without a model', () => {
  test('the rules propose, and the message is the alert with the question', async ({ alice }) => {
    await judged(alice)
    const [message, ...more] = await said(desk, alice.thread)
    expect(more).toEqual([])
    expect(message!.text.split('\n')).toEqual([
      '⚠️ STOP APPROACHING — BYND',
      'LONG 3,750 @ $0.63 · now $0.561 · stop $0.55 (1.96% away)',
      'Guardian suggests: TRAIL 2% — 1️⃣ EXIT now  2️⃣ TRAIL 2%  3️⃣ HOLD',
      expect.stringMatching(/^💭 1\.96% from the stop/),
    ])
    expect(message!.question!.choices.map(({ label }) => label)).toEqual(['EXIT now', 'TRAIL 2%', 'HOLD'])
  })

  test('there is one decision for an event, however often and at once the job runs', async ({ alice }) => {
    const id = await happens(desk, alice)
    await Promise.all(Array.from({ length: 5 }, () => judge(desk.desk.guardian, id)))
    await judge(desk.desk.guardian, id)
    const rows = await desk.desk.parts.db
      .selectFrom('guardian_decisions')
      .select('id')
      .where('event_id', '=', id)
      .execute()
    expect(rows).toHaveLength(1)
    expect(await said(desk, alice.thread)).toHaveLength(1)
  })

  test('TRIM is offered where it is proposed', async ({ alice }) => {
    await judged(alice, 'position.time_decay', { unrealizedReturn: '0' })
    market.set('BYND', '0.63')
    const bob = await watched(desk, {})
    const id = await happens(desk, bob, 'position.time_decay')
    await judge(desk.desk.guardian, id)
    const { text } = await questionIn(desk, bob.thread)
    expect(text).toContain('Guardian suggests: TRIM 50% — 1️⃣ EXIT now  2️⃣ TRIM 50%  3️⃣ TRAIL 2%  4️⃣ HOLD')
    expect(await bob.say('2')).toContain('✓ SOLD 1,875 BYND')
    expect((await positionOf(bob)).signed_quantity).toBe('1875')
    expect(await decided(desk, id)).toMatchObject({ state: 'acted', chosen: 'TRIM' })
  })

  test('an event of a position that is closed by then, or of long ago, is left alone', async ({ alice }) => {
    const late = await happens(desk, alice)
    clock.advance(6 * 60_000)
    await judge(desk.desk.guardian, late)
    expect(await decided(desk, late)).toBeUndefined()
    const id = await happens(desk, alice)
    await alice.say('close now')
    await judge(desk.desk.guardian, id)
    expect(await decided(desk, id)).toBeUndefined()
    expect(await said(desk, alice.thread)).toEqual([])
  })

  test('a muted thread is not asked, and `why` tells so', async ({ alice }) => {
    await alice.say('mute 1h')
    const id = await judged(alice)
    expect(await said(desk, alice.thread)).toEqual([])
    expect(await decided(desk, id)).toMatchObject({ state: 'expired' })
    expect(await alice.say('why BYND')).toContain('→ expired: nobody was asked')
  })
})

describe('an answer', () => {
  test('EXIT closes the position through the order path, once', async ({ alice }) => {
    const id = await judged(alice)
    const question = await questionIn(desk, alice.thread)
    const replies = await Promise.all([
      alice.press(question, 'EXIT', { id: `x-${id}` }),
      alice.press(question, 'EXIT', { id: `x-${id}` }),
      alice.press(question, 'EXIT'),
      alice.hear('1'),
    ])
    expect(replies.flat().filter(({ text }) => text.includes('✓ SOLD 3,750 BYND'))).toHaveLength(1)
    expect(await ordersOf(alice)).toMatchObject([{ purpose: 'close', quantity: '3750', state: 'filled' }])
    expect((await positionOf(alice)).signed_quantity).toBe('0')
    expect(await decided(desk, id)).toMatchObject({ state: 'acted', chosen: 'EXIT' })
  })

  test('TRAIL lets the stop follow, never looser than it is', async ({ alice }) => {
    const id = await judged(alice)
    const [reply] = await alice.press(await questionIn(desk, alice.thread), 'TRAIL_STOP')
    expect(reply!.text).toBe('✓ TRAIL 2% — BYND: the stop is at $0.55 and trails by 2%')
    expect(await stopOf(alice)).toMatchObject({ price: '0.55', trail: '0.02', best_price: '0.561', quantity: '3750' })
    expect(await decided(desk, id)).toMatchObject({ state: 'acted', chosen: 'TRAIL_STOP' })
    expect(await alice.say('why BYND')).toContain('→ you chose TRAIL 2%: the stop is at $0.55 and trails by 2%')
  })

  test('HOLD does nothing and is kept', async ({ alice }) => {
    const id = await judged(alice)
    expect(await alice.say('3')).toBe('✓ HOLD. BYND stays as it is.')
    expect(await ordersOf(alice)).toEqual([])
    expect(await decided(desk, id)).toMatchObject({ state: 'declined', chosen: 'HOLD' })
    expect(await alice.say('3')).toContain('not open any more: you answered it with HOLD. Nothing more was done.')
  })

  test('delivered again after the process died says nothing, and decides nothing more', async ({ alice }) => {
    const id = await judged(alice)
    const question = await questionIn(desk, alice.thread)
    const { db } = desk.desk.parts
    for (const choice of ['HOLD', 'EXIT']) {
      expect(await alice.press(question, choice, { id: `${alice.name}-same` })).toHaveLength(choice === 'HOLD' ? 1 : 0)
      await db.updateTable('audit').set({ finished_at: null }).where('inbound_id', '=', `${alice.name}-same`).execute()
      clock.advance(40_000)
    }
    expect(await ordersOf(alice)).toEqual([])
    expect(await decided(desk, id)).toMatchObject({ state: 'declined', chosen: 'HOLD' })
  })

  test('after the position changed, does nothing and says so', async ({ alice }) => {
    for (const [type, choice, what] of [
      ['position.stop_approaching', 'EXIT', 'sell 10'],
      ['position.target_approaching', 'TRAIL_STOP', 'stop .54'],
    ] as const) {
      const id = await judged(alice, type)
      const question = await questionIn(desk, alice.thread)
      await alice.say(what)
      const before = await positionOf(alice)
      const [reply] = await alice.press(question, choice)
      expect(reply!.text).toContain('BYND has changed since the guardian asked. Nothing was done.')
      expect(await positionOf(alice)).toEqual(before)
      expect(await decided(desk, id)).toMatchObject({ state: 'refused', chosen: choice })
    }
  })

  test('after two minutes does nothing, and only the presser is told', async ({ alice }) => {
    const id = await judged(alice)
    const question = await questionIn(desk, alice.thread)
    clock.advance(2 * 60_000)
    const [reply] = await alice.press(question, 'EXIT')
    expect(reply).toMatchObject({
      private: true,
      text: expect.stringContaining('open for two minutes and has expired. Nothing was done.'),
    })
    expect(await ordersOf(alice)).toEqual([])
    await sweepGuardian(desk.desk.guardian)
    expect(await decided(desk, id)).toMatchObject({ state: 'expired', outcome: 'nobody answered' })
    expect((await alice.press(question, 'EXIT'))[0]).toMatchObject({ private: true })
  })

  test('by a stranger is refused, to them alone, pressed or typed', async ({ alice }) => {
    await judged(alice)
    const question = await questionIn(desk, alice.thread)
    const bob = someone(desk, undefined, alice.thread)
    for (const replies of [await bob.press(question, 'EXIT'), await bob.hear('1')]) {
      expect(replies).toEqual([{ private: true, text: `⚠️ That question is for ${alice.name}. Nothing was done.` }])
    }
    expect(await ordersOf(alice)).toEqual([])
  })

  test.for(['BUY', '__proto__', 'TRIM', '1'])('that was not offered (%s) is none', async (choice, { alice }) => {
    const id = await judged(alice)
    const [reply] = await alice.press(await questionIn(desk, alice.thread), choice)
    expect(reply!.text).toContain('not open any more. Nothing was done.')
    expect(await ordersOf(alice)).toEqual([])
    expect(await decided(desk, id)).toMatchObject({ state: 'proposed' })
  })

  test('by somebody who may only look by now is refused', async ({ alice }) => {
    await judged(alice)
    const question = await questionIn(desk, alice.thread)
    await desk.desk.parts.db.updateTable('members').set({ role: 'viewer' }).where('id', '=', alice.memberId).execute()
    expect((await alice.press(question, 'EXIT'))[0]!.text).toContain('you may look, but not trade')
    expect(await ordersOf(alice)).toEqual([])
  })

  test('that sells, at a price that is not fresh, sells nothing', async ({ alice }) => {
    const id = await judged(alice)
    market.stale('BYND', 'too old')
    expect(await alice.say('1')).toContain('cannot be traded now')
    market.set('BYND', '0.561')
    expect(await decided(desk, id)).toMatchObject({ state: 'refused' })
    expect(await ordersOf(alice)).toEqual([])
  })
})

describe('by itself', () => {
  test('it tightens a stop where the account says so, and tells', async ({ alice }) => {
    expect(await alice.say('guardian auto')).toContain('GUARDIAN AUTO')
    const id = await judged(alice)
    expect(await stopOf(alice)).toMatchObject({ price: '0.55', trail: '0.02' })
    const [message] = await said(desk, alice.thread)
    expect(message!.question).toBeUndefined()
    expect(message!.text).toContain('Guardian: tightened; the stop is at $0.55 and trails by 2%')
    expect(await decided(desk, id)).toMatchObject({ state: 'acted', chosen: null })
  })

  test('it does not act on a price that is not fresh', async ({ alice }) => {
    await alice.say('guardian auto')
    market.stale('BYND', 'too old')
    const id = await judged(alice)
    market.set('BYND', '0.561')
    expect(await decided(desk, id)).toMatchObject({ action: 'TRAIL_STOP', state: 'proposed' })
    expect(await stopOf(alice)).toMatchObject({ trail: null })
  })

  test('it asks before it sells, and where no stop is there to tighten', async ({ alice }) => {
    await alice.say('guardian auto')
    const exit = await judged(alice, 'position.thesis_invalidation')
    expect(await decided(desk, exit)).toMatchObject({ action: 'EXIT', state: 'proposed' })
    const bob = await watched(desk, {})
    await bob.say('guardian auto')
    const id = await happens(desk, bob, 'position.target_approaching')
    await judge(desk.desk.guardian, id)
    expect(await decided(desk, id)).toMatchObject({ action: 'TRAIL_STOP', state: 'proposed' })
    expect(await ordersOf(alice)).toEqual([])
  })

  test('it is silent after `guardian off`: the thread gets the plain alert, once', async ({ alice }) => {
    expect(await alice.say('guardian off')).toContain('GUARDIAN OFF')
    const id = await judged(alice)
    await judge(desk.desk.guardian, id)
    expect(
      await desk.desk.parts.db.selectFrom('guardian_decisions').where('event_id', '=', id).selectAll().execute(),
    ).toEqual([])
    const messages = await said(desk, alice.thread)
    expect(messages.map(({ text, question }) => [text.split('\n')[0], question])).toEqual([
      ['⚠️ STOP APPROACHING — BYND', undefined],
    ])
    expect(messages[0]!.text).not.toContain('Guardian')
    expect(await alice.say('guardian')).toContain('`guardian ask` changes that')
    expect(await alice.say('guardian ask')).toContain('GUARDIAN ASK')
    expect(await decided(desk, await judged(alice, 'position.thesis_invalidation'))).toMatchObject({
      state: 'proposed',
    })
  })

  test('it asks again after `guardian ask`, and for an account that is not paper', async ({ alice }) => {
    await alice.say('guardian auto')
    await alice.say('guardian ask')
    expect(await decided(desk, await judged(alice))).toMatchObject({ state: 'proposed' })
    await alice.say('guardian auto')
    const { db } = desk.desk.parts
    await db.updateTable('accounts').set({ mode: 'live' }).where('id', '=', alice.accountId).execute()
    expect(await decided(desk, await judged(alice, 'position.target_approaching'))).toMatchObject({ state: 'proposed' })
  })
})

test('`why` shows what was seen, proposed and done, newest first', async ({ alice }) => {
  await judged(alice)
  await alice.press(await questionIn(desk, alice.thread), 'HOLD')
  const why = await alice.say('why BYND')
  expect(why).toContain('🧭 WHY — BYND')
  expect(why).toContain('⚠️ STOP APPROACHING\nLONG 3,750 @ $0.63 · now $0.561 · stop $0.55 (1.96% away)')
  expect(why).toMatch(/TRAIL 2% \(rules: no model is configured · \d+ ms\): 1\.96% from the stop/)
  expect(why).toContain('→ you chose HOLD: held')
})
