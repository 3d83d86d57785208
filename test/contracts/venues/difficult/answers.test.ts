import { describe, expect, test } from 'vitest'
import { Big } from '../../../../src/base/amounts.ts'
import { type OrderEvent, type OrderReport, VenueError } from '../../../../src/venues/venue.ts'
import { mistakes } from './mistaken.ts'
import { buying, limited, openDifficult, quantities, the } from './someone.ts'

describe('a call', () => {
  test('is lost on its way', async () => {
    const { venue } = openDifficult({ difficulties: { lostRequests: 1 } })
    expect(await venue.submit(buying('a'))).toMatchObject({ outcome: 'unknown' })
    expect(venue.truth.arrived()).toEqual([])
    for (const question of [venue.find(the('a')), venue.openOrders('one'), venue.fills('one'), venue.positions('one')])
      await expect(question).rejects.toThrow(VenueError)
    await expect(venue.balance('one')).rejects.toThrow(VenueError)
  })

  test('is carried out, and its answer is lost', async () => {
    const { venue } = openDifficult({ difficulties: { lostAnswers: 1 } })
    expect(await venue.submit(limited('a', '0.50'))).toMatchObject({ outcome: 'unknown' })
    expect(await venue.replace(the('a'), new Big('0.60'))).toMatchObject({ outcome: 'unknown' })
    expect(await venue.cancel(the('a'))).toMatchObject({ outcome: 'unknown' })
    expect(venue.truth.orders()).toMatchObject([{ state: 'cancelled', limitPrice: new Big('0.60') }])
  })

  test('arrives late', async () => {
    const { venue, agenda } = openDifficult()
    venue.scriptCall('submit', { requestMs: 60_000 })
    const answer = venue.submit(buying('a'))
    await agenda.advance(59_999)
    expect(venue.truth.timesTaken('a')).toBe(0)
    expect(await venue.find(the('a'))).toBeUndefined()
    await agenda.advance(1)
    expect(venue.truth.timesTaken('a')).toBe(1)
    expect(await answer).toMatchObject({ outcome: 'accepted' })
  })

  test('is answered late, with the state at its arrival', async () => {
    const { venue, agenda } = openDifficult()
    await venue.submit(limited('a', '0.50'))
    venue.scriptCall('find', { answerMs: 1200 })
    const answer = venue.find(the('a'))
    await agenda.advance(1199)
    await venue.cancel(the('a'))
    await agenda.advance(1)
    expect((await answer)?.state).toBe('working')
  })

  test('that is difficult by chance arrives late or is answered late', async () => {
    for (const difficulty of ['slowRequests', 'slowAnswers']) {
      const { venue, agenda } = openDifficult({ difficulties: { [difficulty]: 1 }, timings: { slow: [1200, 1200] } })
      const answer = venue.submit(buying('a'))
      await agenda.advance(1199)
      expect(venue.truth.arrived()).toHaveLength(difficulty === 'slowRequests' ? 0 : 1)
      await agenda.advance(1)
      expect(await answer).toMatchObject({ outcome: 'accepted' })
    }
  })

  test.each(mistakes)('is answered about an order with another %s, which no book has', async (mistake) => {
    const { venue } = openDifficult()
    const order = limited('a', '0.50')
    const right = await venue.submit(order)
    if (right.outcome !== 'accepted') throw new Error('it was refused')
    for (const name of ['find', 'openOrders', 'cancel'] as const) venue.scriptCall(name, { mistake })
    const cancelled = await venue.cancel(the('a'))
    const answers = [await venue.find(the('a')), ...(await venue.openOrders('one'))] as OrderReport[]
    if (cancelled.outcome === 'ended') answers.push(cancelled.report)
    expect(answers.length).toBeGreaterThan(1)
    for (const wrong of answers) {
      expect(`${wrong[mistake]}`).not.toBe(`${right.report[mistake]}`)
      expect(wrong).toMatchObject({ state: 'filled', filledQuantity: wrong.quantity })
      expect(wrong.fills).toMatchObject([{ symbol: wrong.symbol, side: wrong.side, account: wrong.account }])
    }
    expect(venue.truth.fills()).toEqual([])
  })

  test("for fills also returns another order's fill, and the cursor stays right", async () => {
    const { venue } = openDifficult()
    await venue.submit(buying('a'))
    venue.scriptCall('fills', { mistake: 'symbol' })
    const { fills, cursor } = await venue.fills('one')
    expect(fills.map(({ symbol }) => symbol)).toEqual(['BYND', 'AAPL'])
    await venue.submit(buying('b'))
    expect((await venue.fills('one', cursor)).fills).toMatchObject([{ clientOrderId: 'b' }])
  })
})

describe('an outage', () => {
  test('lasts its given time: nothing arrives, nothing is announced, and the market moves on', async () => {
    const { venue, agenda, events, failures } = openDifficult()
    await venue.submit(limited('a', '0.90'))
    const told = events.length
    venue.breakDown(3_600_000)
    expect(failures).toHaveLength(1)
    expect(await venue.submit(buying('b'))).toMatchObject({ outcome: 'unknown' })
    await expect(venue.openOrders('one')).rejects.toThrow(VenueError)
    venue.setPrice('BYND', '0.80')
    await agenda.advance(3_599_999)
    await expect(venue.find(the('a'))).rejects.toThrow(VenueError)
    await agenda.advance(1)
    expect(await venue.find(the('a'))).toMatchObject({ state: 'filled' })
    expect(await venue.find(the('b'))).toBeUndefined()
    expect(events).toHaveLength(told)
  })

  test('hangs', async () => {
    const { venue, agenda } = openDifficult()
    venue.breakDown(5000, { hangs: true })
    let isAnswered = false
    const answer = venue.submit(buying('a')).finally(() => {
      isAnswered = true
    })
    await agenda.advance(4999)
    expect(isAnswered).toBe(false)
    await agenda.advance(1)
    expect(await answer).toMatchObject({ outcome: 'unknown' })
    expect(venue.truth.arrived()).toEqual([])
  })

  test('that was ended does not end the next one', async () => {
    const { venue, agenda } = openDifficult()
    venue.breakDown(1000)
    venue.calm()
    await agenda.advance(500)
    venue.breakDown(1000)
    await agenda.advance(600)
    await expect(venue.balance('one')).rejects.toThrow(VenueError)
    await agenda.advance(400)
    expect((await venue.balance('one')).cash.toFixed()).toBe('1000000')
  })
})

describe('an event', () => {
  const spoken = (events: OrderEvent[]) =>
    events.map((event) => (event.kind === 'fill' ? `fill ${event.fill.clientOrderId}` : event.report.state))
  const right = ['working', 'fill a', 'filled']

  test('comes once, as it happened', async () => {
    const { venue, events } = openDifficult()
    await venue.submit(buying('a'))
    expect(spoken(events)).toEqual(right)
  })

  test('is lost', async () => {
    const { venue, events } = openDifficult({ difficulties: { lostEvents: 1 } })
    await venue.submit(buying('a'))
    await venue.settle()
    expect(events).toEqual([])
  })

  test('comes twice', async () => {
    const { venue, events } = openDifficult({ difficulties: { doubledEvents: 1 } })
    await venue.submit(buying('a'))
    await venue.settle()
    expect(spoken(events)).toEqual(right.flatMap((one) => [one, one]))
  })

  test('comes late', async () => {
    const { venue, events, agenda } = openDifficult({ difficulties: { lateEvents: 1 }, timings: { event: [700, 700] } })
    await venue.submit(buying('a'))
    await agenda.advance(699)
    expect(events).toEqual([])
    await agenda.advance(1)
    expect(spoken(events)).toEqual(right)
  })

  test('waits for the one after it', async () => {
    const { venue, events } = openDifficult()
    venue.become({ reorderedEvents: 1 })
    await venue.submit(limited('a', '0.50'))
    venue.become({})
    await venue.cancel(the('a'))
    expect(spoken(events)).toEqual(['cancelled', 'working'])
  })

  test('that waits comes after a while without a next one', async () => {
    const { venue, events } = openDifficult({ difficulties: { reorderedEvents: 1 } })
    await venue.submit(buying('a'))
    expect(events).toEqual([])
    await venue.settle()
    expect(spoken(events).sort()).toEqual(right.toSorted())
  })

  test('is about another order', async () => {
    const { venue, events } = openDifficult({ difficulties: { wrongEvents: 1 } })
    const order = buying('a')
    await venue.submit(order)
    for (const event of events) {
      const { account, clientOrderId, symbol, side, quantity } = event.kind === 'fill' ? event.fill : event.report
      expect({ account, clientOrderId, symbol, side, quantity }).not.toEqual(order)
    }
    expect(quantities(venue.truth.fills())).toEqual(['100'])
  })
})
