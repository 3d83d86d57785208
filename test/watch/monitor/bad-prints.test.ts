import { describe, expect } from 'vitest'
import { freshDeskTest } from '../../support/desk-test.ts'
import { someone } from '../../talk/commands/someone.ts'

/** One bad print sells nothing; a true move is acted on within half a second more. The worker runs, on the machine's clock. */

const { test, desk } = freshDeskTest({ monitorEveryMs: 100 })
test.beforeEach(() => {
  desk.market.set('BYND', '1.00', '1.01')
  desk.market.set('BTC-USD', '63000', '63001')
})

const db = () => desk.desk.parts.db

const happened = async () =>
  (await db().selectFrom('desk_events').select('type').orderBy('id').execute())
    .map(({ type }) => type)
    .filter((type) => /^(position|trading|risk)\./.test(type))

/** Waits for a sweep that began after now and marked all open positions. Returns their marks. */
async function swept(): Promise<string[]> {
  const since = new Date()
  const marks = () =>
    db()
      .selectFrom('positions as p')
      .leftJoin('position_watch as w', 'w.position_id', 'p.id')
      .where('p.closed_at', 'is', null)
      .select(['w.mark', 'w.marked_at'])
      .execute()
  await expect
    .poll(async () => (await marks()).every(({ marked_at }) => marked_at !== null && marked_at > since))
    .toBe(true)
  return (await marks()).map(({ mark }) => mark!)
}

/** Kinds of bad prints in a market at $1.00: outside of a quote that stands, and with a quote as bad as themselves. */
const bad: [kind: string, print: (price: string) => void][] = [
  ['outside of a quote that stays', (price) => desk.market.print('BYND', price, '1.00', '1.01')],
  [
    'with its quote, and gone again',
    (price) => {
      desk.market.set('BYND', price)
      desk.market.set('BYND', '1.00', '1.01')
    },
  ],
]

describe.each(bad)('a print %s', (_, print) => {
  test('touches no stop and no target, moves no trail, passes no milestone, trips no breaker and marks nothing', async () => {
    await desk.say('long BYND 20000 @ 1.00')
    await desk.say('trail 4%')
    await desk.say('target 1.90')
    await swept()
    const levels = async () =>
      (await db().selectFrom('protective_orders').select(['kind', 'price', 'state']).orderBy('id').execute()).map(
        ({ kind, price, state }) => `${kind} ${price} ${state}`,
      )
    const before = await levels()
    // Down, and the stop would be touched, and 18% of the account lost; up, and the target.
    for (const price of ['0.10', '2.00', '0.01', '50']) print(price)
    expect(await swept()).toEqual(['1'])
    expect(await desk.say('pl BYND')).toContain('Current: $1.00')
    expect(await levels()).toEqual(before)
    expect(await happened()).toEqual([])
  })
})

test('an order that waits for a price does not take a bad print for it', async () => {
  const who = someone(desk)
  await who.say('long BTC-USD 0.1 @ 60000')
  expect(await who.say('sell 0.05 BTC-USD if it drops below 62000')).toContain('$62,000.00 or below')
  const touched = () => db().selectFrom('scheduled_orders').select(['state', 'touched_price']).executeTakeFirstOrThrow()
  desk.market.print('BTC-USD', '10000', '63000', '63001')
  desk.market.set('BTC-USD', '20000')
  desk.market.set('BTC-USD', '63000', '63001')
  await swept()
  expect(await touched()).toEqual({ state: 'waiting', touched_price: null })
  desk.market.set('BTC-USD', '55000', '55001')
  await expect.poll(touched).toMatchObject({ touched_price: '55000' })
})

describe('a true move is acted on, half a second later at the most', () => {
  const within = 500
  /** The extra time for a busy machine, in milliseconds. */
  const grace = 400
  const confirmations: [how: string, move: () => void][] = [
    ['its quote stays there', () => desk.market.set('BYND', '0.50', '0.51')],
    ['there is no spread, and the price stays there', () => desk.market.set('BYND', '0.50')],
    [
      'a second print comes',
      () => {
        desk.market.print('BYND', '0.50', '1.00', '1.01')
        desk.market.print('BYND', '0.49', '1.00', '1.01')
      },
    ],
    [
      'the quote follows the print',
      () => {
        desk.market.print('BYND', '0.50', '1.00', '1.01')
        desk.market.print('BYND', '0.50', '0.50', '0.51')
      },
    ],
  ]
  test.each(confirmations)('when %s', async (_, move) => {
    await desk.say('long BYND 100 @ 1.00')
    await desk.say('stop .90')
    await swept()
    const movedAt = Date.now()
    move()
    const touch = () =>
      db().selectFrom('desk_events').select('at').where('type', '=', 'trading.stop_loss_triggered').execute()
    await expect.poll(touch).toHaveLength(1)
    expect((await touch())[0]!.at.getTime() - movedAt).toBeLessThan(within + grace)
    await expect.poll(() => desk.say('positions')).toContain('No open positions')
  })
})

test('the first price after a start is doubted where it is far from the last mark', async () => {
  await desk.say('long BYND 100 @ 1.00')
  await desk.say('stop .90')
  await swept()
  desk.market.print('BYND', '0.10', '1.00', '1.01')
  await desk.restart()
  expect(await swept()).toEqual(['1'])
  expect(await happened()).toEqual([])
})

test('a close expects the quote of the moment, or what was seen where that is in doubt', async () => {
  await desk.say('long BYND 100 @ 1.00')
  await desk.say('stop .95')
  await swept()
  desk.market.set('BYND', '0.94', '0.95')
  await expect.poll(() => desk.say('positions')).toContain('No open positions')
  const order = await db()
    .selectFrom('orders')
    .select('expected_price')
    .where('purpose', '=', 'stop')
    .executeTakeFirstOrThrow()
  expect(order.expected_price).toBe('0.94')
})
