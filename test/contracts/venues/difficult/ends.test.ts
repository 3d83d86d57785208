import { describe, expect, test } from 'vitest'
import { Big } from '../../../../src/base/amounts.ts'
import type { Difficulty } from './difficulties.ts'
import { buying, limited, openDifficult, quantities, the } from './someone.ts'

const halves = [
  { weight: 1, afterMs: 0 },
  { weight: 1, afterMs: 1000 },
]

describe('the venue', () => {
  test.each<[Difficulty, string]>([
    ['halts', 'cancelled'],
    ['iocs', 'cancelled'],
    ['expiries', 'expired'],
    ['lateRefusals', 'refused'],
  ])('ends orders by itself (%s): %s, before any part or after some', async (difficulty, state) => {
    const { venue } = openDifficult({ difficulties: { [difficulty]: 1, parts: 1 } })
    for (let order = 1; order <= 12; order++)
      expect(await venue.submit(buying(`${order}`))).toMatchObject({ outcome: 'accepted' })
    await venue.settle()
    const ended = venue.truth.orders()
    expect(new Set(ended.map((order) => order.state))).toEqual(new Set([state]))
    const filled = new Set(ended.map(({ fills }) => (fills.length === 0 ? 'none' : 'some')))
    expect(filled).toEqual(new Set(difficulty === 'lateRefusals' ? ['none'] : ['none', 'some']))
    expect((await venue.find(the('1')))?.words).toMatch(/\w/)
    expect(await venue.submit(buying('1'))).toMatchObject({ outcome: 'refused', code: 'DUPLICATE' })
  })

  test('refuses an order, and accepts it later', async () => {
    const { venue } = openDifficult()
    venue.script({ refused: { code: 'HALTED', times: 2 } })
    const outcomes = async () => (await venue.submit(buying('a'))).outcome
    expect([await outcomes(), await outcomes()]).toEqual(['refused', 'refused'])
    expect(await venue.find(the('a'))).toBeUndefined()
    expect(await outcomes()).toBe('accepted')
    expect(venue.truth.timesTaken('a')).toBe(1)
    expect(venue.truth.arrived()).toHaveLength(3)
  })

  test('refuses an order for good, until the difficulties end', async () => {
    const { venue } = openDifficult({ difficulties: { lastingRefusals: 1 } })
    for (let time = 0; time < 10; time++) expect(await venue.submit(buying('a'))).toMatchObject({ outcome: 'refused' })
    venue.calm()
    expect(await venue.submit(buying('a'))).toMatchObject({ outcome: 'accepted' })
  })

  test('refuses with codes that are drawn', async () => {
    const { venue } = openDifficult({ difficulties: { refusals: 1 } })
    const codes = new Set<string>()
    for (let order = 1; order <= 30; order++) {
      const answer = await venue.submit(buying(`${order}`))
      if (answer.outcome === 'refused') codes.add(answer.code)
    }
    expect(codes.size).toBe(5)
  })
})

describe('a cancel', () => {
  test('is refused, and works later', async () => {
    const { venue } = openDifficult()
    venue.script({ cancel: { refusedTimes: 1, afterMs: 0, isRaced: false } })
    await venue.submit(limited('a', '0.50'))
    expect(await venue.cancel(the('a'))).toMatchObject({ outcome: 'refused', code: 'NOT_CHANGEABLE' })
    expect(await venue.cancel(the('a'))).toMatchObject({ outcome: 'ended', report: { state: 'cancelled' } })
  })

  test('is accepted, and its end comes later', async () => {
    const { venue, agenda } = openDifficult({ difficulties: { slowCancels: 1 }, timings: { wish: [800, 800] } })
    await venue.submit(limited('a', '0.50'))
    expect(await venue.cancel(the('a'))).toEqual({ outcome: 'asked' })
    expect(await venue.cancel(the('a'))).toEqual({ outcome: 'asked' })
    await agenda.advance(799)
    expect((await venue.find(the('a')))?.state).toBe('working')
    await agenda.advance(1)
    expect((await venue.find(the('a')))?.state).toBe('cancelled')
  })

  test('is raced by a fill, of a part or of all', async () => {
    const { venue } = openDifficult({ difficulties: { racingCancels: 1 } })
    venue.script({ parts: halves })
    for (const id of ['part', 'all']) {
      await venue.submit(limited(id, '0.50'))
      expect(await venue.cancel(the(id))).toEqual({ outcome: 'asked' })
    }
    await venue.settle()
    const [part, all] = venue.truth.orders()
    expect([part!.state, quantities(part!.fills)]).toEqual(['cancelled', ['50']])
    expect([all!.state, quantities(all!.fills)]).toEqual(['filled', ['100']])
    expect(all!.fills).toMatchObject([{ cause: 'raced a cancel', price: new Big('0.50') }])
  })

  test('is done, and a fill comes afterwards', async () => {
    const { venue } = openDifficult({ difficulties: { lateFills: 1 } })
    venue.script({ parts: halves })
    for (const id of ['part', 'all']) {
      await venue.submit(limited(id, '0.50'))
      expect(await venue.cancel(the(id))).toMatchObject({ outcome: 'ended', report: { state: 'cancelled', fills: [] } })
    }
    await venue.settle()
    const [part, all] = venue.truth.orders()
    expect([part!.state, quantities(part!.fills)]).toEqual(['cancelled', ['50']])
    expect([all!.state, quantities(all!.fills)]).toEqual(['filled', ['100']])
    expect(part!.fills).toMatchObject([{ cause: 'late' }])
  })
})

describe('a replace', () => {
  const cents80 = new Big('0.80')

  test('is refused', async () => {
    const { venue } = openDifficult({ difficulties: { refusedReplaces: 1 } })
    await venue.submit(limited('a', '0.50'))
    expect(await venue.replace(the('a'), cents80)).toMatchObject({ outcome: 'refused', code: 'NOT_CHANGEABLE' })
    expect((await venue.find(the('a')))?.limitPrice?.toFixed()).toBe('0.5')
  })

  test('is accepted, and done later, unless the order has ended by then', async () => {
    const { venue } = openDifficult({ difficulties: { slowReplaces: 1 } })
    for (const id of ['a', 'b']) {
      await venue.submit(limited(id, '0.50'))
      expect(await venue.replace(the(id), cents80)).toEqual({ outcome: 'asked' })
    }
    await venue.cancel(the('b'))
    await venue.settle()
    expect(await venue.find(the('a'))).toMatchObject({ state: 'working', limitPrice: cents80 })
    expect(await venue.find(the('b'))).toMatchObject({ state: 'cancelled', limitPrice: new Big('0.50') })
  })

  test('gives an order a new id, and the client id still finds it', async () => {
    const { venue } = openDifficult({ difficulties: { newIds: 1, refusedOldIds: 1 } })
    const placed = await venue.submit(limited('a', '0.50'))
    const replaced = await venue.replace(the('a'), cents80)
    if (placed.outcome !== 'accepted' || replaced.outcome !== 'replaced') throw new Error('it was not replaced')
    const [old, young] = [placed.report.venueOrderId, replaced.report.venueOrderId]
    expect(young).not.toBe(old)
    expect((await venue.find({ ...the('a'), venueOrderId: old }))?.venueOrderId).toBe(young)
    expect((await venue.openOrders('one')).map(({ venueOrderId }) => venueOrderId)).toEqual([young])
    expect(venue.truth.orders()[0]?.venueOrderIds).toEqual([old, young])
    // The old id is no longer valid for changes.
    expect(await venue.cancel({ ...the('a'), venueOrderId: old })).toMatchObject({ code: 'NOT_CHANGEABLE' })
    expect(await venue.cancel({ ...the('a'), venueOrderId: young })).toMatchObject({ outcome: 'ended' })
  })
})

describe('an order', () => {
  test('expires when its time is over', async () => {
    const { venue, agenda } = openDifficult()
    await venue.submit(limited('a', '0.50', { expiresAt: new Date(agenda.now().getTime() + 1000) }))
    await agenda.advance(999)
    expect((await venue.find(the('a')))?.state).toBe('working')
    await agenda.advance(1)
    venue.setPrice('BYND', '0.40')
    expect(await venue.find(the('a'))).toMatchObject({ state: 'expired', fills: [] })
  })

  test('is not shown for a while, although it is there and is filled', async () => {
    const { venue, agenda } = openDifficult({ difficulties: { missing: 1 }, timings: { missing: [5000, 5000] } })
    expect(venue.capabilities.lostAfterMs).toBe(5001)
    await venue.submit(buying('a'))
    await venue.submit(limited('b', '0.50'))
    expect(await venue.find(the('a'))).toBeUndefined()
    expect(await venue.openOrders('one')).toEqual([])
    expect(await venue.cancel(the('b'))).toMatchObject({ code: 'NO_SUCH_ORDER' })
    expect(await venue.replace(the('b'), new Big(1))).toMatchObject({ code: 'NO_SUCH_ORDER' })
    expect(await venue.submit(buying('a'))).toMatchObject({ code: 'DUPLICATE' })
    expect(quantities((await venue.fills('one')).fills)).toEqual(['100'])
    await agenda.advance(5000)
    expect((await venue.find(the('a')))?.state).toBe('filled')
    expect(await venue.openOrders('one')).toHaveLength(1)
  })

  test('that has ended is shown with an unknown status, as working', async () => {
    const { venue, agenda } = openDifficult({ difficulties: { unknownStatuses: 1 }, timings: { status: [900, 900] } })
    await venue.submit(buying('a'))
    expect(await venue.find(the('a'))).toMatchObject({
      state: 'working',
      filledQuantity: new Big(100),
      words: 'status: pending_review',
    })
    expect(await venue.openOrders('one')).toHaveLength(1)
    expect(await venue.cancel(the('a'))).toEqual({ outcome: 'asked' })
    await agenda.advance(900)
    expect((await venue.find(the('a')))?.state).toBe('filled')
  })

  test('that is sent again is refused, or accepted twice', async () => {
    const strict = openDifficult().venue
    const lax = openDifficult({ capabilities: { refusesDuplicates: false } }).venue
    for (const venue of [strict, lax]) await venue.submit(buying('a'))
    expect(await strict.submit(buying('a'))).toMatchObject({ outcome: 'refused', code: 'DUPLICATE' })
    expect(await lax.submit(buying('a'))).toMatchObject({ outcome: 'accepted' })
    expect([strict, lax].map(({ truth }) => truth.timesTaken('a'))).toEqual([1, 2])
    expect([strict, lax].map(({ truth }) => truth.net('one', 'BYND').toFixed())).toEqual(['100', '200'])
  })
})
