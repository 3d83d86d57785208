import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { createReplayMarket } from '../../../src/market/feeds/replay/replay.ts'
import { createSimMarket } from '../../../src/market/feeds/sim/sim.ts'
import type { Bar } from '../../../src/market/market.ts'
import type { Picture } from '../../../src/talk/chat/reply.ts'
import { exactAtr, exactMacd, exactRsi, exactVwap, rowsOf } from '../../market/exact-indicators.ts'
import { handClock } from '../../market/hand-clock.ts'
import { handMarket, openTestDesk, type TestDesk } from '../../support/desk.ts'
import { type Someone, someone } from './someone.ts'

const bars = path.join(import.meta.dirname, '../../market/bars')

describe('on recorded minutes', () => {
  const rows = rowsOf(path.join(bars, 'FESX.csv'))
  let folder: string
  let desk: TestDesk
  let alice: Someone

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'bars-'))
    cpSync(path.join(bars, 'FESX.csv'), path.join(folder, 'FESX.csv'))
    const begin = new Date('2026-11-20T15:00:00Z')
    const clock = handClock(begin)
    const market = await createReplayMarket({ folder, clock, anchor: begin })
    clock.set(market.replayEndsAt.getTime() - 1)
    desk = await openTestDesk({ worker: false, clock, market: market as never })
  })
  afterAll(async () => {
    await desk.close()
    rmSync(folder, { recursive: true })
  })
  beforeEach(() => {
    alice = someone(desk)
  })

  /** The last minute plays still: it is no finished bar. */
  const finished = rows.slice(0, -1)
  const dollars = (value: number) =>
    `$${Number(value.toFixed(2)).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`

  test('vwap is that of the recorded session, with what it means', async () => {
    const value = exactVwap(finished).at(-1)!
    expect(await alice.say('vwap FESX')).toMatch(/^📊 VWAP — FESX \(1m bars\)\n/)
    expect(await alice.say('vwap')).toContain(`VWAP: ${dollars(value)} | Last: `)
    expect(await alice.say('VWAP fesx 1m')).toMatch(/💭 The price is \d+\.\d\d% (above|below) VWAP: who bought/)
  })

  test('rsi, macd and atr of the minutes are those of their definitions', async () => {
    const last250 = finished.slice(-250)
    const { macd, signal } = exactMacd(last250, 'first')
    expect(await alice.say('rsi FESX 1m')).toContain(`RSI(14): ${exactRsi(last250).at(-1)!.toFixed(1)} | Last: `)
    expect(await alice.say('atr FESX 1m')).toContain(
      `ATR(14): $${exactAtr(last250).at(-1)!.toFixed(4).replace(/0+$/, '')} (`,
    )
    const said = await alice.say('macd FESX 1m')
    expect(said).toMatch(/^📊 MACD — FESX \(1m bars\)\nMACD\(12,26,9\): \$[+-][\d.]+ \| Signal: \$[+-][\d.]+ \| /)
    const numbers = [...said.matchAll(/\$([+-])([\d.]+)/g)].map(([, sign, digits]) => Number(`${sign}${digits}`))
    expect(numbers[0]).toBeCloseTo(macd, 3)
    expect(numbers[1]).toBeCloseTo(signal, 3)
  })

  test.each(['vp FESX', 'volume profile fesx', 'poc $FESX'])(
    '%j shows the point of control and the value area',
    async (text) => {
      expect(await alice.say(text)).toMatch(
        /^📊 VOLUME PROFILE — FESX \(1m bars\)\nPoint of control: \$3,6\d\d\.\d\d \| Last: \$3,6\d\d\.\d\d\nValue area: \$3,6\d\d\.\d\d to \$3,6\d\d\.\d\d \(7\d\.\d\d% of [\d,]+\)\n💭 The price is /,
      )
    },
  )

  test.each(['levels FESX', 'support FESX', 's/r fesx', 'resistance FESX'])(
    '%j shows where bars turned',
    async (text) => {
      const said = await alice.say(`${text} 5m`)
      expect(said).toMatch(/Resistance: .*\nSupport: \$3,6\d\d\.\d\d \(\d+×\)/)
      // The session before began ahead of the recording: its extremes are not known.
      expect(said).not.toContain('Pivots')
    },
  )

  test('rvol says how many sessions it lacks', async () => {
    expect(await alice.say('rvol FESX')).toBe(
      `⚠️ RELATIVE VOLUME needs bars of 5 earlier sessions; the market in use (${desk.market.name}) has 599 bars of 1m of FESX.\n💡 Try again when there are more, or with shorter bars`,
    )
  })
})

describe('what there is too little of', () => {
  const given = new Map<number, Bar[]>()
  const clock = handClock('2026-11-20T20:15:00Z')
  const market = Object.assign(handMarket(clock.now), {
    bars: async (symbol: string, minutes: number, count: number) =>
      symbol === 'BYND' ? (given.get(minutes) ?? []).slice(-count) : [],
  })
  /** Bars of these closes and volumes, the last one finished now. */
  const barsOf = (minutes: number, closes: number[], volume = 100) =>
    closes.map((close, at): Bar => {
      const price = new Big(close)
      const begin = clock.now().getTime() - (closes.length - at) * minutes * 60_000
      return {
        at: new Date(begin),
        open: price,
        high: price.plus('0.01'),
        low: price,
        close: price,
        volume: new Big(volume),
      }
    })
  const rising = (count: number) => Array.from({ length: count }, (_, at) => Number((1 + at / 100).toFixed(2)))
  let desk: TestDesk
  let alice: Someone

  beforeAll(async () => {
    desk = await openTestDesk({ worker: false, clock, market })
  })
  afterAll(() => desk.close())
  beforeEach(() => {
    given.clear()
    alice = someone(desk)
  })

  test('bars: a refusal says how many are needed, and how many there are', async () => {
    given.set(60, barsOf(60, rising(9)))
    expect(await alice.say('rsi BYND')).toBe(
      '⚠️ RSI needs 15 bars; the market in use (hand) has 9 bars of 1h of BYND.\n💡 Try again when there are more, or with shorter bars',
    )
    expect(await alice.say('macd BYND 1h')).toContain('⚠️ MACD needs 34 bars; the market in use (hand) has 9 bars of 1h')
  })

  test.each(['vwap', 'rvol', 'vp', 'rsi', 'macd', 'atr', 'levels'])(
    '%s in a market without bars is refused',
    async (command) => {
      const said = await alice.say(`${command} AAPL`)
      expect(said).toMatch(
        /^⚠️ The market in use \(hand\) has no bars of [0-9mhd, ]+ of AAPL; [A-Z ]+ needs [a-z0-9 ]+\.\n💡 Another length/,
      )
    },
  )

  test('the next length that there is enough of is taken, unless one was asked for', async () => {
    given.set(5, barsOf(5, rising(14)))
    given.set(1440, barsOf(1440, rising(40)))
    expect(await alice.say('rsi BYND')).toMatch(
      /^📊 RSI — BYND \(1d bars\)\nRSI\(14\): 100\.0 .*\n💭 Overbought; momentum/,
    )
    expect(await alice.say('rsi BYND 5m')).toContain('RSI needs 15 bars; the market in use (hand) has 14 bars of 5m')
    expect(await alice.say('rvol BYND')).toMatch(
      /RVOL: 1\.00 \| Volume: 100 \| Usual: 100 \(mean of 20\)\nThe last finished day/,
    )
    expect(await alice.say('vp BYND 1d')).toContain('of 4,000)')
    given.delete(5)
    expect(await alice.say('vwap BYND')).toContain('has no bars of 1m, 5m, 15m, 1h of BYND; VWAP needs one bar')
  })

  test('lengths that do not exist, or make no sense, are refused with those that do', async () => {
    expect(await alice.say('rsi BYND 7m')).toBe('⚠️ The desk has no bars of 7m.\n💡 One of 1m, 5m, 15m, 1h, 1d')
    for (const [said, length] of [
      ['vwap BYND 1w', '1w'],
      ['rsi BYND 7s', '7s'],
    ])
      expect(await alice.say(said!)).toContain(`The desk has no bars of ${length}.`)
    expect(await alice.say('vwap BYND 1d')).toBe(
      '⚠️ A session is a day, so bars of a day are too long for it.\n💡 Such as `vwap BYND 5m`',
    )
  })

  test.each(['chart BYND 0m', 'chart BYND 100000m', 'chart 7s'])('%j is no picture of another length', async (said) => {
    given.set(5, barsOf(5, rising(30)))
    expect(await alice.say(said)).toMatch(/^⚠️ The desk has no bars of (0m|100000m|7s)\.\n💡 Such as 5m, 1m, /)
  })

  test('a symbol: it is asked for, and one that is not known is refused', async () => {
    given.set(5, barsOf(5, rising(30)))
    expect(await alice.say('rsi')).toBe('❓ Which symbol?')
    expect(await alice.say('bynd')).toContain('📊 RSI — BYND')
    expect(await alice.say('atr')).toContain('📊 ATR — BYND')
    expect(await alice.say('rsi BYN')).toContain('Did you mean BYND?')
  })

  test('nothing: the option of a platform is the length of a bar', async () => {
    given.set(15, barsOf(15, rising(40)))
    expect(await alice.command('rsi', { symbol: 'BYND', interval: '15m' })).toContain('📊 RSI — BYND (15m bars)')
  })

  test('history: the pivots are those of the session before, whole, and of nothing around it', async () => {
    const hours = ['11-18', '11-19', '11-20'].flatMap((day, session) =>
      Array.from({ length: 9 }, (_, hour): Bar => {
        // The exchange opens at 14:30 UTC; what is traded before it is dear.
        const at = new Date(Date.parse(`2026-${day}T13:30:00Z`) + hour * 3_600_000)
        const close = new Big(hour === 0 ? 99 : 10 + session + (hour % 3))
        return { at, open: close, high: close.plus(1), low: close.minus(1), close, volume: new Big(100) }
      }),
    )
    given.set(60, hours.slice(0, -2))
    // 19 November: high 14, low 10, close 12 (the bar that begins at 20:30).
    expect(await alice.say('levels BYND 1h')).toContain(
      'Pivots: R2 $16.00 | R1 $14.00 | P $12.00 | S1 $10.00 | S2 $8.00',
    )
    // That of 20 November is over with the same bar: a dollar more.
    given.set(60, hours)
    expect(await alice.say('levels BYND 1h')).toContain(
      'Pivots: R2 $17.00 | R1 $15.00 | P $13.00 | S1 $11.00 | S2 $9.00',
    )
  })

  test('trading in this session: the VWAP of the one before is not that of this one', async () => {
    const bar = (at: string, volume: number): Bar => {
      const price = new Big(10)
      return { at: new Date(at), open: price, high: price, low: price, close: price, volume: new Big(volume) }
    }
    given.set(1, [bar('2026-11-19T20:00:00Z', 5), bar('2026-11-20T14:30:00Z', 0), bar('2026-11-20T14:31:00Z', 0)])
    expect(await alice.say('vwap BYND 1m')).toContain('VWAP needs one bar of the session with volume')
  })

  test('freshness: a stale price is shown as such', async () => {
    given.set(5, barsOf(5, rising(30)))
    market.stale('BYND', 'the quote is 60 s old (limit 15 s)')
    const said = [await alice.say('rsi BYND'), await alice.say('chart BYND 5m')]
    market.stale('BYND')
    for (const text of said) expect(text).toContain('⚠️ The last price is stale: the quote is 60 s old (limit 15 s)')
  })

  test('movement: what is nothing has no sign', async () => {
    given.set(5, barsOf(5, [...rising(10).reverse(), ...Array.from({ length: 240 }, () => 1)]))
    const said = await alice.say('macd BYND 5m')
    expect(said).not.toMatch(/\$[+-]0\.00/)
    expect(said).toContain('MACD(12,26,9): $0.00 ')
  })

  test('whole units: what is traded in parts has its decimals', async () => {
    given.set(1440, barsOf(1440, rising(40), 0.025))
    expect(await alice.say('rvol BYND 1d')).toContain('Volume: 0.025 | Usual: 0.025 (mean of 20)')
  })

  test('rounding: the last price has all of its decimals', async () => {
    given.set(5, barsOf(5, rising(30)))
    market.set('BYND', '0.160654')
    const said = await alice.say('rsi BYND')
    market.set('BYND', '1.01')
    expect(said).toContain('| Last: $0.160654\n')
  })

  test('pauses: a window that begins before a weekend has the clocks of the exchange, and not dates', async () => {
    const begins = ['2026-11-13T20:00:00Z', '2026-11-16T15:00:00Z', '2026-11-16T16:00:00Z']
    given.set(
      60,
      barsOf(60, rising(3)).map((bar, index) => ({ ...bar, at: new Date(begins[index]!) })),
    )
    expect(await alice.say('chart BYND 1h')).toContain(
      '3 bars, Nov 13, 2026, 15:00 to Nov 16, 2026, 11:00 (New York time)',
    )
  })

  test('trading: bars without volume have no VWAP, and no profile', async () => {
    given.set(1, barsOf(1, rising(30), 0))
    expect(await alice.say('vwap BYND 1m')).toContain('VWAP needs one bar of the session with volume')
    expect(await alice.say('vp BYND 1m')).toContain('VOLUME PROFILE needs a bar with volume')
  })
})

describe('in the simulated market', () => {
  let desk: TestDesk
  beforeAll(async () => {
    // A quarter past three in New York, on a Friday: the results do not depend on the time of the test.
    const clock = handClock('2026-11-20T20:15:00Z')
    desk = await openTestDesk({ worker: false, clock, market: createSimMarket({ seed: 'indicators', clock }) as never })
  })
  afterAll(() => desk.close())

  test.each(['vwap', 'rvol', 'vp', 'rsi', 'macd', 'atr', 'levels'])(
    '%s has a number and a picture for every kind of symbol',
    async (command) => {
      const alice = someone(desk)
      for (const symbol of ['BYND', 'TLRY', 'SPY', 'BTC-USD']) {
        const [reply] = await alice.hear(`${command} ${symbol}`)
        const { text, pictures = [] } = reply!
        expect(text).toMatch(new RegExp(`^📊 [A-Z ]+ — ${symbol} \\((1m|5m|1h) bars\\)\n`))
        expect(pictures).toHaveLength(1)
        const [{ name, alt, png, course = [] }] = pictures as [Picture]
        expect(name).toMatch(new RegExp(`^${symbol.toLowerCase()}-${command}-(1m|5m|1h)\\.png$`))
        expect(alt).toMatch(new RegExp(`^${symbol} · .*: candles.* UTC\\.$`))
        if (command === 'macd') expect(alt).toMatch(/the MACD at \$[+-][\d.,]+ with its signal line at \$[+-][\d.,]+ /)
        if (command === 'vp') expect(alt).toContain(`, ${/\((\d\d\.\d\d%) of/.exec(text)![1]} from $`)
        expect(`${text} ${alt}`).not.toMatch(/NaN|undefined|Infinity/)
        expect([...png.slice(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
        expect(course.length).toBeGreaterThan(1)
      }
    },
  )
})
