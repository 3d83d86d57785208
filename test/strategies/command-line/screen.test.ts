import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { folderBars } from '../../../src/strategies/engine/bars/folder-bars.ts'
import { restScreening, screen } from '../../../src/strategies/engine/screen.ts'
import { strategies } from '../../../src/strategies/screeners/list.ts'
import { rank } from '../../../src/strategies/screeners/rank.ts'
import type { SymbolResult } from '../../../src/strategies/screeners/strategy.ts'
import { readResult } from '../../../src/strategies/screeners/written-result.ts'
import { madeBars, madeFolder, sessionsFrom } from '../made-bars.ts'
import { missing, recordedSymbols } from '../recorded.ts'
import { typed } from './terminal.ts'

afterAll(restScreening)

const days = sessionsFrom('2015-01-02', 300)
const last = days.at(-1)!
const symbols = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE']
const made = madeFolder(Object.fromEntries(symbols.map((symbol, at) => [symbol, madeBars(days, at)])))
const bars = ['--bars', made]

interface Printed {
  strategy: string
  parameters: Record<string, unknown>
  as_of: string
  universe: { name: string; symbols: number; left_out: number }
  passed: number
  failed: number
  skipped: number
  errors: number
  results: (SymbolResult & { rank: number })[]
}

async function json(...args: string[]): Promise<Printed> {
  const { code, printed, noted } = await typed([...args, '--json'])
  expect(code, noted).toBe(0)
  return JSON.parse(printed) as Printed
}

const names = ({ results }: Printed) => results.map(({ symbol }) => symbol).sort()

describe.skipIf(missing)(`recorded bars${missing}`, () => {
  const recorded = recordedSymbols(3)

  test('give the list that a screen gives with the same functions, as a table, JSON and CSV', async () => {
    const source = await folderBars(recorded)
    const all: SymbolResult[] = []
    await screen(
      source,
      {
        ...{ strategy: 'bullish_breakout', parameters: strategies[0]!.parameters.parse({}), done: new Set<string>() },
        ...{ symbols: source.symbols(), asOf: '2014-01-10' },
      },
      { stage: () => {}, results: (batch) => void all.push(...batch.map(readResult)) },
      { threads: 1 },
    )
    const ranked = rank(all)
    const args = ['breakout', '--bars', recorded, '--as-of', '2014-01-10']
    expect((await json(...args)).results).toEqual(
      JSON.parse(JSON.stringify(ranked.map((result, at) => ({ rank: at + 1, ...result })))),
    )

    const scored = ranked.filter((result) => 'score' in result).length
    const hits = ranked.filter(({ outcome }) => outcome === 'passed')
    expect(hits.length).toBeGreaterThan(1)
    const { printed, noted } = await typed(args)
    expect(printed).toContain(
      `${hits.length} of ${ranked.length} symbols passed bullish_breakout as of 2014-01-10; ${ranked.length - scored} skipped.`,
    )
    const rows = printed.split('\n').filter((line) => /^ *\d+ {2}[A-Z]/.test(line))
    expect(rows.map((row) => row.trim().split(/ {2,}/)[1])).toEqual(hits.map(({ symbol }) => symbol))
    expect(noted).toMatch(/^Left out: \d+ rows? of [A-Z]+\.csv/)

    const { printed: csv } = await typed([...args, '--csv', '--top', '3'])
    const lines = csv.trimEnd().split('\r\n')
    expect(lines.map((line) => line.split(',').slice(0, 3))).toEqual([
      ['rank', 'symbol', 'outcome'],
      ...hits.slice(0, 3).map(({ symbol }, at) => [String(at + 1), symbol, 'passed']),
    ])
  })

  test('have facts that are texts below the table, each once', async () => {
    const { printed } = await typed(['leap', '--bars', recorded, '--as-of', '2014-01-10', '--min-score', '0'])
    expect(Number(printed.split(' ')[0])).toBeGreaterThan(1)
    expect(printed.split('Estimate of all: Black–Scholes').length).toBe(2)
    expect(printed.split('Black–Scholes').length).toBe(2)
  })
})

test.for(strategies.map(({ name }) => name))('%s is screened with every format', async (name) => {
  const printed = await json(name, ...bars)
  expect(printed).toMatchObject({ strategy: name, as_of: last, universe: { name: 'market', symbols: 5, left_out: 0 } })
  expect(printed.passed + printed.failed + printed.skipped + printed.errors).toBe(5)
  expect(names(printed)).toEqual(symbols)
  expect((await typed([name, ...bars])).printed).toContain(`${name} as of ${last}`)
  expect((await typed([name, ...bars, '--csv'])).printed.trimEnd().split('\r\n').length).toBe(6)
})

test('every parameter of a strategy is a flag, and is in its help with its range', async () => {
  for (const { name, parameters } of strategies) {
    const { code, printed } = await typed(['--help', name])
    expect(code).toBe(0)
    for (const parameter of Object.keys(parameters.shape)) {
      expect(printed).toContain(`--${parameter.replaceAll('_', '-')}`)
    }
  }
  expect((await typed(['--help', 'breakout'])).printed).toMatch(
    /--min-score .*\(a number from 0 to 100; 70 without it\)/,
  )
  const { parameters } = await json('breakout', ...bars, '--min-score', '12.5', '--min-volume-multiple=2')
  expect(parameters).toMatchObject({ min_score: 12.5, min_volume_multiple: 2 })
  expect((await json('breakout', ...bars, '--min-score', '100')).passed).toBe(0)
})

test('the help without a strategy lists all of them', async () => {
  for (const args of [['--help'], ['-h'], ['--list']]) {
    const { code, printed } = await typed(args)
    expect(code).toBe(0)
    for (const { name } of strategies) expect(printed).toContain(name)
  }
})

test.for([
  ['', 'Name a strategy, of bullish_breakout'],
  ['brekout', 'There is no strategy brekout. Is breakout meant?'],
  ['entirely_else', '--list shows them'],
  ['breakout leap_entry', 'Only one strategy can be named'],
  ['breakout --min-scor 3', 'There is no flag --min-scor. Is --min-score meant?'],
  ['breakout --min-score 300', '--min-score takes a number from 0 to 100. “300” is not that.'],
  ['breakout --min-score -5', '--min-score takes a number from 0 to 100. “-5” is not that.'],
  ['breakout --min-score many', '--min-score takes a number from 0 to 100. “many” is not that.'],
  ['breakout --max-workers 1.5', '--max-workers takes a whole number from 1 to 8. “1.5” is not that.'],
  ['breakout --min-score', '--min-score needs a value.'],
  ['breakout --bars --json', '--bars needs a value.'],
  ['breakout --json=yes', '--json takes no value.'],
  ['breakout --json --csv', 'Only one of --json and --csv can be had.'],
  ['breakout --progress fast', '--progress takes json. “fast” is not that.'],
  ['breakout --min-score 60 --min-score 70', '--min-score is given twice. Give one value.'],
  ['breakout --top 0', '--top takes a whole number of at least 1.'],
  ['breakout --as-of 2015-02-30', '--as-of takes a day such as 2014-01-10. “2015-02-30” is not that.'],
  ['breakout --as-of 2030-01-01 --bars MADE', `is after the last bar: most symbols of replay:made end on ${last}.`],
  ['breakout --bars MADE --tickers AAA,ZZZ', '--tickers: replay:made has no bars of ZZZ.'],
  ['breakout --bars MADE --tickers A:A', '--tickers takes 1 to 2000 symbols'],
  ['breakout --bars MADE --universe watchlist', '--universe watchlist is of an account'],
  ['breakout --bars MADE --universe sp500', '--universe sp500: replay:made has bars of none of its'],
  ['breakout --bars MADE --universe nowhere.txt', 'There is no file “nowhere.txt”.'],
  ['breakout --bars MADE --universe .', '“.” is a folder.'],
  ['breakout --bars MADE --universe file:none', 'There is no list none.'],
  ['breakout --bars MADE --universe file:../mine.txt', 'There is no list ../mine.txt.'],
  ['breakout --bars MADE --universe-source file', 'The universe file needs --file NAME'],
  ['breakout --bars MADE --universe sp500 --tickers AAA', 'Only one of --universe and --tickers can be had.'],
  ['breakout', 'Name a folder of bars: --bars FOLDER'],
] as const)('`%s` is wrong usage', async ([line, sentence]) => {
  const { code, printed, noted } = await typed(line.replace('MADE', made).split(' ').filter(Boolean))
  expect(noted).toContain(sentence)
  expect({ code, printed }).toEqual({ code: 2, printed: '' })
})

const minute = (time: string) => `2015-01-02T${time}:00Z,1,1,1,1,1\n`
const minutes = `time,open,high,low,close,volume\n${minute('10:00')}${minute('10:01')}`

test.for([
  ['a folder that is missing', () => path.join(made, 'none'), 'There is no folder '],
  ['an empty folder', () => madeFolder({}), 'There is no SYMBOL.csv in '],
  ['files without bars', () => madeFolder({ AAA: 'hello', BBB: 'date,open\n1,2\n' }), 'has bars that can be used'],
  ['bars of minutes', () => madeFolder({ AAA: minutes }), 'screeners need bars of days.'],
] as const)('%s: its data failed', async ([, folder, sentence]) => {
  const { code, printed, noted } = await typed(['breakout', '--bars', folder()])
  expect(noted).toContain(sentence)
  expect({ code, printed }).toEqual({ code: 1, printed: '' })
})

test('broken files and rows are left out and told, and the others are scored', async () => {
  const row = `${days[0]},1,1,1,1,0\nnonsense\n`
  const folder = madeFolder({
    GOOD: madeBars(days, 1),
    BAD: 'not a table at all',
    ROWS: `date,open,high,low,close,volume\n${row}${days[1]},1,1,1,1,1\n`,
  })
  mkdirSync(path.join(folder, 'DIR.csv'))
  const { code, printed, noted } = await typed(['breakout', '--bars', folder, '--as-of', last])
  expect(code).toBe(0)
  expect(noted).toContain('BAD.csv: its first line names no column date or time')
  expect(noted).toContain('2 rows of ROWS.csv (line 2: zero volume, …)')
  expect(noted).toContain('DIR.csv: it is a folder')
  expect(noted).not.toMatch(/E[A-Z]{4,}/)
  expect(printed).toMatch(/^0 of 2 symbols passed .*; 1 skipped\.\n/)
  expect(printed).toContain('Without a score: ROWS last bar')
})

test('a day without a session counts as the last one before it, and that is said', async () => {
  const saturday = days
    .slice(0, -5)
    .map((day) => new Date(`${day}T00:00:00Z`))
    .findLast((day) => day.getUTCDay() === 5)!
  const friday = saturday.toISOString().slice(0, 10)
  saturday.setUTCDate(saturday.getUTCDate() + 1)
  const asOf = saturday.toISOString().slice(0, 10)
  const { code, printed, noted } = await typed(['breakout', ...bars, '--as-of', asOf, '--json'])
  expect(code).toBe(0)
  expect(noted).toContain(`${asOf} has no bars: the last day before it is ${friday}, and counts.`)
  expect(printed).toBe((await typed(['breakout', ...bars, '--as-of', friday, '--json'])).printed)
})

test('without a hit the nearest are named with their reasons', async () => {
  const { code, printed } = await typed(['breakout', ...bars, '--min-score', '100'])
  expect(code).toBe(0)
  expect(printed).toMatch(/^0 of 5 symbols passed/)
  expect(printed).toMatch(/Nearest: [A-E]{3} \d+\.\d\d, but /)
})

test('the universe is a list in a file, a list of the desk, tickers, or the folder', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'lists-'))
  mkdirSync(path.join(root, 'universes'))
  writeFileSync(path.join(root, 'mine.txt'), '# mine\nSymbol\nccc\nAAA\nAAA\nZZZ\n')
  writeFileSync(path.join(root, 'universes/held.csv'), 'symbol,name\n"BBB",B\nDDD,=D\n')
  const universe = async (...args: string[]) => {
    const { printed } = await typed(['breakout', ...bars, ...args, '--json'], { cwd: root, root })
    const read = JSON.parse(printed) as Printed
    return { ...read.universe, symbols: names(read) }
  }
  expect(await universe()).toEqual({ name: 'market', symbols, left_out: 0 })
  expect(await universe('--universe', 'mine.txt')).toEqual({ name: 'mine.txt', symbols: ['AAA', 'CCC'], left_out: 1 })
  expect(await universe('--universe', 'file:held')).toMatchObject({ name: 'file:held', symbols: ['BBB', 'DDD'] })
  expect(await universe('--universe-source', 'file', '--file', 'held')).toMatchObject({ symbols: ['BBB', 'DDD'] })
  expect(await universe('--tickers', 'eee,AAA')).toEqual({ name: 'tickers', symbols: ['AAA', 'EEE'], left_out: 0 })
})

test('the folder of MARKET is the one without a flag, relative to the project', async () => {
  const root = path.dirname(made)
  const { printed } = await typed(['breakout', '--json'], { root, market: 'sim,replay:made@2015-06-01' })
  expect(JSON.parse(printed)).toMatchObject({ bars: 'replay:made', universe: { symbols: 5 } })
  expect(await typed(['breakout'], { market: 'sim' })).toMatchObject({ code: 2 })
})
