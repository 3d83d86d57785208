import { expect } from 'vitest'
import { finishExits } from '../../../src/trading/orders/finish-exit.ts'
import { lockPosition } from '../../../src/trading/positions/rows/positions.ts'
import { noteUnfinished } from '../../../src/trading/protection/rows/unfinished-exits.ts'
import { letPass } from '../../crash/ledger.ts'
import { deskTest } from '../../support/desk-test.ts'
import type { Someone } from '../../talk/commands/someone.ts'

/** Longer than anybody takes who is still at it. */
const abandonedSeconds = 20
const minuteSeconds = 60
/** Longer than an exit may take to be sent. */
const tooLateSeconds = 70

const { test, desk, market } = deskTest({ worker: false })
test.beforeEach(async ({ alice }) => {
  market.set('BYND', '1.01')
  await alice.say('long BYND 100 @ 1')
  expect(await alice.say('close 60 BYND @ 1.20')).toContain('✓ LIMIT SELL ORDER 60 BYND')
})

const unfinished = () => desk.desk.parts.db.selectFrom('unfinished_closes').selectAll().execute()

/** Asks for a close whose process stops for good once the resting orders are back. */
async function stopsOver(alice: Someone, text: string): Promise<void> {
  const { quote } = market
  await new Promise<void>((stopped) => {
    market.quote = async (symbol) => {
      if ((await unfinished()).length === 0) return quote(symbol)
      stopped()
      return new Promise(() => {})
    }
    void alice.say(text)
  })
  market.quote = quote
  expect(await unfinished()).toHaveLength(1)
}

async function goOn(seconds = abandonedSeconds): Promise<void> {
  await letPass(desk.desk.parts.db, seconds)
  await finishExits(desk.desk.parts)
}

/** The outbox rows of the person's thread. */
async function told(alice: Someone): Promise<string[]> {
  const { db } = desk.desk.parts
  const rows = await db
    .selectFrom('replies as r')
    .innerJoin('conversations as c', 'c.id', 'r.conversation_id')
    .where('c.key', 'like', `%:${alice.thread}`)
    .where('r.state', '=', 'queued')
    .orderBy('r.id')
    .select('r.body')
    .execute()
  return rows.map(({ body }) => body.text)
}

async function sold(alice: Someone): Promise<string[]> {
  const { db } = desk.desk.parts
  const fills = db.selectFrom('fills as f').innerJoin('accounts as a', 'a.id', 'f.account_id')
  const own = fills.innerJoin('members as m', 'm.id', 'a.member_id').where('m.name', '=', alice.name)
  return (await own.where('f.side', '=', 'sell').select('f.quantity').execute()).map(({ quantity }) => quantity)
}

test('is left to the process that heard it at first, and then closed and told once, by two at once', async ({
  alice,
}) => {
  await stopsOver(alice, 'close BYND now')
  await finishExits(desk.desk.parts)
  expect(await sold(alice)).toEqual([])
  await letPass(desk.desk.parts.db, abandonedSeconds)
  await Promise.all([finishExits(desk.desk.parts), finishExits(desk.desk.parts), finishExits(desk.desk.parts)])
  await finishExits(desk.desk.parts)
  expect(await sold(alice)).toEqual(['100'])
  expect(await told(alice)).toEqual([expect.stringMatching(/^✓ SOLD 100 BYND @ \$1\.01\n.*\nPosition: FLAT$/)])
  expect(await unfinished()).toEqual([])
})

test('keeps its limit', async ({ alice }) => {
  await stopsOver(alice, 'close BYND @ 1.10')
  await goOn()
  expect(await told(alice)).toEqual([expect.stringContaining('✓ LIMIT SELL ORDER 100 BYND @ $1.10 (working)')])
  expect(await sold(alice)).toEqual([])
})

test('is taken up by the sweep', async ({ alice }) => {
  await stopsOver(alice, 'close BYND now')
  await letPass(desk.desk.parts.db, abandonedSeconds)
  await desk.desk.sweep()
  expect(await sold(alice)).toEqual(['100'])
})

test('waits for a price while a market begins, and then gives up and says so', async ({ alice }) => {
  await stopsOver(alice, 'close BYND now')
  market.stale('BYND', 'the source is away')
  await goOn()
  expect(await told(alice)).toEqual([])
  await desk.desk.parts.db
    .updateTable('unfinished_closes')
    .set({ taken_up_at: new Date(Date.now() - minuteSeconds * 1000) })
    .execute()
  await goOn()
  expect(await told(alice)).toEqual([
    expect.stringMatching(/^🛑 NOT DONE: close BYND\n⚠️ BYND cannot be traded now: the source is away\./),
  ])
  market.stale('BYND')
  await goOn()
  expect(await sold(alice)).toEqual([])
})

test.for([
  ['close BYND now', 'close BYND', 'close BYND now'],
  ['close BYND @ 1.10', 'close BYND @ $1.10', 'close BYND @ 1.1'],
] as const)(
  '%j is not sent when the desk comes back too late: it is asked about anew',
  async ([text, what, anew], { alice }) => {
    await stopsOver(alice, text)
    market.set('BYND', '0.30')
    await goOn(tooLateSeconds)
    await goOn()
    expect(await sold(alice)).toEqual([])
    expect(await told(alice)).toEqual([
      [
        `⚠️ NOT SENT: ${what}`,
        'Working orders were to be taken back first, and that was not done within 1 min. Orders that were taken back stay back; nothing else was traded.',
        'Position: LONG 100 BYND @ $1.00',
        `💡 Do you still want it? Say it again: \`${anew}\`, at the price of then`,
      ].join('\n'),
    ])
    expect(await unfinished()).toEqual([])
    expect(await alice.say('close BYND now')).toContain('✓ SOLD 100 BYND @ $0.30')
  },
)

test('`close all` sends nothing when the desk comes back too late, and each thread is told', async ({ alice }) => {
  await alice.say('long AAPL 10 @ 150')
  await alice.say('close 6 AAPL @ 250')
  await alice.say('close all')
  const { quote } = market
  await new Promise<void>((stopped) => {
    market.quote = async (symbol) => {
      if ((await unfinished()).length === 0) return quote(symbol)
      stopped()
      return new Promise(() => {})
    }
    void alice.say('1')
  })
  market.quote = quote
  await goOn(tooLateSeconds)
  expect(await sold(alice)).toEqual([])
  expect((await told(alice)).filter((text) => text.startsWith('⚠️ NOT SENT: close'))).toHaveLength(2)
  expect(await unfinished()).toEqual([])
})

test('a process that heard it and was stopped for too long sends nothing either', async ({ alice }) => {
  const { quote } = market
  const goes = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<void>()
  market.quote = async (symbol) => {
    if ((await unfinished()).length > 0) {
      stopped.resolve()
      await goes.promise
    }
    return quote(symbol)
  }
  const answer = alice.say('close BYND now')
  await stopped.promise
  market.quote = quote
  await letPass(desk.desk.parts.db, tooLateSeconds)
  goes.resolve()
  expect(await answer).toMatch(/^✓ CANCELLED order 1: [\s\S]*⚠️ NOT SENT: close BYND\n/)
  expect(await sold(alice)).toEqual([])
  expect(await unfinished()).toEqual([])
})

test('takes back what would open the position again', async ({ alice }) => {
  await alice.say('buy 30 BYND @ .90')
  await alice.say('buy 20 AAPL @ 100')
  // The process died before it took anything back.
  const { db } = desk.desk.parts
  const { id } = await db.selectFrom('positions').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  await db.transaction().execute(async (trx) => {
    const position = await lockPosition(trx, id)
    const { member_id: memberId } = await trx
      .selectFrom('accounts')
      .select('member_id')
      .where('id', '=', position.accountId)
      .executeTakeFirstOrThrow()
    const asked = { clientOrderId: `close-of-${id}`, memberId, conversationId: position.conversationId! }
    await noteUnfinished(trx, asked, position, new Date())
  })
  await goOn()
  expect(await sold(alice)).toEqual(['100'])
  expect(await told(alice)).toContainEqual(expect.stringMatching(/^✓ CANCELLED order 2: LIMIT BUY 30 BYND/))
  const works = await alice.say('orders')
  expect(works).not.toContain('BYND')
  expect(works).toContain('BUY 20 AAPL')
})

test('leaves a position alone that was closed meanwhile, and says nothing', async ({ alice }) => {
  await stopsOver(alice, 'close BYND now')
  await alice.say('close BYND now')
  await goOn()
  expect(await sold(alice)).toEqual(['100'])
  expect(await told(alice)).toEqual([])
  expect(await unfinished()).toEqual([])
})

test.for(['buy 5 BYND now', 'trim 40 BYND', 'close 10 BYND @ 1.30', 'stop .90', 'scaleout slow'])(
  'leaves alone what was changed by %j, and says so once',
  async (text, { alice }) => {
    await stopsOver(alice, 'close BYND now')
    const before = (await sold(alice)).length
    await alice.say(text)
    const after = await sold(alice)
    await goOn()
    await goOn()
    expect(await sold(alice)).toEqual(after)
    expect(after.length - before).toBe(text.startsWith('trim') ? 1 : 0)
    expect((await told(alice)).filter((one) => one.startsWith('🛑 NOT DONE: close BYND\n'))).toEqual([
      expect.stringMatching(/It stays open: LONG \d+ BYND @ \$1\.0/),
    ])
    expect(await unfinished()).toEqual([])
    if (text.includes('@ 1.30')) expect(await alice.say('orders')).toContain('@ $1.30')
  },
)
