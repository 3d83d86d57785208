import { mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { runBacktest } from '../../src/backtest/command-line/run-backtest.ts'
import { madeBars, madeFolder, sessionsFrom } from '../strategies/made-bars.ts'
import { missing, recordedDays } from '../strategies/recorded.ts'

const days = sessionsFrom('2015-01-02', 200)
const made = madeFolder({ AAA: madeBars(days, 1), BBB: madeBars(days, 2), CCC: madeBars(days.slice(0, 20), 3) })

async function typed(...args: string[]): Promise<{ code: number; printed: string; noted: string }> {
  let [printed, noted] = ['', '']
  const code = await runBacktest(args, {
    ...{ cwd: '/', root: '/' },
    print: (text) => {
      printed += text
    },
    note: (text) => {
      noted += text
    },
  })
  return { code, printed, noted }
}

describe('npm run -s backtest', () => {
  test.skipIf(missing)(`prints the published figures of the cross on Google as JSON${missing}`, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'goog-'))
    symlinkSync(path.join(recordedDays, 'GOOG-long.csv'), path.join(folder, 'GOOG-long.csv'))
    const words = 'sma-cross GOOG-long --fast 10 --slow 30 --cash 10000 --commission 0 --json --check'
    const { code, printed } = await typed(...words.split(' '), '--bars', folder)
    expect(code).toBe(0)
    const figures = JSON.parse(printed)
    expect(figures).toMatchObject({ trades: 66, warmup: 30, lookahead: null, recursive: null, refused: {} })
    expect(figures.finalEquity).toBeCloseTo(51_422.99, 6)
    expect(figures.sharpe).toBeCloseTo(0.5806232, 6)
    expect(Object.keys(figures)).toEqual(
      expect.arrayContaining([
        'returnPct',
        'maxDrawdownPct',
        'sortino',
        'winRatePct',
        'exposurePct',
        'profitFactor',
        'conventions',
      ]),
    )
  })

  test('plays several symbols from a day to another, and lists trades whose profit is the change', async () => {
    const args = [
      'bracket',
      'AAA',
      'BBB',
      '--bars',
      made,
      '--from',
      '2015-03-02',
      '--to',
      '2015-06-30',
      '--commission',
      '0.1',
    ]
    const { code, printed } = await typed(...args, '--json', '--trades', '--cash', '50000')
    expect(code).toBe(0)
    const run = JSON.parse(printed)
    expect(run).toMatchObject({
      from: '2015-03-02',
      to: '2015-06-30',
      symbols: ['AAA', 'BBB'],
      cagrPct: expect.any(Number),
    })
    expect(run.tradeList).toHaveLength(run.trades)
    const profit = run.tradeList.reduce((sum: number, trade: { profit: number }) => sum + trade.profit, 0)
    expect(profit).toBeCloseTo(run.finalEquity - 50_000, 6)
    expect(run.fees).toBeGreaterThan(0)
    const table = await typed(...args, '--trades', '--check')
    expect(table.printed).toContain('✓ Later bars: none was read')
    expect(table.printed.match(/ → 2015-\d\d-\d\d {2}(AAA|BBB) long /g)?.length).toBeGreaterThan(1)
  })

  test('says in a sentence which word is wrong, and ends with 2', async () => {
    const wrong: [string, string][] = [
      ['', 'Name a strategy, of sma-cross, buy-and-hold, bracket, breakout, policy, and a symbol.'],
      ['moon AAA', 'There is no strategy moon.'],
      ['sma-cross', 'Name a symbol, or several.'],
      ['sma-cross AAA --fast 30 --slow 10', 'fast 30 must be shorter than slow 10.'],
      ['sma-cross AAA --fast x', '--fast takes a whole number from 1 to 500. “x” is not that.'],
      ['sma-cross AAA --stop 5', 'sma-cross has no parameter --stop.'],
      ['bracket AAA --cash -5', '--cash takes a number from 1 to 1000000000000. “-5” is not that.'],
      ['bracket AAA --stop 0 --target 0', 'A bracket needs a stop, a target or a trail above 0.'],
      ['bracket AAA --from 2016-02-30', '--from takes a day such as 2014-01-10.'],
      ['bracket AAA --json=yes', '--json takes no value.'],
      ['sma-cross ZZZ', 'replay:made has no bars of ZZZ.'],
      ['sma-cross CCC', 'CCC has 20 bars, 2015-01-02 to 2015-01-30 up to the last day; sma-cross needs 33'],
    ]
    for (const [words, sentence] of wrong) {
      const { code, printed, noted } = await typed(...words.split(' ').filter(Boolean), '--bars', made)
      expect(noted, words).toContain(sentence)
      expect([code, printed], words).toEqual([2, ''])
    }
    expect((await typed('bracket', 'AAA')).noted).toContain('Name a folder of bars: --bars FOLDER')
    expect(await typed('bracket', 'AAA', '--bars', '/nowhere')).toMatchObject({
      code: 1,
      noted: expect.stringContaining('/nowhere'),
    })
  })

  test('tells of rows that cannot be used, and of what looks like a split', async () => {
    const bars = madeBars(days, 1)
    for (const name of ['open', 'high', 'low', 'close'] as const)
      bars[name] = bars[name].map((one, at) => (at < 50 ? one : one / 4))
    bars.high[20] = -1
    const { code, noted } = await typed('buy-and-hold', 'DDD', '--bars', madeFolder({ DDD: bars, EEE: bars }))
    expect(code).toBe(0)
    expect(noted).toBe(
      `Left out: 1 row of DDD.csv.\nDDD opened at less than half or more than twice the close before on ${days[50]}: a split that is not adjusted for?\n`,
    )
  })

  test('explains itself', async () => {
    expect((await typed('--list')).printed).toContain('buy-and-hold')
    const { printed } = await typed('bracket', '--help')
    expect(printed).toContain(
      '--stop    Distance of the stop from the entry in percent; 0 is none (a number from 0 to 95; 5 without it)',
    )
    expect(printed).toContain('--slippage BP')
  })
})
