import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sum } from '../../../src/base/amounts.ts'
import { openPosition } from '../../../src/trading/positions/rows/positions.ts'
import { createCriticalCloses } from '../../../src/trading/protection/close-now/close.ts'
import { handAgenda } from '../../contracts/venues/difficult/agenda.ts'
import { createDifficultVenue, type DifficultVenue } from '../../contracts/venues/difficult/venue.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { someone } from '../../talk/commands/someone.ts'
import { protect, touch } from '../protection/touched.ts'
import { type Unkind, unkindDesk } from './unkind.ts'

/** Longer than any test takes. */
const neverMs = 600_000

const sold = ({ truth }: DifficultVenue) =>
  sum(truth.fills().map(({ side, quantity }) => (side === 'sell' ? quantity : quantity.neg()))).toFixed()

describe('while the order of a touched stop is being filled', () => {
  /** LONG 3,000 with a limit sale of 1,000 whose cancel takes a while, and a stop that is touched. */
  async function scene(desk: Unkind) {
    desk.price('BYND', '0.63')
    const alice = someone(desk)
    await alice.say('long BYND 3000 @ .63')
    desk.venue.script({ cancel: { refusedTimes: 0, afterMs: 1500, isRaced: false } }, ({ limitPrice }) => !!limitPrice)
    await alice.say('sell BYND 1000 @ .80')
    const held = await protect(desk, alice, 'BYND', { stop: '0.55' })
    desk.venue.script(
      { parts: [{ weight: 1, afterMs: neverMs }] },
      ({ quantity, limitPrice }) => quantity.eq(2000) && !limitPrice,
    )
    desk.price('BYND', '0.55')
    await touch(desk, held, 'stop', '0.55')
    return { alice, id: held.stop!.id }
  }

  test('an order of its own sells at once the quantity that other orders give back', async () => {
    const desk = await unkindDesk()
    const { id } = await scene(desk)
    const closes = async () => (await desk.orders()).filter(({ key }) => key.startsWith('stop-'))
    await expect.poll(closes).toEqual([
      { key: `stop-${id}`, state: 'working', quantity: '2000', filled: '0' },
      { key: `stop-${id}-2`, state: 'filled', quantity: '1000', filled: '1000' },
    ])
    await desk.venue.settle()
    await desk.rests()
    expect(sold(desk.venue)).toBe('3000')
    expect(await closes()).toHaveLength(2)
    await desk.expectTruth()
  })

  test('`stop off` gives up all of its orders', async () => {
    const desk = await unkindDesk()
    const { alice } = await scene(desk)
    await desk.hears(/^🛑 STOP HIT — BYND\nSold 1,000 @ \$0\.55 · stop \$0\.55\n/)
    expect(await alice.say('stop off')).toBe('✓ OK, 2,000 BYND are not sold.')
    await desk.rests()
    expect(await alice.say('positions')).toContain('LONG 2,000 BYND')
    expect(sold(desk.venue)).toBe('1000')
    await desk.expectTruth()
  })

  test('its thread is told the fills so far, without an error', async () => {
    const desk = await unkindDesk()
    const alice = someone(desk)
    await alice.say('long BYND 3750 @ .63')
    const held = await protect(desk, alice, 'BYND', { stop: '0.55' })
    desk.venue.script({
      parts: [
        { weight: 1, afterMs: 0 },
        { weight: 2, afterMs: neverMs },
      ],
    })
    desk.price('BYND', '0.55')
    await touch(desk, held, 'stop', '0.55')
    await desk.hears(
      /^⏳ STOP HIT — BYND: the venue is filling the order\nSold 1,250 of 3,750 so far, in \d+ s\n💡 It goes on by itself; `stop off` keeps what is not sold yet\n· person\d+$/,
    )
    expect(desk.said().filter((text) => text.includes('NOT CLOSED YET'))).toEqual([])
    expect(await alice.say('history BYND')).not.toContain('did not go through')
    expect(await alice.say('stop off')).toBe('✓ OK, 2,500 BYND are not sold; 1,250 were sold before that.')
    await desk.hears(/^✓ GIVEN UP — BYND\nThe venue has ended the order: 1,250 of 3,750 were sold before that\.\n/)
  })
})

describe('`close` while the order of a touched stop is being filled, and nobody but the person goes on', () => {
  let desk: TestDesk
  let venue: DifficultVenue
  beforeAll(async () => {
    venue = createDifficultVenue({ seed: 1, agenda: handAgenda() })
    desk = await openTestDesk({ worker: false, venue: () => venue })
  })
  afterAll(async () => {
    await desk.close()
    venue.close()
  })

  /** A stop order for 1,000 with a quarter filled by the venue; 500 more have been opened since. */
  async function scene() {
    venue.setPrice('BYND', '0.55')
    const alice = someone(desk)
    await alice.say('long BYND 1000 @ .63')
    const held = await protect(desk, alice, 'BYND', { stop: '0.55' })
    venue.script({
      parts: [
        { weight: 1, afterMs: 0 },
        { weight: 3, afterMs: neverMs },
      ],
    })
    const eventId = (await touch(desk, held, 'stop', '0.55'))!
    const { id } = held.stop!
    await createCriticalCloses(desk.desk.parts).close({
      ...{ eventId, since: new Date(), positionId: held.position.id, symbol: 'BYND', purpose: 'stop' },
      ...{ key: `stop-${id}`, protectiveOrderId: id, memberId: held.memberId },
    })
    const free = async () => {
      const { signedQuantity, workingQuantity } = (await openPosition(desk.desk.parts.db, held.accountId, 'BYND'))!
      return signedQuantity.minus(workingQuantity).toFixed()
    }
    return { alice, free }
  }

  test('sells the free quantity, and tells the quantity in flight', async () => {
    const { alice, free } = await scene()
    await alice.say('long BYND 500 @ .60')
    await alice.say('1')
    expect(await free()).toBe('500')
    const said = await alice.say('close BYND now')
    expect(said).toContain('✓ SOLD 500 BYND @ $0.55')
    expect(said).toContain(
      '⏳ 750 BYND are already on their way out: the venue is filling the order, 250 of 1,000 sold so far.',
    )
    expect(await free()).toBe('0')
  })

  test('tells the filled part when nothing is free', async () => {
    const { alice, free } = await scene()
    expect(await free()).toBe('0')
    expect(await alice.say('close BYND now')).toBe(
      '⏳ 750 BYND are already on their way out: the venue is filling the order, 250 of 1,000 sold so far.',
    )
  })
})
