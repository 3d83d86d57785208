import { sql } from 'kysely'
import { describe, expect } from 'vitest'
import { runChunk } from '../../../src/trading/scaleouts/chunk.ts'
import { handClock } from '../../market/hand-clock.ts'
import { deskTest } from '../../support/desk-test.ts'
import { refused } from '../../support/venue-answers.ts'
import type { Someone } from '../../talk/commands/someone.ts'
import { expectBooksToAddUp } from '../orders/books.ts'
import { queued, runNextChunk, runToTheEnd } from '../orders/by-hand.ts'

/** Symbols that the venue refuses. */
let refusing: Set<string>

const clock = handClock('2026-11-20T15:00:00Z', 60)
const { test, desk, market } = deskTest({
  worker: false,
  clock,
  venue: (paper) => ({
    ...paper,
    async submit(order) {
      return refusing.has(order.symbol) ? refused('the venue refuses') : paper.submit(order)
    },
  }),
})
test.beforeEach(async ({ alice }) => {
  refusing = new Set()
  market.set('BYND', '1.01')
  market.set('AAPL', '190')
  market.set('BTC-USD', '63000')
  await runToTheEnd(desk, clock)
  await alice.say('long BYND 3750 @ .63')
  await alice.say('short AAPL 100 @ 200')
  await alice.say('long BTC-USD 0.5 @ 60000')
})

/** All texts of the last group's message, oldest first. */
async function progress(): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`
    select r.body ->> 'text' as text from replies r join scaleout_groups g on g.announcement in (r.id, r.edits)
    where g.id = (select max(id) from scaleout_groups) order by r.id`.execute(desk.desk.parts.db)
  return rows.map(({ text }) => text)
}
const group = () =>
  desk.desk.parts.db.selectFrom('scaleout_groups').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
const members = async () =>
  desk.desk.parts.db
    .selectFrom('scaleouts')
    .selectAll()
    .where('group_id', '=', (await group()).id)
    .orderBy('id')
    .execute()
const told = (alice: Someone) => queued(desk, alice.thread)

describe('scaleouts that were started together', () => {
  test('are told of in one message, which is kept up to date, and in one total', async ({ alice }) => {
    await alice.say('scaleout all fast')
    await runNextChunk(desk, clock)
    const first = (await members()).find(({ done_chunks }) => done_chunks === 1)!
    const squares = '▰▱▱▱▱▱▱▱▱▱'.slice(0, first.chunk_count)
    expect((await progress()).at(-1)).toContain(`\n${first.symbol} ${squares} 1/${first.chunk_count} · `)
    await runToTheEnd(desk, clock)
    expect(await told(alice)).toEqual([
      `🎉 SCALEOUT COMPLETE - 3 positions
✓ BYND: 3,750 of 3,750 sold @ $1.01 · P&L $+1,425.00 · no difference
✓ AAPL: 100 of 100 bought back @ $190.00 · P&L $+1,000.00 · no difference
✓ BTC-USD: 0.5 of 0.5 sold @ $63,000.00 · P&L $+1,500.00 · no difference
Total P&L: $+3,925.00
📊 Against the prices at the start: no difference`,
    ])
    const [bynd, aapl, btc] = (await members()).map(
      ({ chunk_count: count }) => `${'▰'.repeat(count)} ${count}/${count}`,
    )
    expect((await progress()).at(-1)).toBe(
      `🔄 SCALEOUT INITIATED - 3 positions
Mode: FAST (1-3 minutes)
BYND ${bynd} COMPLETE · 3,750 of 3,750 sold · P&L $+1,425.00
AAPL ${aapl} COMPLETE · 100 of 100 bought back · P&L $+1,000.00
BTC-USD ${btc} COMPLETE · 0.5 of 0.5 sold · P&L $+1,500.00
💡 How far they are is shown here as they go, and the total follows at the end`,
    )
    const chunks = (await members()).reduce((all, { chunk_count }) => all + chunk_count, 0)
    expect(await progress()).toHaveLength(1 + chunks)
    expect(await group()).toMatchObject({ state: 'ended', ended_at: clock.now() })
    await expectBooksToAddUp(desk)
  })

  test('say by symbol and together what they cost against the prices at the start', async ({ alice }) => {
    await alice.say('scaleout BYND AAPL fast')
    market.set('BYND', '1.00')
    market.set('AAPL', '189.5')
    await runToTheEnd(desk, clock)
    expect((await told(alice))[0]).toContain('✓ BYND: 3,750 of 3,750 sold @ $1.00 · P&L $+1,387.50 · $37.50 worse')
    expect((await told(alice))[0]).toContain('· $50.00 better\nTotal P&L: $+2,437.50\n')
    expect((await told(alice))[0]).toContain('📊 Against the prices at the start: $12.50 better')
  })

  test('go on when one of them is cancelled, and the total says so', async ({ alice }) => {
    await alice.say('scaleout all fast')
    await runNextChunk(desk, clock)
    await alice.say('cancel scaleout AAPL')
    expect((await members()).filter(({ state }) => state === 'running')).toHaveLength(2)
    await runToTheEnd(desk, clock)
    const total = (await told(alice)).at(-1)!
    expect(total).toContain('🏁 SCALEOUT ENDED - 2 of 3 positions complete\n')
    expect(total).toMatch(/🛑 AAPL: .*\(cancelled by you\)/)
    expect(total).toContain('✓ BYND: 3,750 of 3,750 sold')
    await expectBooksToAddUp(desk)
  })

  test('go on when the venue refuses one of them for good, and the total says so', async ({ alice }) => {
    refusing.add('AAPL')
    await alice.say('scaleout all fast')
    await runToTheEnd(desk, clock)
    const said = await told(alice)
    expect(said.filter((text) => text.startsWith('⚠️ SCALEOUT PAUSED - AAPL'))).toHaveLength(2)
    expect(said.filter((text) => text.startsWith('🛑 SCALEOUT STOPPED - AAPL'))).toHaveLength(1)
    expect(said.at(-1)).toContain('🏁 SCALEOUT ENDED - 2 of 3 positions complete\n')
    expect(said.at(-1)).toContain('⚠️ AAPL: nothing bought back (stopped: the venue refuses)')
    await expectBooksToAddUp(desk)
  })

  test.for(['close AAPL now', 'close all now'])(
    'end where the position is closed meanwhile, and the total says so: %j',
    async (text, { alice }) => {
      await alice.say('scaleout BYND AAPL fast')
      await runNextChunk(desk, clock)
      for (const { question } of await alice.hear(text)) if (question) await alice.say('1')
      await runToTheEnd(desk, clock)
      const total = (await told(alice)).filter((one) => one.includes('positions complete'))
      expect(total).toHaveLength(1)
      expect(total[0]).toContain('🛑 AAPL: ')
      expect((await group()).state).toBe('ended')
      await expectBooksToAddUp(desk)
    },
  )

  test('are cancelled together, with one total', async ({ alice }) => {
    await alice.say('scaleout all fast')
    for (let chunk = 0; chunk < 4; chunk++) await runNextChunk(desk, clock)
    expect(await alice.say('cancel scaleout all')).toContain('🛑 ENDED 3 SCALEOUTS\n')
    expect((await told(alice)).map((text) => text.split('\n')[0])).toEqual([
      '🏁 SCALEOUT ENDED - 0 of 3 positions complete',
    ])
    expect((await members()).map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'cancelled'])
    await expectBooksToAddUp(desk)
  })

  test('do not start at all when one of them cannot', async ({ alice }) => {
    const { db } = desk.desk.parts
    const before = await db.selectFrom('scaleouts').select('id').execute()
    const groups = await db.selectFrom('scaleout_groups').select('id').execute()
    // The price goes stale between the command's look and the start's look.
    const { quote } = market
    let looks = 0
    market.quote = async (symbol) => {
      const now = await quote(symbol)
      looks += 1
      return now && looks > 3 && symbol === 'BTC-USD' ? { ...now, stale: 'the source is away' } : now
    }
    const said = await alice.say('scaleout all fast')
    market.quote = quote
    expect(said).toBe(
      '⚠️ BTC-USD cannot be traded now: the source is away.\n💡 Nothing was started. Try again when the price is fresh',
    )
    expect(await db.selectFrom('scaleouts').select('id').execute()).toEqual(before)
    expect(await db.selectFrom('scaleout_groups').select('id').execute()).toEqual(groups)
    expect(await db.selectFrom('scaleout_chunks').select('id').where('state', '=', 'waiting').execute()).toEqual([])
  })

  test('move together into the thread that their announcement opened', async ({ alice }) => {
    const [announced] = await alice.hear('scaleout BYND AAPL fast')
    const { db } = desk.desk.parts
    // Posts it again as a door in a channel would, which opens a thread.
    await db.updateTable('replies').set({ state: 'posting' }).where('id', '=', announced!.row!).execute()
    const place = { door: 'slack' as const, workspace: 'T1', channel: 'C1', thread: `${alice.thread}-opened` }
    await desk.desk.delivered(announced!.row!, { message: 'm1', place })
    await runToTheEnd(desk, clock)
    expect(await told(alice)).toEqual([])
    expect((await queued(desk, place.thread)).map((text) => text.split('\n')[0])).toEqual([
      '🎉 SCALEOUT COMPLETE - 2 positions',
    ])
  })

  test('tell a fill that comes after the end of its scaleout by itself', async ({ alice }) => {
    await alice.say('scaleout BYND AAPL fast')
    const { parts } = desk.desk
    const waiting = await parts.db
      .selectFrom('scaleout_chunks as c')
      .innerJoin('scaleouts as s', 's.id', 'c.scaleout_id')
      .selectAll('c')
      .where('s.group_id', '=', (await group()).id)
      .where('s.symbol', '=', 'BYND')
      .where('c.number', '=', 1)
      .executeTakeFirstOrThrow()
    clock.set(waiting.due_at)
    const venue = parts.venues.all()[0]!
    const { submit } = venue
    venue.submit = async (order) => {
      await alice.say('cancel scaleout all')
      return submit(order)
    }
    await runChunk(parts, waiting.id)
    venue.submit = submit
    const said = await told(alice)
    expect(said[0]).toContain('🏁 SCALEOUT ENDED')
    expect(said[1]).toContain('✓ Chunk 1/')
    expect(said).toHaveLength(2)
    await expectBooksToAddUp(desk)
  })
})
