import { describe, expect, test } from 'vitest'
import { Big } from '../../../../src/base/amounts.ts'
import { filledBy } from '../fill-sums.ts'
import { buying, limited, openDifficult, quantities, the } from './someone.ts'

const whole = [{ weight: 1, afterMs: 0 }]
const quarters = [
  { weight: 1, afterMs: 1000 },
  { weight: 3, afterMs: 2000 },
]

describe('parts', () => {
  test('are filled one after the other, each at its time, as long as the market is there', async () => {
    const { venue, agenda } = openDifficult()
    venue.script({ parts: quarters })
    await venue.submit(limited('a', '1.02'))
    const filled = async () => quantities((await venue.find(the('a')))!.fills)
    expect(await filled()).toEqual([])
    await agenda.advance(999)
    expect(await filled()).toEqual([])
    await agenda.advance(1)
    expect(await filled()).toEqual(['25'])
    venue.setPrice('BYND', '1.03')
    await agenda.advance(10_000)
    expect(await filled()).toEqual(['25'])
    expect(await venue.find(the('a'))).toMatchObject({ state: 'working', filledQuantity: new Big(25) })
    venue.setPrice('BYND', '1.00')
    await venue.settle()
    expect(await venue.find(the('a'))).toMatchObject({ state: 'filled', filledQuantity: new Big(100) })
    expect(venue.truth.fills().map(({ price }) => price.toFixed())).toEqual(['1.01', '1'])
  })

  test('are drawn in whole lots, and add up to the quantity', async () => {
    const { venue } = openDifficult({ difficulties: { parts: 1 } })
    for (const quantity of ['1', '2', '7', '100']) await venue.submit(buying(quantity, { quantity: new Big(quantity) }))
    await venue.settle()
    for (const { fills, quantity } of venue.truth.orders()) {
      expect(filledBy(fills).toFixed()).toBe(quantity.toFixed())
      for (const fill of fills) expect(fill.quantity.mod(1).toFixed()).toBe('0')
    }
    expect(venue.truth.orders().at(-1)!.fills.length).toBeGreaterThan(1)
  })
})

describe('a fill', () => {
  test('waits', async () => {
    const { venue, agenda } = openDifficult({ difficulties: { waits: 1 }, timings: { part: [700, 700] } })
    expect(await venue.submit(buying('a'))).toMatchObject({ outcome: 'accepted', report: { state: 'working' } })
    await agenda.advance(699)
    expect((await venue.find(the('a')))?.state).toBe('working')
    await agenda.advance(1)
    expect((await venue.find(the('a')))?.state).toBe('filled')
  })

  test('exceeds the ordered quantity, in an execution of its own', async () => {
    const { venue } = openDifficult({ difficulties: { overfills: 1 } })
    await venue.submit(buying('a'))
    await venue.submit(buying('b', { quantity: new Big(3) }))
    const [a, b] = venue.truth.orders()
    expect([quantities(a!.fills), quantities(b!.fills)]).toEqual([
      ['100', '10'],
      ['3', '1'],
    ])
    expect(a!.fills.map(({ cause }) => cause)).toEqual(['planned', 'overfill'])
    expect(await venue.find(the('a'))).toMatchObject({ state: 'filled', filledQuantity: new Big(110) })
  })

  test('is worse than its limit, and no fill at the market is', async () => {
    const { venue } = openDifficult({ difficulties: { worseFills: 1 } })
    await venue.submit(limited('a', '1.02'))
    await venue.submit(limited('b', '0.90', { side: 'sell' }))
    await venue.submit(buying('c'))
    expect(venue.truth.fills().map(({ price }) => price.toFixed())).toEqual(['1.0302', '0.891', '1.01'])
  })

  test('is taken back by a fill that names it', async () => {
    const { venue, agenda, events } = openDifficult()
    venue.script({ parts: [...whole, ...whole], bust: { part: 1, afterMs: 3000 } })
    await venue.submit(buying('a'))
    expect(venue.truth.net('one', 'BYND').toFixed()).toBe('100')
    await agenda.advance(3000)
    const report = (await venue.find(the('a')))!
    expect(report).toMatchObject({ state: 'cancelled', filledQuantity: new Big(50) })
    expect(quantities(report.fills)).toEqual(['50', '50', '-50'])
    const [, taken, back] = report.fills
    expect(back).toEqual({ ...taken, venueFillId: 'execution-3', reverses: 'execution-2', filledAt: agenda.now() })
    expect((await venue.fills('one')).fills).toEqual(report.fills)
    expect(events.at(-2)).toEqual({ kind: 'fill', fill: back })
    expect(venue.truth.net('one', 'BYND').toFixed()).toBe('50')
    expect((await venue.balance('one')).cash.toFixed()).toBe('999949.5')
  })

  test('is taken back while the order works, and the order ends with the parts that it had', async () => {
    const { venue } = openDifficult()
    venue.script({ parts: quarters, bust: { part: 0, afterMs: 500 } })
    await venue.submit(buying('a'))
    await venue.settle()
    expect(await venue.find(the('a'))).toMatchObject({ state: 'cancelled', filledQuantity: new Big(75) })
  })

  test('is shown twice under its id, in reports, lists and events, and counts once', async () => {
    const { venue, events } = openDifficult({ difficulties: { repeatedIds: 1 } })
    await venue.submit(buying('a'))
    const report = (await venue.find(the('a')))!
    expect(report.fills).toHaveLength(2)
    expect(report.fills[0]).toEqual(report.fills[1])
    expect(report.filledQuantity.toFixed()).toBe('100')
    expect((await venue.fills('one')).fills).toEqual(report.fills)
    expect(events.filter(({ kind }) => kind === 'fill')).toHaveLength(2)
    expect(venue.truth.fills()).toHaveLength(1)
    expect(await venue.positions('one')).toEqual([{ symbol: 'BYND', signedQuantity: new Big(100) }])
  })

  test('has an id that is unique within its account', async () => {
    const { venue } = openDifficult()
    await venue.submit(buying('a'))
    await venue.submit(buying('b', { account: 'other' }))
    await venue.submit(buying('c'))
    expect(venue.truth.fills().map(({ account, venueFillId }) => `${account} ${venueFillId}`)).toEqual([
      'one execution-1',
      'other execution-1',
      'one execution-2',
    ])
  })

  test('counts before it is in reports and lists', async () => {
    const { venue, agenda } = openDifficult({ difficulties: { lateInLists: 1 }, timings: { listing: [400, 400] } })
    const answer = await venue.submit(buying('a'))
    expect(answer).toMatchObject({ report: { state: 'filled', filledQuantity: new Big(100), fills: [] } })
    const first = await venue.fills('one')
    expect(first.fills).toEqual([])
    await agenda.advance(400)
    expect(quantities((await venue.find(the('a')))!.fills)).toEqual(['100'])
    expect(quantities((await venue.fills('one', first.cursor)).fills)).toEqual(['100'])
  })
})

test('the list of fills has pages', async () => {
  const { venue } = openDifficult({ pageSize: 2 })
  for (const id of ['a', 'b', 'c', 'd', 'e']) await venue.submit(buying(id))
  const pages: string[][] = []
  for (let page = await venue.fills('one'); page.fills.length > 0; page = await venue.fills('one', page.cursor))
    pages.push(page.fills.map(({ clientOrderId }) => clientOrderId))
  expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']])
})
