import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { Refusal } from '../../../src/base/refusal.ts'
import { sp500Symbols } from '../../../src/strategies/universes/sp500.ts'
import { universeOf } from '../../../src/strategies/universes/universe.ts'
import { deskTest } from '../../support/desk-test.ts'
import { known } from '../runs/asking.ts'
import { madeBars } from '../runs/made-bars.ts'

const folder = mkdtempSync(join(tmpdir(), 'deskhand-universes-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'techs.csv'), 'Symbol,Name\r\n"S002",Two\r\ns001,One\r\nGONE,Gone\r\nS002,Again\r\n')
writeFileSync(join(folder, 'plain.txt'), '# mine\nS003\n\n  $s004  \nnot a symbol\n')
writeFileSync(join(folder, 'empty.txt'), '\n')
writeFileSync(join(folder, 'secret.env'), 'S001')

const made = madeBars(5)
const bars = { ...made, symbols: () => [...made.symbols(), 'BYND', 'AAPL', 'MSFT'] }
const { test, desk } = deskTest({ worker: false, runs: { bars, universes: folder } })

const universe = (parameters: Record<string, unknown>, more: { accountId?: number; lenient?: boolean } = {}) =>
  universeOf(desk.desk.parts, { accountId: more.accountId, parameters }, more)
const code = async (parameters: Record<string, unknown>, accountId?: number) => {
  const answer = await universe(parameters, { accountId })
  return answer instanceof Refusal ? answer.code : answer
}

test('the market is every symbol that it has, in order', async () => {
  const symbols = ['AAPL', 'BYND', 'MSFT', 'S000', 'S001', 'S002', 'S003', 'S004', 'SPY']
  expect(await universe({ universe_source: 'market' })).toEqual({ symbols, leftOut: 0, unknown: [] })
})

test('tickers are the universe, each once; unknown ones are refused by name, or left out of a schedule', async () => {
  const tickers = ['S002', 'S001', 'S002', 'GONE']
  const answer = await universe({ tickers, universe_source: 'sp500' })
  expect(answer).toMatchObject({ code: 'UNKNOWN_SYMBOLS', field: 'tickers' })
  expect((answer as Refusal).sentence).toContain('GONE')
  expect(await universe({ tickers }, { lenient: true })).toEqual({
    ...{ symbols: ['S001', 'S002'], leftOut: 1, unknown: ['GONE'] },
  })
})

test('positions and the watchlist are those of the account, and nobody else’s', async ({ alice, bob }) => {
  const [one, other] = [await known(desk.desk, alice), await known(desk.desk, bob)]
  expect(await universe({ universe_source: 'positions' }, one)).toEqual({ symbols: ['BYND'], leftOut: 0, unknown: [] })
  await alice.say('watch AAPL')
  expect(await universe({ universe_source: 'watchlist' }, one)).toMatchObject({
    symbols: expect.arrayContaining(['AAPL']),
  })
  const others = await universe({ universe_source: 'watchlist' }, other)
  expect(others instanceof Refusal || !others.symbols.includes('AAPL')).toBe(true)
  expect(await code({ universe_source: 'watchlist' })).toBe('EMPTY_UNIVERSE')
  expect(await code({ universe_source: 'positions' })).toBe('EMPTY_UNIVERSE')
})

test('the S&P 500 is what the market knows of it', async () => {
  const answer = await universe({ universe_source: 'sp500' })
  expect(answer).toEqual({
    ...{ symbols: ['AAPL', 'MSFT'], leftOut: sp500Symbols.length - 2 },
    unknown: sp500Symbols.filter((symbol) => !['AAPL', 'MSFT'].includes(symbol)).slice(0, 5),
  })
})

test('a list is a file of the folder, by its name alone', async () => {
  const source = { universe_source: 'file' }
  expect(await universe({ ...source, file: 'techs' })).toMatchObject({ symbols: ['S001', 'S002'], leftOut: 1 })
  expect(await universe({ ...source, file: 'PLAIN' })).toMatchObject({ symbols: ['S003', 'S004'], leftOut: 1 })
  for (const file of [
    undefined,
    'none',
    'secret',
    '../techs',
    'secret.env',
    '/etc/passwd',
    'techs.csv',
    '',
    'techs\0',
  ]) {
    expect(await code({ ...source, file }), String(file)).toBe('NO_SUCH_LIST')
  }
  expect(await code({ ...source, file: 'empty' })).toBe('EMPTY_UNIVERSE')
})
