import { sql } from 'kysely'
import { describe, expect } from 'vitest'
import { createCritical } from '../../../src/trading/protection/close-now/critical.ts'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from '../../talk/commands/someone.ts'

const { test, desk, market } = deskTest({ environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' } })

/** Everybody has a symbol of their own, so that no price moves another test's position. */
let listed = 0
function holder(quantity = 1000, price = '0.63') {
  const symbol = `PRT${String.fromCharCode(65 + listed++)}`
  market.list(symbol, price)
  const person = someone(desk)
  const told = () => desk.posted.filter(({ place }) => place.thread === person.thread).map(({ text }) => text)
  return { symbol, person, told, opened: person.say(`long ${symbol} ${quantity} @ .60`) }
}

/** The thread hears a text of this pattern, or exactly this one with the name of its member. */
const hears = ({ told, person }: Pick<ReturnType<typeof holder>, 'told' | 'person'>, text: string | RegExp) =>
  expect.poll(told).toContainEqual(typeof text === 'string' ? `${text}\n· ${person.name}` : expect.stringMatching(text))

async function stateOf(symbol: string) {
  const { db } = desk.desk.parts
  const position = await db.selectFrom('positions').selectAll().where('symbol', '=', symbol).executeTakeFirstOrThrow()
  const ordersOf = db.selectFrom('orders').where('position_id', '=', position.id).where('purpose', '<>', 'record')
  const eventsOf = db.selectFrom('desk_events').where('position_id', '=', position.id).where('urgency', '=', 'CRITICAL')
  const [orders, parts, open] = await Promise.all([
    ordersOf.select(['client_order_id', 'quantity', 'state']).orderBy('id').execute(),
    db
      .selectFrom('part_levels')
      .select(['price', 'quantity', 'state', 'ended_because'])
      .where('position_id', '=', position.id)
      .orderBy('id')
      .execute(),
    eventsOf.where('settled_at', 'is', null).select('type').execute(),
  ])
  return {
    held: position.signed_quantity,
    working: position.working_quantity,
    orders: orders.map(({ quantity, state }) => `${quantity} ${state}`),
    parts,
    open,
  }
}

const settled = (symbol: string) => expect.poll(async () => (await stateOf(symbol)).open).toEqual([])

describe('a touched level of a part', () => {
  test('half at one price and the rest at the next are each sold once, and the thread is told', async () => {
    const { symbol, person, told, opened } = holder()
    await opened
    await person.say('stop .55')
    await person.say('target .75 for half')
    await person.say('target .90')
    market.set(symbol, '0.76')
    await hears(
      { told, person },
      `🎯 TARGET HIT — ${symbol}\nSold 500 of 1,000 @ $0.76 · target $0.75\nP&L: $+80.00\nPosition: LONG 500 ${symbol} @ $0.60`,
    )
    await settled(symbol)
    market.set(symbol, '0.70')
    market.set(symbol, '0.80')
    expect(await person.say('positions')).toContain(`LONG 500 ${symbol} @ $0.60 · now $0.80`)
    expect(await person.say('positions')).toContain(' · stop $0.55 (31.25% away) · target $0.90 (12.50% away)')
    market.set(symbol, '0.90')
    await hears(
      { told, person },
      `🎯 TARGET HIT — ${symbol}\nSold 500 @ $0.90 · target $0.90\nP&L: $+150.00\nPosition: FLAT`,
    )
    expect((await stateOf(symbol)).orders).toEqual(['500 filled', '500 filled'])
    expect(told().filter((text) => text.includes('HIT'))).toHaveLength(2)
  })

  test('two parts that one price touches are both sold', async () => {
    const { symbol, person, opened } = holder()
    await opened
    await person.say('target .75 for 300')
    await person.say('target .80 for 200')
    market.set(symbol, '0.85')
    await expect.poll(async () => (await stateOf(symbol)).held).toBe('500')
    await settled(symbol)
    expect((await stateOf(symbol)).orders.toSorted()).toEqual(['200 filled', '300 filled'])
  })

  test('a stop for a part sells the part, and the other stop then the rest', async () => {
    const { symbol, person, told, opened } = holder()
    await opened
    await person.say('stop .55 for 400')
    await person.say('stop .50')
    market.set(symbol, '0.54')
    await hears(
      { told, person },
      `🛑 STOP HIT — ${symbol}\nSold 400 of 1,000 @ $0.54 · stop $0.55\nP&L: $-24.00\nPosition: LONG 600 ${symbol} @ $0.60`,
    )
    await settled(symbol)
    market.set(symbol, '0.49')
    await hears({ told, person }, /Sold 600 @ \$0\.49 · stop \$0\.50\n.*\nPosition: FLAT/)
  })

  test('one price past both stops sells everything, each share once', async () => {
    const { symbol, person, opened } = holder()
    await opened
    await person.say('stop .55 for 400')
    await person.say('stop .50')
    market.set(symbol, '0.40')
    await expect.poll(async () => (await stateOf(symbol)).held).toBe('0')
    await settled(symbol)
    expect(await stateOf(symbol)).toMatchObject({
      working: '0',
      orders: ['1000 filled'],
      parts: [{ state: 'cancelled', ended_because: 'the stop was hit' }],
    })
  })

  test('no more is sold than is held by then', async () => {
    const { symbol, person, told, opened } = holder()
    await opened
    await person.say('target .75 for half')
    await person.say('trim 700 now')
    market.set(symbol, '0.75')
    await hears(
      { told, person },
      `🎯 TARGET HIT — ${symbol}\nSold 300 @ $0.75 · target $0.75\nP&L: $+45.00\nPosition: FLAT`,
    )
    await settled(symbol)
    expect((await stateOf(symbol)).parts).toMatchObject([{ state: 'triggered' }])
  })

  test('a working order is taken back only when it holds what the part needs', async () => {
    const { symbol, person, told, opened } = holder()
    await opened
    await person.say(`sell 400 ${symbol} @ 1`)
    await person.say('yes')
    await person.say('target .75 for half')
    market.set(symbol, '0.75')
    await hears({ told, person }, /Sold 500 of 1,000 @ \$0\.75/)
    await settled(symbol)
    expect(await person.say('orders')).toContain(`SELL 400 ${symbol}`)
    await person.say('target .85 for 300')
    market.set(symbol, '0.85')
    await hears({ told, person }, /Sold 300 of 500 @ \$0\.85/)
    expect(await person.say('orders')).not.toContain(`SELL 400 ${symbol}`)
  })

  test('a running scaleout goes on with what is left', async () => {
    const { symbol, person, told, opened } = holder()
    await opened
    await person.say('scaleout slow')
    await person.say('target .75 for half')
    market.set(symbol, '0.75')
    await hears({ told, person }, /TARGET HIT — [\s\S]*Sold 500 of/)
    await settled(symbol)
    expect(await person.say('tasks')).toContain(symbol)
    expect(await person.say('cancel scaleout')).toContain('SCALEOUT CANCELLED')
  })

  test('the event of a process that died is acted on by the next one, once', async () => {
    const { symbol, person, opened } = holder()
    await opened
    await person.say('target .75 for half')
    const { db } = desk.desk.parts
    market.set(symbol, '0.75')
    await expect.poll(async () => (await stateOf(symbol)).parts[0]!.state).toBe('triggered')
    await settled(symbol)
    // The next ones find it as if nothing had been noted.
    await db
      .updateTable('desk_events')
      .set({ settled_at: sql`null`, acting_until: null })
      .where('type', '=', 'trading.part_target_hit')
      .where('symbol', '=', symbol)
      .execute()
    const others = ['second', 'third'].map((by) => createCritical(desk.desk.critical, by))
    await Promise.all(others.map((one) => one.takeOver().then(one.rest)))
    await settled(symbol)
    expect(await stateOf(symbol)).toMatchObject({ held: '500', working: '0', orders: ['500 filled'] })
  })

  test('it ends with its position, also when that turns round', async () => {
    const { symbol, person, opened } = holder()
    await opened
    await person.say('target .75 for half')
    await person.say('close now')
    await expect
      .poll(async () => (await stateOf(symbol)).parts)
      .toMatchObject([{ state: 'cancelled', ended_because: 'the position is closed' }])
  })

  test('it follows a split, and is undone no more', async () => {
    const { symbol, person, told, opened } = holder()
    await opened
    await person.say('target .75 for half')
    await person.say('target .90')
    const owner = someone(desk, 'uowner')
    await owner.say(`split ${symbol} 1:10`)
    await owner.say('1')
    await hears(
      { told, person },
      /\nTarget: \$0\.90 → \$9\.00\nFor parts: target \$0\.75 for 500 → target \$7\.50 for 50/,
    )
    market.set(symbol, '6.3')
    expect(await person.say('positions')).toContain(' · target for 50 $7.50 (19.05% away) · target $9.00')
    market.set(symbol, '7.6')
    await hears({ told, person }, /Sold 50 of 100 @ \$7\.60 · target \$7\.50/)
    await settled(symbol)
  })
})
