import { sql } from 'kysely'
import { describe, expect } from 'vitest'
import { lastUndoable } from '../../../src/trading/positions/rows/undoables.ts'
import { undo } from '../../../src/trading/positions/undo.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import fc from '../../support/fast-check.ts'
import { type Someone, someone } from './someone.ts'
import { working } from './working.ts'

const clock = handClock('2026-11-20T15:00:00Z')
const { test, desk, market } = deskTest({ worker: false, clock })
test.beforeEach(() => market.set('BYND', '1.01'))

/** Says one thing after the other, a second apart, and answers with what the desk said to the last. */
async function say(alice: Someone, ...texts: string[]): Promise<string> {
  let said = ''
  for (const text of texts) {
    clock.advance(1000)
    said = await alice.say(text)
  }
  return said
}

/** A person's positions: the open quantity, the realized P&L, and the sum of the fills. */
async function books(who: Someone) {
  const { rows } = await sql`
    select p.symbol, p.signed_quantity::float, p.open_cost::float, p.realized_pnl::float, p.closed_at is null as is_open,
      coalesce((select sum(case f.side when 'buy' then f.quantity else -f.quantity end)
        from fills f where f.position_id = p.id), 0)::float as filled
    from positions p join accounts a on a.id = p.account_id join members m on m.id = a.member_id
    where m.name = ${who.name} and (p.closed_at is null or p.realized_pnl <> 0) order by p.id`.execute(
    desk.desk.parts.db,
  )
  return rows
}

describe('a recorded position is undone', () => {
  test('when it was the first: it is gone, and so are its fills', async ({ alice }) => {
    await say(alice, 'long BYND 3750 @ .63')
    expect(await say(alice, 'undo')).toBe('↩️ UNDONE: recording LONG 3,750 BYND @ $0.63\nPosition: FLAT')
    expect(await books(alice)).toEqual([])
    expect(await alice.say('positions')).toContain('No open positions')
    expect(await alice.say('pl')).not.toContain('$+1')
  })

  test.for([
    ['added', ['long BYND 5000 @ .60', 'add'], 'recording LONG 5,000 @ $0.60 with LONG 2,000 BYND @ $0.55'],
    ['updated', ['long BYND 5000 @ .60', '2'], 'updating LONG 2,000 BYND @ $0.55 to LONG 5,000 BYND @ $0.60'],
    ['replaced', ['long BYND 5000 @ .60', '3', '1'], 'replacing LONG 2,000 BYND @ $0.55 by LONG 5,000 BYND @ $0.60'],
    ['netted', ['short BYND 500 @ .70', '1'], 'recording SHORT 500 @ $0.70 with LONG 2,000 BYND @ $0.55'],
    ['closed', ['short BYND 2000 @ .70', '1'], 'recording SHORT 2,000 @ $0.70 with LONG 2,000 BYND @ $0.55'],
    ['turned', ['short BYND 3000 @ .70', '1'], 'recording SHORT 3,000 @ $0.70 with LONG 2,000 BYND @ $0.55'],
  ] as const)('when it was %s: it is what it was, to the cent', async ([_, texts, what], { alice }) => {
    await say(alice, 'long BYND 2000 @ .55')
    const before = await books(alice)
    await say(alice, ...texts)
    expect(await books(alice)).not.toEqual(before)
    expect(await say(alice, 'undo')).toBe(`↩️ UNDONE: ${what}\nPosition: LONG 2,000 BYND @ $0.55`)
    expect(await books(alice)).toEqual(before)
  })

  test('with the levels that were lost with the old one', async ({ alice }) => {
    await say(alice, 'long BYND 100 @ 1', 'stop .90', 'target 1.20', 'long BYND 10 @ 1', '3', '1')
    expect(await working(desk, alice)).toEqual([])
    const said = await say(alice, 'undo')
    expect(said).toContain('Position: LONG 100 BYND @ $1.00\nStop: $0.90 (10.89% away)\nTarget: $1.20 (18.81% away)')
    expect(await working(desk, alice)).toMatchObject([
      { kind: 'stop', price: '0.9', quantity: '100' },
      { kind: 'target', price: '1.2', quantity: '100' },
    ])
  })

  test('and the start of the day is where it was', async ({ alice }) => {
    const start = () =>
      desk.desk.parts.db
        .selectFrom('day_equity as d')
        .innerJoin('accounts as a', 'a.id', 'd.account_id')
        .innerJoin('members as m', 'm.id', 'a.member_id')
        .where('m.name', '=', alice.name)
        .select('d.equity')
        .executeTakeFirstOrThrow()
        .then(({ equity }) => Number(equity))
    await say(alice, 'long BYND 100 @ 1')
    const before = await start()
    await say(alice, 'long BYND 50 @ .50', '3', '2', '.80')
    expect(await start()).not.toBe(before)
    market.set('BYND', '1.50')
    await say(alice, 'undo')
    expect(await start()).toBe(before)
  })
})

describe('a level is undone', () => {
  test.beforeEach(({ alice }) => say(alice, 'long BYND 100 @ 1'))

  test.for([
    ['stop .90', 'stop $0.90 of LONG 100 BYND @ $1.00'],
    ['target 1.20', 'target $1.20 of LONG 100 BYND @ $1.00'],
    ['trail 5%', 'stop $0.9595 of LONG 100 BYND @ $1.00'],
    ['breakeven', 'stop $1.00 of LONG 100 BYND @ $1.00'],
  ] as const)('%j, and there is none again', async ([text, what], { alice }) => {
    await say(alice, text)
    expect(await working(desk, alice)).toHaveLength(1)
    expect(await say(alice, 'undo')).toBe(`↩️ UNDONE: ${what}\nPosition: LONG 100 BYND @ $1.00`)
    expect(await working(desk, alice)).toEqual([])
  })

  test('a bracket, both of it', async ({ alice }) => {
    await say(alice, 'bracket', '1')
    expect(await say(alice, 'undo')).toContain('UNDONE: stop $0.90 and target $1.20')
    expect(await working(desk, alice)).toEqual([])
  })

  test('and the one before it works again, also one that trails', async ({ alice }) => {
    await say(alice, 'trail 5%', 'stop .80', 'yes')
    expect(await say(alice, 'undo')).toContain('Stop: $0.9595 (5.00% away), trails by 5.00%')
    expect(await working(desk, alice)).toMatchObject([{ kind: 'stop', price: '0.9595', trail: '0.05' }])
  })

  test('when it was taken away, it is there again', async ({ alice }) => {
    await say(alice, 'stop .90', 'stop off')
    expect(await say(alice, 'undo')).toContain('UNDONE: taking the stop $0.90 of LONG 100 BYND @ $1.00 away')
    expect(await working(desk, alice)).toMatchObject([{ kind: 'stop', price: '0.9' }])
  })
})

describe('nothing is undone', () => {
  const kept = async (alice: Someone, text: string) => {
    const before = [await books(alice), await working(desk, alice)]
    const said = await say(alice, text)
    expect([await books(alice), await working(desk, alice)]).toEqual(before)
    return said
  }

  test('twice', async ({ alice }) => {
    await say(alice, 'long BYND 100 @ 1', 'stop .90', 'undo')
    expect(await kept(alice, 'undo')).toContain('stop $0.90 of LONG 100 BYND @ $1.00, is undone already.')
  })

  test('after a minute', async ({ alice }) => {
    await say(alice, 'long BYND 100 @ 1')
    clock.advance(60_000)
    expect(await kept(alice, 'undo')).toContain(
      'recording LONG 100 BYND @ $1.00, is 1 min 1 s ago: it can be undone for a minute',
    )
  })

  test("that was somebody else's", async ({ alice }) => {
    await say(alice, 'long BYND 100 @ 1')
    const bob = someone(desk, undefined, alice.thread)
    expect(await bob.say('undo')).toContain(
      `recording LONG 100 BYND @ $1.00, was ${alice.name}'s: only they can undo it.`,
    )
    expect(await alice.say('positions')).toContain('LONG 100 BYND')
  })

  test('where there is nothing', async ({ alice }) => {
    expect(await kept(alice, 'undo')).toContain('There is nothing to undo.')
  })

  test.for([
    ['close now', 'An order cannot be undone: selling 100 BYND was filled.'],
    ['trim 40', 'An order cannot be undone: selling 40 BYND was filled.'],
    ['buy 40', 'An order cannot be undone: buying 40 BYND was filled.'],
    ['close @ 1.50', 'selling 100 BYND was sent, and works.\n💡 `cancel 1` takes it back'],
    ['close at 3:55pm', 'An order for later cannot be undone'],
    ['scaleout slow', 'A scaleout cannot be undone: selling 100 BYND has begun.\n💡 `cancel scaleout BYND` ends it'],
  ] as const)('of an order that was sent: %j', async ([text, expected], { alice }) => {
    await say(alice, 'long BYND 100 @ 1', text)
    expect(await kept(alice, 'undo')).toContain(expected)
  })

  test.for([
    'guardian off',
    'confirm above 100',
    'alert bynd 3',
    'timezone Europe/Berlin',
    'mute 1h',
    'account new swing',
  ])('in place of a setting that came last: %j', async (text, { alice }) => {
    await say(alice, 'long BYND 100 @ 1', 'stop .90', text)
    expect(await kept(alice, 'undo')).toContain(
      `The last thing you did, \`${text}\`, cannot be undone. Nothing was done.`,
    )
  })

  test('in place of a setting that was changed by an answer, and it is undone after one was only looked at', async ({
    alice,
  }) => {
    await say(alice, 'long BYND 100 @ 1', 'stop .90', 'guardian', 'confirm', 'notify', 'timezone')
    expect(await say(alice, 'undo')).toContain('UNDONE: stop $0.90')
    expect(await say(alice, 'alert bynd 3', 'undo')).toContain('The last thing you did, `alert bynd 3`, cannot')
    expect(await say(alice, 'stop .80', 'undo')).toContain('UNDONE: stop $0.80')
  })

  test('when the position moved on by itself', async ({ alice }) => {
    await say(alice, 'long BYND 100 @ 1')
    await desk.desk.parts.db
      .updateTable('positions')
      .set((eb) => ({ version: eb('version', '+', 1) }))
      .where('closed_at', 'is', null)
      .execute()
    expect(await kept(alice, 'undo')).toContain(
      'BYND has moved on since: recording LONG 100 BYND @ $1.00 cannot be undone',
    )
  })

  test('when the price has passed the level that was there before', async ({ alice }) => {
    await say(alice, 'long BYND 100 @ 1', 'stop .90', 'stop .80')
    market.set('BYND', '.85')
    expect(await kept(alice, 'undo')).toContain('The stop was $0.90 before, and the price has passed that')
  })

  test('when the price has passed a level that the old position had', async ({ alice }) => {
    await say(alice, 'long BYND 100 @ 1', 'stop .90', 'short BYND 300 @ 1', 'update')
    market.set('BYND', '.85')
    expect(await kept(alice, 'undo')).toContain('The stop was $0.90 before, and the price has passed that')
  })

  test('where an order that was sent at the same moment would turn the old position round', async ({ alice }) => {
    await say(alice, 'short BYND 100 @ 1', 'long BYND 300 @ 1', 'update')
    const { parts } = desk.desk
    const row = await parts.db.selectFrom('undoables').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
    const undoable = (await lastUndoable(parts.db, row.account_id, row.member_id))!
    await say(alice, 'buy 50 BYND @ .90')
    const { memberId, conversationId } = undoable
    expect(await undo(parts, { undoable, memberId, conversationId })).toMatchObject({ code: 'OPPOSITE_ORDER_WORKING' })
  })

  test('more than once by two at the same moment', async ({ alice }) => {
    await say(alice, 'long BYND 2000 @ .55', 'long BYND 5000 @ .60', 'add')
    const said = (await Promise.all([alice.say('undo'), alice.in('elsewhere').say('undo')])).sort()
    expect(said.filter((text) => text.startsWith('↩️'))).toHaveLength(1)
    expect(said.filter((text) => text.startsWith('⚠️'))).toHaveLength(1)
    expect(await books(alice)).toMatchObject([{ signed_quantity: 2000, open_cost: 1100, filled: 2000 }])
  })
})

test('whatever is recorded, undoing it leaves the books as they were', async ({ alice }) => {
  const recorded = fc.record({
    text: fc
      .tuple(fc.constantFrom('long', 'short'), fc.integer({ min: 1, max: 500 }), fc.integer({ min: 50, max: 300 }))
      .map(([direction, quantity, cents]) => `${direction} BYND ${quantity} @ ${cents / 100}`),
    answers: fc.constantFrom(['add'], ['update'], ['replace', 'market'], ['replace', 'price', '.77']),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(recorded, { minLength: 1, maxLength: 4 }), recorded, async (earlier, last) => {
      alice = someone(desk)
      const record = async ({ text, answers }: typeof last) => {
        let said = await alice.hear(text)
        clock.advance(1000)
        for (const answer of answers) if (said.at(-1)?.question) said = await alice.hear(answer)
      }
      for (const one of earlier) await record(one)
      const before = await books(alice)
      await record(last)
      expect(await alice.say('undo')).toContain('↩️ UNDONE')
      expect(await books(alice)).toEqual(before)
    }),
    { numRuns: 14 },
  )
})
