import { describe, expect } from 'vitest'
import type { Clock } from '../../../src/base/clock.ts'
import { NoCanvas, NoPicture } from '../../../src/charts/index.ts'
import { createMarket } from '../../../src/market/index.ts'
import { show } from '../../../src/talk/commands/picture.ts'
import { decoded, ink } from '../../charts/pixels.ts'
import { openTestDesk, type TestDesk } from '../../support/desk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from './someone.ts'

/** A quarter past three in New York, on a Friday. */
let now = Date.parse('2026-11-20T20:15:00Z')
const clock: Clock = { now: () => new Date(now), scale: 1 }
const market = await createMarket({ spec: 'sim:pictures', clock, maxAgeMs: 60_000 })
const { test, desk } = deskTest({ worker: false, clock, market: market as never, timeScale: 1 })

/** The only picture of what is said to this, and the text beside it. */
async function pictureOf(who: Someone, text: string) {
  const [reply, ...more] = await who.hear(text)
  expect(more).toEqual([])
  expect(reply!.pictures, reply!.text).toHaveLength(1)
  return { text: reply!.text, ...reply!.pictures![0]! }
}

describe('chart', () => {
  test('is a picture of the last bars, with its figures beside it', async () => {
    const { text, name, alt, png, course } = await pictureOf(someone(desk), 'chart BYND 1d')
    expect(name).toBe('bynd-1d.png')
    expect(text).toMatch(
      /^📈 BYND 1d — 66 bars, Sep 15, 2026 to Nov 19, 2026\nLast: \$[\d.]+ \([+-][\d.]+%\) \| High: \$[\d.]+ \| Low: \$[\d.]+\nVWAP since Sep 15, 2026: \$[\d.]+ \| Volume: [\d,]+\nThe bar under way is drawn with dashes: \$[\d.]+ to \$[\d.]+ so far$/,
    )
    expect(alt).toContain('Candles of BYND, 66 bars of 1d from Sep 15, 2026')
    expect(course).toHaveLength(66)
    expect(ink(await decoded(png), { x: 12, y: 10, width: 200, height: 24 })).toBeGreaterThan(400)
  })

  test.each([
    ['chart BYND 5m', 'BYND 5m — 66 bars'],
    ['chart 1h BYND', 'BYND 1h — 66 bars'],
    ['chart BYND 15 minutes', 'BYND 15m — 66 bars'],
    ['chart bynd daily', 'BYND 1d — 66 bars'],
    ['chart BYND 90m', 'BYND 90m — 66 bars'],
    ['chart BYND 60m please', 'BYND 1h — 66 bars'],
    ['chart BYND 1w', 'BYND 1w — 26 bars'],
    ['candles BYND', 'BYND 5m — 66 bars'],
    ['show me the chart of BYND 4h', 'BYND 4h — 66 bars'],
  ])('%j shows %s', async (said, shown) => {
    expect((await pictureOf(someone(desk), said)).text).toContain(shown)
  })

  test('without a symbol is of the one last named, or asks', async ({ alice }) => {
    const [question] = await alice.hear('chart 1h')
    expect(question!.text).toBe('❓ Which symbol?')
    expect((await pictureOf(alice, 'AAPL')).text).toContain('AAPL 1h')
    expect((await pictureOf(alice, 'chart 1d')).text).toContain('AAPL 1d')
  })

  test('of a symbol that is not known is refused, and is not the last one named', async ({ alice }) => {
    await alice.say('quote BYND')
    expect(await alice.say('chart XQZW 2d')).toContain("I don't know the symbol XQZW")
  })

  test('shows what is held: entry, stop, target, working orders and fills', async ({ alice }) => {
    const last = (await market.quote('BYND'))!.last
    await alice.say(`long BYND 3750 @ ${last.times('0.99').toFixed(2)}`)
    const before = await pictureOf(alice, 'chart BYND 5m')
    const [stop, target] = [last.times('0.97').toFixed(2), last.times('1.03').toFixed(2)]
    await alice.say(`bracket stop ${stop} target ${target}`)
    await alice.say(`stop ${stop}`)
    await alice.say(`target ${target}`)
    const { text, alt, png } = await pictureOf(alice, 'chart BYND 5m')
    expect(text).toMatch(
      /\nLONG 3,750 BYND @ \$[\d.]+ · stop \$[\d.]+ \([\d.]+% away\) · target \$[\d.]+ \([\d.]+% away\)\n/,
    )
    expect(text).toContain('\nYour fills in it: 1 bought, 0 sold')
    expect(alt).toContain('LONG 3,750 BYND')
    expect(alt).toMatch(/\. Your fills in it: 1 bought, 0 sold\.$/)
    const edge = { x: 340, y: 60, width: 110, height: 220 }
    expect(ink(await decoded(png), edge)).toBeGreaterThan(ink(await decoded(before.png), edge) + 300)
  })

  test('shows nobody else what is held', async () => {
    const [alice, bob] = [someone(desk), someone(desk)]
    await alice.say('long AMD 10')
    expect((await pictureOf(alice, 'chart AMD')).text).toContain('LONG 10 AMD')
    expect((await pictureOf(bob, 'chart AMD')).text).not.toContain('LONG')
  })

  test('has the times of the member, and says whose they are', async ({ alice }) => {
    const span = (text: string) => /66 bars, (.*) to (.*) \((.*)\)/.exec(text)!.slice(1)
    // Simulated symbols trade around the clock, by the days of UTC.
    expect(span((await pictureOf(alice, 'chart AMD 5m')).text)).toEqual([
      ...['Nov 20, 2026, 14:45', 'Nov 20, 2026, 20:10', 'UTC'],
    ])
    await alice.say('timezone Asia/Tokyo')
    const { text, alt } = await pictureOf(alice, 'chart AMD 5m')
    expect(span(text)).toEqual(['Nov 20, 2026, 23:45', 'Nov 21, 2026, 05:10', 'Tokyo time'])
    expect(alt).toContain('from Nov 20, 2026, 23:45 to Nov 21, 2026, 05:10')
    expect((await pictureOf(alice, 'rsi AMD 5m')).alt).toContain('– Nov 21, 2026, 05:10 · Tokyo time.')
    expect((await pictureOf(alice, 'chart AMD 1d')).text).toContain('66 bars, Sep 15, 2026 to Nov 19, 2026\n')
  })

  test('shows the bar under way up to the last price', async () => {
    now += 130_000
    const { text } = await pictureOf(someone(desk), 'chart AMD 5m')
    const [, low, high] = /The bar under way is drawn with dashes: \$([\d.]+) to \$([\d.]+) so far/.exec(text)!
    const last = (await market.quote('AMD'))!.last
    now -= 130_000
    expect(last.gte(low!) && last.lte(high!)).toBe(true)
    expect(Number(high)).toBeGreaterThan(Number(low))
  })

  test('of a session has the average of that session only', async () => {
    const { text } = await pictureOf(someone(desk), 'chart AMD 5m')
    const said = await someone(desk).say('vwap AMD 5m')
    const average = /VWAP: (\$[\d.]+)/.exec(said)![1]!
    expect(text).toContain(`VWAP: ${average} |`)
  })
})

describe('chart, where the market has no such bars,', () => {
  let bare: TestDesk
  test.beforeAll(async () => {
    bare = await openTestDesk({ worker: false })
  })
  test.afterAll(() => bare.close())

  test('says so, and what there is instead', async () => {
    expect(await someone(bare).say('chart BYND')).toBe(
      '⚠️ The market in use (hand) has no bars of BYND, so there is nothing to draw.\n💡 `quote BYND` shows its price; a MARKET such as sim or replay:FOLDER has bars',
    )
  })

  test('says when all that was traded was outside of sessions', async () => {
    bare.market.hasOnlyOutside = (symbol) => symbol === 'AAPL'
    expect(await someone(bare).say('chart AAPL')).toMatch(
      /^⚠️ AAPL was traded only before or after the sessions of the exchange, and a chart shows sessions\..*\n💡 `quote AAPL`/,
    )
    expect(await someone(bare).say('rsi AAPL')).toContain('AAPL was traded only before or after the sessions')
    delete bare.market.hasOnlyOutside
  })

  test('names a length that it has', async () => {
    const days = await market.bars('BYND', 1440, 5)
    Object.assign(bare.market, { bars: async (_: string, minutes: number) => (minutes === 1440 ? days : []) })
    expect(await someone(bare).say('chart BYND 5m')).toBe(
      '⚠️ The market in use (hand) has no two bars of 5m of BYND yet.\n💡 It has others: `chart BYND 1d`',
    )
    expect((await pictureOf(someone(bare), 'chart BYND')).text).toContain('BYND 1d — 5 bars')
  })
})

describe('a picture that cannot be drawn', () => {
  test.each([
    [new NoCanvas('there is no binary for this machine'), 'The picture could not be drawn here. The log says why.'],
    [new Error('a fault of ours'), 'The picture could not be drawn here. The log says why.'],
    [new NoPicture('busy', ''), 'There is no picture this time: too many are wanted at once. Ask again in a moment.'],
    [new NoPicture('late', ''), 'There is no picture this time: it took too long to draw. Ask again in a moment.'],
    [new NoPicture('died', ''), 'There is no picture this time: drawing it failed. Ask again; the log says why.'],
  ])('because of %s leaves the text, and says so', async (cause, said) => {
    const about = { name: 'x.png', alt: 'x' }
    expect(await show(desk.desk.parts, '📈 BYND 1d', about, () => Promise.reject(cause))).toEqual({
      replies: [{ text: `📈 BYND 1d\n⚠️ ${said}` }],
    })
  })
})

describe('pl chart', () => {
  test('is the curve of the account, which ends at what pl says', async ({ alice }) => {
    await alice.say('long BYND 3750 @ 0.63')
    now += 3_600_000
    await alice.say('trim 1000 BYND')
    await alice.say('short AMD 20')
    now += 7_200_000
    const { text, alt, png, name, course } = await pictureOf(alice, 'pl chart')
    const said = await alice.say('pl')
    const master = /Master P&L: (\$[+-][\d,.]+)/.exec(said)![1]!
    expect(name).toBe('equity.png')
    expect(text).toContain(`Total P&L: ${master} |`)
    expect(alt).toContain(`total P&L ${master}`)
    expect(text).toMatch(/^📈 EQUITY AND P&L\nEquity: \$[\d,.]+ \([+-][\d.]+% since \$100,000\.00\)\n/)
    expect(text).toMatch(/3 fills, at the market's prices every 2 min$/)
    expect(course!.length).toBeGreaterThan(80)
    expect(course![0]).toBe(0)
    expect(ink(await decoded(png), { x: 12, y: 60, width: 380, height: 250 })).toBeGreaterThan(4000)
  })

  test('goes with what an update put right, until it is undone', async () => {
    const bare = await openTestDesk({ worker: false, clock })
    const alice = someone(bare)
    const course = async () => (await pictureOf(alice, 'pl chart')).course!
    bare.market.set('BYND', '1.00')
    await alice.say('long BYND 2000 @ 1.00')
    now += 600_000
    await alice.say('long BYND 5000 @ 1.00')
    await alice.say('2')
    now += 60_000
    bare.market.set('BYND', '1.10')
    await alice.say('trim 1000 BYND')
    now += 60_000
    const trimmed = await course()
    await alice.say('long BYND 9000 @ 1.00')
    await alice.say('2')
    now += 30_000
    await alice.say('undo')
    await alice.say('close now')
    now += 60_000
    const closed = await course()
    await bare.close()
    // 1,000 sold and 4,000 held, of 5,000 that cost a dollar each; then 5,000 sold.
    expect(trimmed.slice(-2)).toEqual([500, 500])
    expect(closed.slice(-2)).toEqual([500, 500])
  })

  test.for(['pl chart', 'chart pl', 'chart equity', 'chart my p&l'])('%j asks for it', async (said, { alice }) => {
    await alice.say('long BYND 10')
    now += 60_000
    expect((await pictureOf(alice, said)).text).toContain('📈 EQUITY AND P&L')
  })

  test('of an account without a fill is refused', async () => {
    expect(await someone(desk).say('pl chart')).toContain('Nothing was traded in your account yet')
  })

  test('without bars goes by the prices of the fills', async () => {
    const bare = await openTestDesk({ worker: false })
    const alice = someone(bare)
    await alice.say('long BYND 100 @ 1')
    await alice.say('close now')
    const { text } = await pictureOf(alice, 'pl chart')
    await bare.close()
    expect(text).toContain('Total P&L: $+1.00 | Realized: $+1.00 | Unrealized: $0.00')
    expect(text).toContain('2 fills, at the prices of your fills')
  })
})
