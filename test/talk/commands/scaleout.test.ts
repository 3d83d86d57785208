import { describe, expect } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { planScaleout } from '../../../src/trading/scaleouts/rules/scaleout-plan.ts'
import { deskTest } from '../../support/desk-test.ts'

const { test, desk, market } = deskTest({ worker: false })
test.beforeEach(async ({ alice }) => {
  market.set('BYND', '1.01')
  market.stale('BYND')
  await alice.say('long BYND 3750 @ .63')
})

const question = `📉 INTERACTIVE SCALEOUT
Position: LONG 3,750 BYND @ $0.63

How fast should I scale out?
  1️⃣  FAST - Next 1-3 minutes (6-10 chunks)
  2️⃣  MEDIUM - Next 10-15 minutes (8-12 chunks)
  3️⃣  SLOW - Next hour (10-15 chunks)
  4️⃣  SMART - With volume and volatility, 10 minutes to an hour (10-20 chunks)
  5️⃣  CUSTOM - Your own length, chunks or price limit

💡 Reply with 1, 2, 3, 4 or 5`

/** Every scaleout that the desk has, oldest first. */
const scaleouts = () => desk.desk.parts.db.selectFrom('scaleouts').selectAll().orderBy('id').execute()
const lastScaleout = async () => (await scaleouts()).at(-1)!

describe('a scaleout', () => {
  test('is asked for its speed, to the letter', async ({ alice }) => {
    expect(await alice.say('scaleout')).toBe(question)
  })

  test('is announced, to the letter', async ({ alice }) => {
    await alice.say('scaleout')
    const announced = await alice.say('1')
    const { chunk_count: chunks } = await lastScaleout()
    expect(announced).toBe(
      `🔄 SCALEOUT INITIATED - BYND\nMode: FAST (1-3 minutes)\nTotal Quantity: 3,750\nChunks: ${chunks}\nEntry: $0.63\n💡 Progress updates will appear automatically\n· ${alice.name}`,
    )
  })

  test.for([
    ['1', 'fast'],
    ['2', 'medium'],
    ['3', 'slow'],
    ['fast', 'fast'],
    ['MEDIUM', 'medium'],
    ['med', 'medium'],
    ['  Slow ', 'slow'],
    ['2️⃣', 'medium'],
  ] as const)('that is asked for its speed takes %j for an answer', async ([answer, speed], { alice }) => {
    await alice.say('scaleout')
    expect(await alice.say(answer)).toContain(`Mode: ${speed.toUpperCase()} (`)
    expect((await lastScaleout()).speed).toBe(speed)
  })

  test.for([
    ['scaleout BYND fast half', 'fast', '1875'],
    ['scale out BYND slow', 'slow', '3750'],
    ['so medium 30%', 'medium', '1125'],
    ['SO FAST 1,000', 'fast', '1000'],
    ['scaleout 1k $bynd quick', 'fast', '1000'],
    ['scaleout fast a third', 'fast', '1250'],
    ['scaleout fast everything', 'fast', '3750'],
  ] as const)('starts at once when all is said: %j', async ([text, speed, quantity], { alice }) => {
    expect(await alice.say(text)).toContain('🔄 SCALEOUT INITIATED')
    expect(await lastScaleout()).toMatchObject({ speed, total_quantity: quantity, state: 'running', side: 'sell' })
  })

  test.for([
    ['so 30%', '1,125'],
    ['scale out 1000', '1,000'],
    ['scaleout half', '1,875'],
  ] as const)('of a part says how much it is when it asks for the speed: %j', async ([text, quantity], { alice }) => {
    const asked = await alice.say(text)
    expect(asked).toContain(`Position: LONG 3,750 BYND @ $0.63\nQuantity: ${quantity}\n\nHow fast`)
    expect(await alice.say('1')).toContain(`Total Quantity: ${quantity}`)
  })

  test('keeps the seed that draws the same plan again, and every due time before the first chunk is due', async ({
    alice,
  }) => {
    await alice.say('scaleout slow')
    const { id, seed, started_at, decision_price } = await lastScaleout()
    expect(decision_price).toBe('1.01')
    const chunks = await desk.desk.parts.db
      .selectFrom('scaleout_chunks')
      .selectAll()
      .where('scaleout_id', '=', id)
      .orderBy('number')
      .execute()
    const plan = planScaleout(new Big(3750), new Big(1), 'slow', seed)
    expect(chunks.map(({ number, quantity, delay_ms }) => [number, quantity, delay_ms])).toEqual(
      plan.map(({ number, quantity, delayMs }) => [number, quantity.toFixed(), delayMs]),
    )
    // A planned minute takes a second here; a due time is kept to the millisecond.
    let due = started_at.getTime()
    for (const chunk of chunks) {
      due += chunk.delay_ms / 60
      expect(Math.abs(chunk.due_at.getTime() - due)).toBeLessThanOrEqual(1)
    }
  })

  test('of a short position buys it back', async ({ bob }) => {
    await bob.say('short BYND 100 @ 1.50')
    expect(await bob.say('scaleout')).toContain('Position: SHORT 100 BYND @ $1.50')
    await bob.say('1')
    expect(await lastScaleout()).toMatchObject({ side: 'buy', total_quantity: '100' })
  })

  test('of fewer shares than chunks has a chunk for each', async ({ bob }) => {
    await bob.say('long BYND 3 @ 1')
    expect(await bob.say('scaleout fast')).toContain('Chunks: 3')
  })

  test('of coins is cut in lots', async ({ bob }) => {
    await bob.say('long BTC-USD 0.0013 @ 60000')
    await bob.say('scaleout fast')
    const { id, chunk_count } = await lastScaleout()
    const chunks = await desk.desk.parts.db
      .selectFrom('scaleout_chunks')
      .select('quantity')
      .where('scaleout_id', '=', id)
      .orderBy('number')
      .execute()
    const each = Math.floor(13 / chunk_count)
    expect(chunks.map(({ quantity }) => Number(quantity) * 10_000).map(Math.round)).toEqual(
      Array.from({ length: chunk_count }, (_, index) => (index < 13 % chunk_count ? each + 1 : each)),
    )
  })
})

describe('nothing starts, and the reason is said, when', () => {
  let before: number
  test.beforeEach(async () => {
    before = (await scaleouts()).length
  })
  const nothingStarted = async () => expect(await scaleouts()).toHaveLength(before)

  test('one runs already', async ({ alice }) => {
    await alice.say('scaleout slow')
    before += 1
    for (const text of ['scaleout', 'scaleout BYND fast', 'so 100']) {
      expect(await alice.say(text)).toBe(
        '⚠️ Scaleout already in progress for BYND\n💡 Type `cancel scaleout` to end it, `tasks` to see how far it is',
      )
    }
    await nothingStarted()
  })

  test('two ask at the same time: one of them starts', async ({ alice }) => {
    const other = alice.in('another thread')
    const said = await Promise.all([alice.say('scaleout BYND fast'), other.say('scaleout BYND slow')])
    before += 1
    expect(said.filter((text) => text.startsWith('🔄'))).toHaveLength(1)
    expect(said.filter((text) => text.includes('Scaleout already in progress for BYND'))).toHaveLength(1)
    await nothingStarted()
  })

  test('nothing is open', async ({ alice, bob }) => {
    expect(await bob.say('scaleout')).toBe('⚠️ You have no open position.\n💡 Record one with `long BYND 100`')
    expect(await bob.say('scaleout AAPL fast')).toBe(
      '⚠️ You have no open position in AAPL.\n💡 Record one with `long AAPL 100`',
    )
    expect(await alice.say('scaleout AAPL')).toBe('⚠️ You have no open position in AAPL.\n💡 Open: BYND')
    await nothingStarted()
  })

  test.for([
    ['more than there is', 'scaleout fast 3751', '3,751 is more than the 3,750 BYND that are open.'],
    ['zero', 'scaleout fast 0', 'more than zero'],
    ['less than zero', 'scaleout fast -5', 'more than zero'],
    ['absurdly many', 'scaleout fast 1e99', 'I did not understand "1e99"'],
    ['half a share', 'scaleout fast 0.5', 'The desk trades BYND in whole shares'],
    ['nothing percent', 'scaleout fast 0%', 'more than 0% and at most 100%'],
    ['more than all percent', 'scaleout fast 101%', 'more than 0% and at most 100%'],
    ['less than a share', 'scaleout fast 0.01%', 'That part of 3,750 BYND is less than 1.'],
  ] as const)('it is of %s', async ([_, text, reason], { alice }) => {
    expect(await alice.say(text)).toContain(reason)
    await nothingStarted()
  })

  test('the symbol is not known, with the nearest ones', async ({ alice }) => {
    expect(await alice.say('scaleout BYNE fast')).toContain('Did you mean BYND?')
    await nothingStarted()
  })

  test('the speed is not one: it is asked again, and then answered', async ({ alice }) => {
    await alice.say('scaleout')
    for (const answer of ['6', 'warp speed', '0', 'faster', '1.5']) {
      expect(await alice.say(answer)).toBe(
        `⚠️ That is not one of the choices. \`never mind\` closes the question.\n\n${question}`,
      )
    }
    await nothingStarted()
    expect(await alice.say('3')).toContain('Mode: SLOW')
  })

  test('a word beside it has no meaning', async ({ alice }) => {
    expect(await alice.say('scaleout BYND warp')).toContain('I did not understand "warp".')
    await nothingStarted()
  })

  test('the price is stale', async ({ alice }) => {
    market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    expect(await alice.say('scaleout fast')).toBe(
      '⚠️ BYND cannot be traded now: the quote is 60 s old (limit 15 s).\n💡 Nothing was started. Try again when the price is fresh',
    )
    await nothingStarted()
  })

  test('the position was closed between the question and the answer', async ({ alice }) => {
    await alice.say('scaleout')
    await alice.in('another thread').say('close BYND now')
    expect(await alice.say('1')).toContain('You have no open position in BYND.')
    await nothingStarted()
  })

  test('a part that was asked for is not there any more when the answer comes', async ({ alice }) => {
    await alice.say('scaleout 3000')
    await alice.in('another thread').say('trim BYND 1000')
    expect(await alice.say('1')).toContain('3,000 is more than the 2,750 BYND that are open.')
    await nothingStarted()
  })
})
