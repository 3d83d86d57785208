import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import { someone } from './someone.ts'

const { test, desk, market } = deskTest({ worker: false })
test.beforeEach(async ({ alice }) => {
  for (const [symbol, price] of [
    ['BYND', '1.01'],
    ['AAPL', '190'],
    ['BTC-USD', '63000'],
  ] as const) {
    market.set(symbol, price)
  }
  await alice.say('long BYND 3750 @ .63')
  await alice.say('short AAPL 100 @ 200')
})

const speedLines = `How fast should I scale out?
  1️⃣  FAST - Next 1-3 minutes (6-10 chunks)
  2️⃣  MEDIUM - Next 10-15 minutes (8-12 chunks)
  3️⃣  SLOW - Next hour (10-15 chunks)
  4️⃣  SMART - With volume and volatility, 10 minutes to an hour (10-20 chunks)
  5️⃣  CUSTOM - Your own length, chunks or price limit

💡 Reply with 1, 2, 3, 4 or 5`
const both = `  LONG 3,750 BYND @ $0.63
  SHORT 100 AAPL @ $200.00`

/** The scaleouts of the account that was made last, oldest first. */
async function scaleouts() {
  const { db } = desk.desk.parts
  const { id } = await db.selectFrom('accounts').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  return db.selectFrom('scaleouts').selectAll().where('account_id', '=', id).orderBy('id').execute()
}
const symbols = async () => (await scaleouts()).map(({ symbol }) => symbol).sort()

describe('a scaleout of several', () => {
  test('is asked for its speed once, to the letter', async ({ alice }) => {
    expect(await alice.say('scaleout BYND AAPL')).toBe(
      `📉 INTERACTIVE SCALEOUT\nPositions: 2\n${both}\n\n${speedLines}`,
    )
    expect(await scaleouts()).toEqual([])
  })

  test('is announced in one message, with a plan for each', async ({ alice }) => {
    await alice.say('scaleout BYND AAPL')
    const announced = await alice.say('2')
    const started = await scaleouts()
    const chunks = (symbol: string) => started.find((one) => one.symbol === symbol)!.chunk_count
    const bar = (symbol: string) => `${'▱'.repeat(Math.min(10, chunks(symbol)))} 0/${chunks(symbol)}`
    expect(announced).toBe(
      [
        '🔄 SCALEOUT INITIATED - 2 positions',
        'Mode: MEDIUM (10-15 minutes)',
        `BYND ${bar('BYND')} · 0 of 3,750 sold`,
        `AAPL ${bar('AAPL')} · 0 of 100 bought back`,
        '💡 How far they are is shown here as they go, and the total follows at the end',
        `· ${alice.name}`,
      ].join('\n'),
    )
    expect(started).toMatchObject([
      { symbol: 'BYND', side: 'sell', speed: 'medium', state: 'running' },
      { symbol: 'AAPL', side: 'buy', speed: 'medium', state: 'running' },
    ])
    expect(new Set(started.map(({ group_id }) => group_id)).size).toBe(1)
  })

  test.for([
    ['scaleout BYND AAPL fast', 'fast'],
    ['scaleout slow aapl and $bynd', 'slow'],
    ['scaleout all fast', 'fast'],
    ['so everything medium', 'medium'],
  ] as const)('starts at once when all is said: %j', async ([text, speed], { alice }) => {
    expect(await alice.say(text)).toContain(`🔄 SCALEOUT INITIATED - 2 positions\nMode: ${speed.toUpperCase()}`)
    expect(await scaleouts()).toMatchObject([{ speed }, { speed }])
    expect(await symbols()).toEqual(['AAPL', 'BYND'])
  })

  test('takes the same share of each', async ({ alice }) => {
    expect(await alice.say('scaleout BYND AAPL half')).toContain(
      '  LONG 3,750 BYND @ $0.63: 1,875 of them\n  SHORT 100 AAPL @ $200.00: 50 of them',
    )
    await alice.say('fast')
    expect((await scaleouts()).map(({ total_quantity }) => total_quantity)).toEqual(['1875', '50'])
  })

  test('is about every open position when it is about all, and an ordinary one when there is only one', async ({
    alice,
    bob,
  }) => {
    await alice.say('long BTC-USD 0.5 @ 60000')
    expect(await alice.say('scaleout all')).toContain('Positions: 3\n')
    await bob.say('long BYND 10 @ 1')
    expect(await bob.say('scaleout all')).toContain('Position: LONG 10 BYND @ $1.00\n')
  })

  test('refuses one quantity for several', async ({ alice }) => {
    expect(await alice.say('scaleout BYND AAPL 100 fast')).toContain('One quantity does not fit several positions')
    expect(await scaleouts()).toEqual([])
  })
})

test('`scaleout all` with nothing open names no symbol, whatever was spoken of before', async ({ bob }) => {
  await bob.say('quote BYND')
  expect(await bob.say('scaleout all')).toBe('⚠️ You have no open position.\n💡 Record one with `long BYND 100`')
})

describe('what cannot be traded now', () => {
  test('is named in the question for the speed, and the answer is about the others', async ({ alice }) => {
    await alice.say('scaleout AAPL slow')
    market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    await alice.say('long BTC-USD 0.5 @ 60000')
    await alice.say('long AAPL 1')
    const asked = await alice.say('scaleout all')
    expect(asked).toContain(
      'Positions: 1\n  LONG 0.5 BTC-USD @ $60,000.00\n⚠️ Without AAPL: a scaleout runs already\n⚠️ Without BYND: the quote is 60 s old (limit 15 s)\n\nHow fast',
    )
    expect(await symbols()).toEqual(['AAPL'])
    expect(await alice.say('1')).toContain('🔄 SCALEOUT INITIATED - BTC-USD\nMode: FAST')
    expect(await symbols()).toEqual(['AAPL', 'BTC-USD'])
  })

  test('is left out only after a yes when the speed was said', async ({ alice }) => {
    const asked = await alice.say('scaleout BYND AAPL BTC-USD fast')
    expect(asked).toBe(
      `📉 INTERACTIVE SCALEOUT\nPositions: 2\n${both}\n⚠️ Without BTC-USD: no open position\n\nGo on without BTC-USD?\n  1️⃣  Yes - Scale out of the other 2, fast\n  2️⃣  No - Do nothing\n\n💡 Reply with 1 or 2`,
    )
    expect(await scaleouts()).toEqual([])
    expect(await alice.say('1')).toContain('🔄 SCALEOUT INITIATED - 2 positions')
  })

  test('leaves everything as it is after a no', async ({ alice }) => {
    await alice.say('scaleout BYND BTC-USD fast')
    expect(await alice.say('2')).toBe('OK, never mind. Nothing was done.')
    expect(await scaleouts()).toEqual([])
  })

  test('is asked about again when it only became so before the answer', async ({ alice }) => {
    await alice.say('scaleout BYND AAPL')
    market.stale('AAPL', 'the source is away')
    const again = await alice.say('fast')
    expect(again).toContain('⚠️ Without AAPL: the source is away\n\nGo on without AAPL?')
    expect(await scaleouts()).toEqual([])
    expect(await alice.say('yes')).toContain('🔄 SCALEOUT INITIATED - BYND\nMode: FAST')
    expect(await symbols()).toEqual(['BYND'])
  })

  test('is all there is: refused, with each reason', async ({ alice }) => {
    market.stale('BYND', 'the source is away')
    expect(await alice.say('scaleout BYND BTC-USD')).toBe(
      '⚠️ None of them can be scaled out now: BYND (the source is away), BTC-USD (no open position). Nothing was done.\n💡 `positions` shows what is open',
    )
  })

  test('two that ask for the same at once start each position once', async ({ alice }) => {
    const other = alice.in(`${alice.thread}-other`)
    await Promise.all([
      alice.say('scaleout all fast'),
      other.say('scaleout AAPL BYND slow'),
      alice.say('scaleout AAPL fast'),
    ])
    expect(await symbols()).toEqual((await symbols()).filter((symbol, index, all) => all.indexOf(symbol) === index))
  })
})

describe('cancel scaleout', () => {
  test.beforeEach(({ alice }) => alice.say('scaleout all slow'))
  const states = async () =>
    Object.fromEntries((await scaleouts()).map(({ symbol, state }) => [symbol, state] as const))

  test('asks whether one or all of those that were started together should end', async ({ alice }) => {
    const chunks = Object.fromEntries((await scaleouts()).map((one) => [one.symbol, one.chunk_count]))
    expect(await alice.say('cancel scaleout')).toBe(
      `❓ Which scaleout should end?\n  1️⃣  ALL - These 2, which were started together\n  2️⃣  BYND - 0/${chunks.BYND} chunks done\n  3️⃣  AAPL - 0/${chunks.AAPL} chunks done`,
    )
    expect(await alice.say('1')).toBe(
      `🛑 ENDED 2 SCALEOUTS\nBYND: 0 of 3,750 sold\nAAPL: 0 of 100 bought back\n· ${alice.name}`,
    )
    expect(await states()).toEqual({ BYND: 'cancelled', AAPL: 'cancelled' })
  })

  test('ends one of them when that is the answer', async ({ alice }) => {
    await alice.say('cancel scaleout')
    expect(await alice.say('AAPL')).toContain('🛑 SCALEOUT CANCELLED - AAPL (by you)')
    expect(await states()).toEqual({ BYND: 'running', AAPL: 'cancelled' })
  })

  test.for(['cancel scaleout all', 'stop scaleout everything', 'cancel scaleout BYND AAPL'])(
    'ends all at once when that is said: %j',
    async (text, { alice }) => {
      expect(await alice.say(text)).toContain('🛑 ENDED 2 SCALEOUTS')
      expect(await states()).toEqual({ BYND: 'cancelled', AAPL: 'cancelled' })
    },
  )

  test('ends the one that is named', async ({ alice }) => {
    expect(await alice.say('cancel scaleout BYND')).toContain('🛑 SCALEOUT CANCELLED - BYND')
    expect(await states()).toEqual({ BYND: 'cancelled', AAPL: 'running' })
    expect(await alice.say('cancel scaleout')).toContain('🛑 SCALEOUT CANCELLED - AAPL')
  })

  test('does nothing in part', async ({ alice }) => {
    expect(await alice.say('cancel scaleout half')).toContain('A scaleout ends as a whole')
    expect(await states()).toEqual({ BYND: 'running', AAPL: 'running' })
  })

  test('ends nothing that is somebody else’s', async ({ alice }) => {
    const bob = someone(desk, undefined, alice.thread)
    expect(await bob.say('cancel scaleout all')).toContain('No scaleout is running')
    expect(
      (await desk.desk.parts.db.selectFrom('scaleouts').select('state').where('state', '=', 'running').execute())
        .length,
    ).toBeGreaterThanOrEqual(2)
  })
})

describe('a smart scaleout', () => {
  test('offers the plain speeds where the market has no bars, and says why', async ({ alice }) => {
    const asked = await alice.say('scaleout BYND smart')
    expect(asked).toBe(
      `📉 INTERACTIVE SCALEOUT
⚠️ The market in use (hand) has no bars of BYND, so a smart scaleout cannot be planned.
Position: LONG 3,750 BYND @ $0.63

How fast should I scale out?
  1️⃣  FAST - Next 1-3 minutes (6-10 chunks)
  2️⃣  MEDIUM - Next 10-15 minutes (8-12 chunks)
  3️⃣  SLOW - Next hour (10-15 chunks)
  4️⃣  CUSTOM - Your own length, chunks or price limit

💡 Reply with 1, 2, 3 or 4`,
    )
    expect(await scaleouts()).toEqual([])
    expect(await alice.say('3')).toContain('Mode: SLOW')
  })

  test('of several offers them, too, and starts none', async ({ alice }) => {
    expect(await alice.say('scaleout all smart')).toContain('so a smart scaleout cannot be planned.')
    expect(await scaleouts()).toEqual([])
    expect(await alice.say('1')).toContain('🔄 SCALEOUT INITIATED - 2 positions\nMode: FAST')
  })

  test('is a part of help', async ({ alice }) => {
    expect(await alice.say('help scaleout')).toContain('scaleout [SYMBOL …| all] [fast|medium|slow|smart |')
  })
})
