import { sql } from 'kysely'
import { describe, expect } from 'vitest'
import { createCritical } from '../../../src/trading/protection/close-now/critical.ts'
import { raiseAll } from '../../../src/watch/monitor/raise.ts'
import { deskTest } from '../../support/desk-test.ts'

const { test, desk, market } = deskTest({ worker: false })
test.beforeEach(() => {
  market.set('BYND', '0.63')
  market.set('AAPL', '190')
})

describe('a target for a part', () => {
  test('says its part and what is open, and the next one joins it', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .60')
    await alice.say('stop .55')
    expect(await alice.say('target .75 for half')).toBe(`🎯 TARGET SET FOR 500 OF 1,000 — LONG 1,000 BYND @ $0.60
Target for 500: $0.75 (+25.00%)
Current: $0.63, 19.05% away
Stop: $0.55 (-8.33%)
💡 500 have no target yet: \`target PRICE\` closes all that is left by then`)
    expect(
      await alice.say('target bynd .70 for 200 shares'),
    ).toBe(`🎯 TARGET SET FOR 200 OF 1,000 — LONG 1,000 BYND @ $0.60
Target for 200: $0.70 (+16.67%)
Current: $0.63, 11.11% away
Stop: $0.55 (-8.33%)
Target for 500: $0.75 (+25.00%)
💡 300 have no target yet: \`target PRICE\` closes all that is left by then`)
    expect(await alice.say('target .90')).toBe(`🎯 TARGET SET — LONG 1,000 BYND @ $0.60
Target: $0.90 (+50.00%)
Current: $0.63, 42.86% away
Target for 200: $0.70 (+16.67%)
Target for 500: $0.75 (+25.00%)
Stop: $0.55 (-8.33%); one cancels the other`)
    expect(await alice.say('positions')).toContain(
      ' · stop $0.55 (12.70% away) · target for 200 $0.70 (11.11% away) · target for 500 $0.75 (19.05% away) · target $0.90 (42.86% away)',
    )
    expect(await alice.say('pl')).toContain(
      '\nTarget for 200: $0.70 (11.11% away)\nTarget for 500: $0.75 (19.05% away)\n',
    )
  })

  test('of a short position lies below the price, and a percentage is a return', async ({ alice }) => {
    await alice.say('short AAPL 10 @ 200')
    expect(await alice.say('target 10% for 4')).toContain('\nTarget for 4: $180.00 (+10.00%)\n')
    expect(await alice.say('target 195 for 4')).toContain('must be below the price')
    expect(await alice.say('target 160 for 3')).toContain('Target for 4: $180.00')
    expect(await alice.say('positions')).toMatch(/target for 4 \$180.*target for 3 \$160/)
  })

  test.for([
    ['target .75 for 1001', '1,001 is more than is left of 1,000 BYND. Nothing was done.'],
    ['target .75 for 0', 'The quantity must be more than zero'],
    ['target .75 for 1.5', 'in whole shares'],
    ['target .60 for half', 'must be above the price'],
    ['target 90 for half', 'more than 10 times away'],
    ['target .75 for 120%', 'A fraction must be more than 0% and at most 100%'],
    ['bracket stop .5 target .75 for half', 'Nothing was done'],
  ] as const)('is refused, and nothing is set: %j', async ([text, reason], { alice }) => {
    await alice.say('long BYND 1000 @ .60')
    expect(await alice.say(text)).toContain(reason)
    expect(await alice.say('positions')).not.toContain('target')
  })

  test('is refused behind the target that closes everything, and ends when that one comes before it', async ({
    alice,
  }) => {
    await alice.say('long BYND 1000 @ .60')
    await alice.say('target .80')
    for (const text of ['target .80 for half', 'target .90 for half'])
      expect(await alice.say(text)).toContain('The target of BYND at $0.80 closes everything before the price gets to')
    await alice.say('target .75 for half')
    expect(await alice.say('target .70')).toContain('\nEnded, since all is closed before: target $0.75 for 500')
    expect(await alice.say('positions')).not.toContain('for 500')
    expect(await alice.say('undo')).toContain('\nTarget for 500: $0.75 (19.05% away)\nTarget: $0.80')
  })

  test('at the same price takes the place of the former one', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .60')
    await alice.say('target .75 for 900')
    expect(await alice.say('target .75 for 400')).toContain('\nIn place of: target $0.75 for 900\n')
    expect(await alice.say('positions')).toMatch(/target for 400 \$0\.75 \(19\.05% away\)$/m)
  })

  test('that does not fit beside the others is moved by an answer, once', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .60')
    await alice.say('target .75 for half')
    await alice.say('target .90 for half')
    const question = `🤔 1,000 OF 1,000 BYND HAVE A TARGET ALREADY
Which one does the target for 500 take the place of?
  1️⃣  500 @ $0.75
  2️⃣  500 @ $0.90
  3️⃣  All of them
  4️⃣  NO - Leave them

💡 Reply with a number from 1 to 4`
    expect(await alice.say('target .80 for half')).toBe(question)
    expect(await alice.say('4')).toBe('OK, no target was changed.')
    await alice.say('target .80 for half')
    expect(await alice.say('1')).toContain('\nIn place of: target $0.75 for 500\nTarget for 500: $0.90')
    await alice.say('target .85 for half')
    expect(await alice.say('all')).toContain('In place of: target $0.80 for 500, target $0.90 for 500')
    expect(await alice.say('positions')).toMatch(/target for 500 \$0\.85 \(34\.92% away\)$/m)
  })

  test('is taken away at its price, or with all others, and undone', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .60')
    await alice.say('target .75 for half')
    expect(await alice.say('undo')).toContain('UNDONE: target $0.75 for 500 of LONG 1,000 BYND')
    expect(await alice.say('positions')).not.toContain('target')
    await alice.say('target .75 for half')
    await alice.say('target .70 for 200')
    await alice.say('target .90')
    expect(await alice.say('target .75 off')).toBe('✓ Target $0.75 for 500 of LONG 1,000 BYND @ $0.60 is off.')
    expect(await alice.say('target .75 off')).toContain('That is a level, and off. Nothing was done.')
    expect(await alice.say('undo')).toContain(
      '\nTarget for 200: $0.70 (11.11% away)\nTarget for 500: $0.75 (19.05% away)\nTarget: $0.90',
    )
    expect(await alice.say('target off')).toBe(
      '✓ Target $0.90 and Target $0.70 for 200 and Target $0.75 for 500 of LONG 1,000 BYND @ $0.60 are off.',
    )
    expect(await alice.say('target off')).toContain('BYND has no target')
    expect(await alice.say('undo')).toContain('Target for 500: $0.75')
  })

  test('ends with its position, and comes back when that is undone', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .60')
    await alice.say('target .75 for half')
    await alice.say('short BYND 100 @ .63')
    await alice.say('replace')
    expect(await alice.say('market')).toContain('ended with the old position')
    expect(await alice.say('positions')).not.toContain('target')
    expect(await alice.say('undo')).toContain('Target for 500: $0.75')
  })

  test('comes from a platform command', async ({ alice }) => {
    await alice.say('long BYND 1000 @ .60')
    expect(await alice.command('target', { price: '.75 for half', symbol: 'BYND' })).toContain('SET FOR 500 OF 1,000')
    expect(await alice.command('stop', { price: '.55 for 250', symbol: 'BYND' })).toContain('Stop for 250: $0.55')
  })
})

test('a part whose process died is closed by others, once, however many find it', async ({ alice }) => {
  const { db } = desk.desk.parts
  await alice.say('long BYND 1000 @ .60')
  await alice.say('target .75 for half')
  market.set('BYND', '0.76')
  const level = await db.selectFrom('part_levels').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
  const touch = {
    type: 'trading.part_target_hit' as const,
    data: {
      ...{ signedQuantity: '1000', averageEntryPrice: '0.6', price: '0.76', unrealizedReturn: '0.266', version: 2 },
      ...{ level: level.price, quantity: level.quantity, partLevelId: level.id },
    },
    ...{ symbol: 'BYND', accountId: level.account_id, memberId: level.member_id, positionId: level.position_id },
    ...{ conversationId: level.conversation_id, at: new Date(), dedupeKey: `part-level-${level.id}` },
  }
  const raised = await raiseAll(desk.desk.parts, [touch])
  expect(await raiseAll(desk.desk.parts, [touch])).toEqual([])
  const others = ['second', 'third', 'fourth'].map((by) => createCritical(desk.desk.critical, by))
  await Promise.all(others.map((one) => one.takeOver().then(one.rest)))
  // They find it again, as if nothing had been noted.
  await db
    .updateTable('desk_events')
    .set({ settled_at: sql`null`, acting_until: null })
    .where('id', '=', raised[0]!.id)
    .execute()
  await Promise.all(others.map((one) => one.takeOver().then(one.rest)))
  const orders = await db
    .selectFrom('orders')
    .select(['client_order_id', 'quantity', 'state'])
    .where('position_id', '=', level.position_id)
    .where('purpose', '=', 'target')
    .execute()
  expect(orders).toEqual([{ client_order_id: `target-part-${level.id}`, quantity: '500', state: 'filled' }])
  expect(await alice.say('positions')).toContain('LONG 500 BYND @ $0.60')
})

test('a stop for a part lies before the stop that closes everything', async ({ alice }) => {
  await alice.say('long BYND 1000 @ .60')
  await alice.say('stop .50')
  expect(await alice.say('stop .45 for half')).toContain('The stop of BYND at $0.50 closes everything before')
  expect(await alice.say('stop .55 for half bynd')).toContain(`🛑 STOP SET FOR 500 OF 1,000 — LONG 1,000 BYND @ $0.60
Stop for 500: $0.55 (-8.33%)
Current: $0.63, 12.70% away
Stop: $0.50 (-16.67%)`)
  expect(await alice.say('bracket off')).toContain('Stop $0.50 and Stop $0.55 for 500')
})
