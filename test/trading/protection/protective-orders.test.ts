import { sql } from 'kysely'
import { describe, expect, vi } from 'vitest'
import { startWorker } from '../../../jobs/worker.ts'
import { Big } from '../../../src/base/amounts.ts'
import { createDesk } from '../../../src/desk.ts'
import { accountsOfPerson } from '../../../src/trading/accounts/rows/accounts.ts'
import { lockOpenPosition, openPosition } from '../../../src/trading/positions/rows/positions.ts'
import { moveStops, protectionOf, setProtectiveOrder } from '../../../src/trading/protection/rows/protective-orders.ts'
import { deskTest } from '../../support/desk-test.ts'
import fc from '../../support/fast-check.ts'
import { type Someone, someone } from '../../talk/commands/someone.ts'

const { test, desk, market } = deskTest({ timeScale: 3600 })
test.beforeAll(() => watchCommits())
test.beforeEach(() => market.set('BYND', '1'))

const db = () => desk.desk.parts.db
const accountIdOf = async (who: Someone) => (await accountsOfPerson(db(), `slack:T1:${who.name.toUpperCase()}`))![0]!.id
const positionOf = async (who: Someone) => (await openPosition(db(), await accountIdOf(who), 'BYND'))!

/** Kind, quantity, state and reason of every protective order of a member, oldest first. */
async function ordersOf(who: Someone): Promise<string[]> {
  const rows = await db()
    .selectFrom('protective_orders')
    .selectAll()
    .where('account_id', '=', await accountIdOf(who))
    .orderBy('id')
    .execute()
  return rows.map(({ kind, quantity, state, ended_because: because }) =>
    [kind, quantity, state, ...(because ? [`(${because})`] : [])].join(' '),
  )
}

/** Lets Postgres check at each commit whether protection is for exactly what is open. */
async function watchCommits(): Promise<void> {
  await sql`create table mismatches (position_id bigint, kind text, quantity numeric, open numeric)`.execute(db())
  await sql`create function compare_protection() returns trigger language plpgsql as $$ begin
    insert into mismatches
    select p.id, o.kind, o.quantity, p.signed_quantity from positions p
    join protective_orders o on o.position_id = p.id and o.state = 'working'
    where p.id = (case tg_table_name when 'positions' then to_jsonb(new)->>'id' else to_jsonb(new)->>'position_id' end)::bigint
      and (p.closed_at is not null or o.quantity <> abs(p.signed_quantity));
    return null;
  end $$`.execute(db())
  for (const table of ['positions', 'protective_orders']) {
    await sql`create constraint trigger compare after insert or update on ${sql.table(table)}
      deferrable initially deferred for each row execute function compare_protection()`.execute(db())
  }
}

const mismatches = async () => (await sql`select * from mismatches`.execute(db())).rows

/** Answers the question whether to add, update or replace; a replaced position has ended at the market. */
async function record(who: Someone, text: string, how: 'add' | 'update' | 'replace'): Promise<string> {
  const [asked] = await who.hear(text)
  const [said] = await who.press(asked!, how)
  const replies = said?.question?.name === 'ended' ? await who.press(said, 'market') : [said!]
  return replies.map((reply) => reply.text).join('\n')
}

async function protectedPosition(alice: Someone): Promise<void> {
  await alice.say('long BYND 100 @ 1')
  await alice.say('stop .90')
  await alice.say('target 1.20')
}

describe('the quantity of a stop and a target', () => {
  test('is the open quantity after a trim', async ({ alice }) => {
    await protectedPosition(alice)
    await alice.say('trim 30')
    expect(await ordersOf(alice)).toEqual(['stop 70 working', 'target 70 working'])
  })

  test('is the open quantity after the position was added to, netted and corrected', async ({ alice }) => {
    await protectedPosition(alice)
    await record(alice, 'long BYND 50 @ 1', 'add')
    expect(await ordersOf(alice)).toEqual(['stop 150 working', 'target 150 working'])
    await record(alice, 'short BYND 20 @ 1', 'add')
    expect(await ordersOf(alice)).toEqual(['stop 130 working', 'target 130 working'])
    expect(await record(alice, 'long BYND 77 @ .95', 'update')).not.toContain('protected')
    expect(await ordersOf(alice)).toEqual(['stop 77 working', 'target 77 working'])
  })

  test('is the open quantity after every chunk of a scaleout, until both end with the position', async ({ alice }) => {
    await protectedPosition(alice)
    await alice.say('scaleout fast')
    await vi.waitFor(async () => expect(await positionOf(alice)).toBeUndefined())
    expect(await mismatches()).toEqual([])
    expect(await ordersOf(alice)).toEqual([
      expect.stringMatching(/^stop \d+ cancelled \(the position is closed\)$/),
      expect.stringMatching(/^target \d+ cancelled \(the position is closed\)$/),
    ])
  })
})

describe('a stop and a target end', () => {
  test('with a position that is closed, and the log says so', async ({ alice }) => {
    await protectedPosition(alice)
    await alice.say('close now')
    expect(await ordersOf(alice)).toEqual([
      'stop 100 cancelled (the position is closed)',
      'target 100 cancelled (the position is closed)',
    ])
    const watched = await alice.say('watch BYND 50')
    expect(watched).toContain('BYND stop $0.90 cancelled: the position is closed')
    expect(watched).toContain('BYND target $1.20 cancelled: the position is closed')
  })

  test('with a position that has turned round, and the member is told', async ({ alice }) => {
    await protectedPosition(alice)
    expect(await record(alice, 'short BYND 150 @ 1', 'add')).toContain(
      '⚠️ Not protected any more: stop $0.90 and target $1.20 ended with the old position.',
    )
    expect(await ordersOf(alice)).toEqual([
      'stop 100 cancelled (the position has turned round)',
      'target 100 cancelled (the position has turned round)',
    ])
  })

  test('with a position that is corrected to the other side', async ({ alice }) => {
    await protectedPosition(alice)
    expect(await record(alice, 'short BYND 10 @ 1', 'update')).toContain('Not protected any more')
    expect(await ordersOf(alice)).toEqual([
      'stop 100 cancelled (the position has turned round)',
      'target 100 cancelled (the position has turned round)',
    ])
  })

  test('with a position that is replaced', async ({ alice }) => {
    await protectedPosition(alice)
    expect(await record(alice, 'long BYND 10 @ 1', 'replace')).toContain('Not protected any more')
    expect(await ordersOf(alice)).toEqual([
      'stop 100 cancelled (the position is closed)',
      'target 100 cancelled (the position is closed)',
    ])
  })

  test('one by one, when another takes its place', async ({ alice }) => {
    await protectedPosition(alice)
    await alice.say('stop .95')
    expect(await ordersOf(alice)).toEqual(['stop 100 cancelled (replaced)', 'target 100 working', 'stop 100 working'])
  })
})

test('a level that is there already stays, without an event', async ({ alice }) => {
  await alice.say('long BYND 3750 @ .63')
  await alice.say('stop .5985')
  const there = 'The stop of BYND is at $0.5985 already'
  expect(await alice.say('stop 5%')).toContain(`${there}. Nothing was done.`)
  expect(await alice.say('bracket stop .5985 target 1.2')).toContain('Target: $1.20')
  expect(await alice.say('bracket stop .5985 target 1.2')).toContain(
    `${there}, and the target of BYND is at $1.20 already. Nothing was done.`,
  )
  expect(await ordersOf(alice)).toEqual(['stop 3750 working', 'target 3750 working'])
  const { id } = await positionOf(alice)
  const events = db().selectFrom('desk_events').select('data').where('position_id', '=', id).orderBy('id')
  expect(await events.where('type', '=', 'protection_set').execute()).toMatchObject([
    { data: { kind: 'stop', price: '0.5985' } },
    { data: { kind: 'target', price: '1.2' } },
  ])
})

describe('a stop that is moved', () => {
  const stopOf = async (alice: Someone) => (await protectionOf(db(), (await positionOf(alice)).id)).stop!
  const move = async (alice: Someone, price: string, bestPrice?: string) =>
    moveStops(db(), [
      {
        protectiveOrderId: (await stopOf(alice)).id,
        price: new Big(price),
        bestPrice: bestPrice === undefined ? undefined : new Big(bestPrice),
      },
    ])

  test('goes up and never down for a long position', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('trail 10%')
    const { id } = await stopOf(alice)
    expect(await move(alice, '0.99', '1.1')).toEqual([id])
    expect(await stopOf(alice)).toMatchObject({ id, price: new Big('0.99'), trail: { bestPrice: new Big('1.1') } })
    expect(await move(alice, '0.98', '1.2')).toEqual([])
    expect(await move(alice, '0.99', '1.2')).toEqual([])
    expect(await stopOf(alice)).toMatchObject({ price: new Big('0.99'), trail: { bestPrice: new Big('1.1') } })
  })

  test('goes down and never up for a short position', async ({ alice }) => {
    await alice.say('short BYND 100 @ 1')
    await alice.say('trail 10%')
    expect(await move(alice, '1.2')).toEqual([])
    expect(await move(alice, '0.99', '0.9')).toHaveLength(1)
    expect((await stopOf(alice)).price.toFixed()).toBe('0.99')
  })

  test('that does not trail keeps no best price', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('stop .90')
    expect(await move(alice, '0.95', '1.1')).toHaveLength(1)
    expect((await stopOf(alice)).trail).toBeUndefined()
  })

  test('is left alone once it does not work any more', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('stop .90')
    const { id } = await stopOf(alice)
    await alice.say('stop off')
    expect(await moveStops(db(), [{ protectiveOrderId: id, price: new Big('0.95') }])).toEqual([])
  })

  test('does not wait for a transaction that holds it', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('stop .90')
    const { id } = await stopOf(alice)
    await db()
      .transaction()
      .execute(async (trx) => {
        await trx.selectFrom('protective_orders').select('id').where('id', '=', id).forUpdate().execute()
        expect(await move(alice, '0.95')).toEqual([])
      })
    expect(await move(alice, '0.95')).toEqual([id])
  })
})

test('the protection of a position survives a restart', async ({ alice }) => {
  await protectedPosition(alice)
  const before = await protectionOf(db(), (await positionOf(alice)).id)
  const again = await createDesk({ config: desk.desk.config, log: desk.desk.parts.log, market })
  try {
    expect(await protectionOf(again.parts.db, before.stop!.positionId)).toEqual(before)
  } finally {
    // The market is the test's, and stays open.
    await again.close()
  }
})

test('a level set anew raises the version of the position, so that decisions about the old level are void', async ({
  alice,
}) => {
  await alice.say('long BYND 100 @ 1')
  const { version, id } = await positionOf(alice)
  await db()
    .transaction()
    .execute(async (trx) => {
      const position = (await lockOpenPosition(trx, await accountIdOf(alice), 'BYND'))!
      const { conversationId } = position
      const level = { kind: 'stop' as const, price: new Big('0.9'), memberId: 1, conversationId: conversationId! }
      await setProtectiveOrder(trx, position, level, new Date())
    })
  expect((await positionOf(alice)).version).toBe(version + 1)
  await alice.say('stop off')
  expect((await positionOf(alice)).version).toBe(version + 2)
  expect(await protectionOf(db(), id)).toEqual({})
})

const count = fc.integer({ min: 1, max: 120 })
const texts = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('long', 'short'), count).map(([to, n]) => `${to} BYND ${n} @ 1`) },
  { weight: 2, arbitrary: fc.constantFrom('stop BYND 10%', 'target BYND 20%', 'trail BYND 5%', 'breakeven BYND') },
  { weight: 1, arbitrary: fc.constantFrom('stop BYND off', 'target BYND off', 'close BYND now', 'trim BYND half') },
  { weight: 1, arbitrary: count.map((n) => `trim BYND ${n}`) },
  { weight: 1, arbitrary: fc.constantFrom('scaleout BYND fast', 'cancel scaleout BYND') },
)
const steps = fc.record({
  text: texts,
  answer: fc.constantFrom('add', 'add', 'update', 'replace'),
  bid: fc.constantFrom('0.98', '1', '1.03'),
})

test('whatever comes together, protection is for exactly what is open at every commit', async () => {
  const second = startWorker(desk.desk)
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(steps, { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 12 }),
        async (groups) => {
          const person = someone(desk)
          await person.say('long BYND 100 @ 1')
          await person.say('bracket BYND')
          await person.say('1')
          for (const group of groups) {
            const taken = group.map(async ({ text, answer, bid }, index) => {
              const there = person.in(`${person.thread}-${index}`)
              market.set('BYND', bid)
              for (const reply of await there.hear(text)) {
                const [next] = reply.question ? await there.press(reply, answer) : []
                if (next?.question) await there.press(next, 'market')
              }
            })
            await Promise.all(taken)
          }
          expect(await mismatches()).toEqual([])
        },
      ),
      { numRuns: 10, endOnFailure: true },
    )
  } finally {
    await second.close()
  }
})
