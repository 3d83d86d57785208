import { describe, expect } from 'vitest'
import { judge } from '../../../src/watch/guardian/judge.ts'
import { sweepGuardian } from '../../../src/watch/guardian/sweep.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { decided, happens, questionIn, type Watched, watched } from './someone-watched.ts'

const clock = handClock('2026-11-20T15:00:00Z', 1)
const { test: base, desk, market } = deskTest({ worker: false, clock })
const test = base.extend('alice', () => watched(desk, { stop: '.55' }))
test.beforeEach(() => market.set('BYND', '0.561'))

const judged = async (alice: Watched, type?: Parameters<typeof happens>[2], more = {}) => {
  const id = await happens(desk, alice, type, more)
  await judge(desk.desk.guardian, id)
  return id
}
const ordersOf = async (one: Watched) =>
  desk.desk.parts.db
    .selectFrom('orders')
    .selectAll()
    .where('position_id', '=', one.positionId)
    .where('purpose', '!=', 'record')
    .execute()

describe('a question beside others', () => {
  test('never takes a number that is meant for the question of a command', async ({ alice }) => {
    const id = await judged(alice)
    clock.advance(20_000)
    await alice.hear('scaleout')
    expect(await alice.say('1')).toContain('SCALEOUT INITIATED')
    expect(await decided(desk, id)).toMatchObject({ state: 'proposed' })
  })

  test('is answered by its button while a command asks, and leaves that question open', async ({ alice }) => {
    await alice.hear('scaleout')
    await judged(alice)
    const [reply] = await alice.press(await questionIn(desk, alice.thread), 'HOLD')
    expect(reply!.text).toBe('✓ HOLD. BYND stays as it is.')
    expect(await alice.say('2')).toContain('Mode: MEDIUM')
  })

  test('survives a short memory that was away when it was put, or lost it: the sweep puts it back', async ({
    alice,
  }) => {
    const { guardian } = desk.desk
    const id = await happens(desk, alice)
    const away = { ...guardian, put: () => Promise.reject(new Error('away')) }
    await judge(away, id)
    const question = await questionIn(desk, alice.thread)
    expect((await alice.press(question, 'HOLD'))[0]!.text).toContain('not open any more')
    await sweepGuardian(guardian)
    await desk.desk.parts.redis.flushall()
    await sweepGuardian(guardian)
    await sweepGuardian(guardian)
    expect((await alice.press(question, 'HOLD'))[0]!.text).toContain('✓ HOLD')
    await sweepGuardian(guardian)
    expect((await alice.press(question, 'EXIT'))[0]).toMatchObject({ private: true })
    expect(await ordersOf(alice)).toEqual([])
  })

  test('takes numbers and no words, and leaves commands alone', async ({ alice }) => {
    const id = await judged(alice)
    expect(await alice.say('pl')).toContain('P&L')
    expect(await alice.hear('hold', { addressed: false })).toEqual([])
    expect(await decided(desk, id)).toMatchObject({ state: 'proposed' })
    expect((await alice.hear('3', { addressed: false }))[0]!.text).toContain('✓ HOLD')
  })

  test('of the guardian cannot be chosen between by a number alone, but by the symbol', async ({ alice }) => {
    const first = await judged(alice)
    const second = await judged(alice, 'position.thesis_invalidation')
    expect(await alice.say('3')).toContain('2 questions are open here. Nothing was done.')
    expect(await alice.say('guardian')).toContain('BYND · Guardian suggests: ')
    expect(await alice.say('guardian BYND 3')).toContain('✓ HOLD')
    expect(await decided(desk, second)).toMatchObject({ chosen: 'HOLD' })
    clock.advance(1000)
    for (const text of ['pl', 'quote bynd', 'positions']) await alice.say(text)
    expect(await decided(desk, first)).toMatchObject({ state: 'proposed' })
    const again = await alice.say('3')
    expect(again).toContain('You said other things since that question. Nothing was done; here it is again.')
    expect(again).toContain('Guardian suggests: TRAIL 2%')
    expect(await alice.say('3')).toContain('✓ HOLD')
    expect(await decided(desk, first)).toMatchObject({ chosen: 'HOLD' })
  })

  test('answers nothing for a position that is closed by then: by number, by symbol or by button', async ({
    alice,
  }) => {
    const id = await judged(alice)
    const question = await questionIn(desk, alice.thread)
    await alice.say('close now')
    expect(await alice.say('guardian BYND 3')).toContain('You have no open position in BYND')
    expect(await alice.say('3')).toContain('it was answered, or its position is closed. Nothing was done.')
    expect((await alice.press(question, 'HOLD'))[0]!.text).toContain('The position in BYND is closed by now')
    expect(await decided(desk, id)).toMatchObject({ state: 'refused' })
    expect(await alice.say('guardian')).not.toContain('BYND ·')
  })

  test('does not take a number when it was shown long ago, or another question was since', async ({ alice }) => {
    const id = await judged(alice)
    clock.advance(1000)
    for (const text of ['pl', 'quote bynd', 'positions']) await alice.say(text)
    const again = await alice.say('1')
    expect(again).toContain('here it is again.')
    expect(again).toContain('Guardian suggests')
    expect(await alice.say('nvm')).toContain('OK, never mind')
    clock.advance(20_000)
    await alice.hear('scaleout')
    await alice.hear('nvm')
    expect(await alice.say('1')).toContain('here it is again.')
    expect(await ordersOf(alice)).toEqual([])
    expect(await alice.say('1')).toContain('✓ SOLD 3,750 BYND')
    expect(await decided(desk, id)).toMatchObject({ state: 'acted', chosen: 'EXIT' })
  })

  test('is declined by a no that is said to the desk', async ({ alice }) => {
    const id = await judged(alice)
    expect(await alice.hear('nvm', { addressed: false })).toEqual([])
    expect(await alice.say('nvm')).toBe('✓ HOLD. BYND stays as it is.')
    expect(await decided(desk, id)).toMatchObject({ chosen: 'HOLD' })
  })

  test('that has expired is not meant by a late answer to a later question', async ({ alice }) => {
    await judged(alice)
    clock.advance(2 * 60_000)
    await alice.hear('scaleout')
    await alice.hear('long BYND 10 @ .63')
    await alice.hear('nvm')
    expect(await alice.say('2')).toContain('No question is open here.')
    expect(await alice.say('2')).not.toContain('two minutes')
  })
})
