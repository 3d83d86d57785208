import { expect, test } from 'vitest'
import { Refusal } from '../../../src/base/refusal.ts'
import { rangeOf, readParameters } from '../../../src/strategies/runs/parameters.ts'
import { strategies, strategyNamed } from '../../../src/strategies/screeners/list.ts'
import fc from '../../support/fast-check.ts'

const breakout = strategyNamed('bullish_breakout')!
const read = (given: Record<string, unknown>) => readParameters(breakout, given)
const refusal = (given: Record<string, unknown>) => {
  const answer = read(given)
  if (!(answer instanceof Refusal)) throw new Error('it was taken')
  return answer
}

test('a parameter that is left out gets its default', () => {
  expect(read({})).toMatchObject({ min_score: 70, min_volume_multiple: 1, universe_source: 'market', max_workers: 2 })
})

test('words of chat are the same as values', () => {
  const typed = { min_score: '60', tickers: 'amd, NVDA', universe_source: 'SP500', 'max-workers': '3' }
  const meant = { min_score: 60, tickers: ['AMD', 'NVDA'], universe_source: 'sp500', max_workers: 3 }
  expect(read(typed)).toEqual(read(meant))
  expect(read(meant)).toMatchObject(meant)
})

test.each([
  [{ min_score: '160' }, 'min_score', 'a number from 0 to 100', '160'],
  [{ min_score: 'high' }, 'min_score', 'a number from 0 to 100', 'high'],
  [{ max_workers: 2.5 }, 'max_workers', 'a whole number from 1 to 8', '2.5'],
  [{ universe_source: 'nasdaq' }, 'universe_source', 'one of market, watchlist, positions, file, sp500', 'nasdaq'],
  [{ min_volume_multiple: -1 }, 'min_volume_multiple', 'a number from 0 to 10', '-1'],
  [{ tickers: [] }, 'tickers', '1 to 2000 symbols', ''],
  [{ tickers: ['AMD', 'not a ticker!'] }, 'tickers', '1 to 2000 symbols', 'not a ticker!'],
])('a wrong value is refused with its field and its range: %o', (given, field, range, said) => {
  const { code, sentence, field: named } = refusal(given)
  expect({ code, named }).toEqual({ code: 'WRONG_PARAMETER', named: field })
  expect(sentence).toContain(range)
  expect(sentence).toContain(said)
})

test('a parameter that the screener does not have is refused with those that it has', () => {
  const { code, field, instead } = refusal({ colour: 'red' })
  expect({ code, field }).toEqual({ code: 'WRONG_PARAMETER', field: 'colour' })
  expect(instead).toContain('min_score')
})

test('all that is wrong is told, each with its field, the first one before the others', () => {
  const { field, also, sentence } = refusal({ max_workers: 'x', colour: 'red', min_score: 300, tickers: ['AMD'] })
  expect([field, ...also.map((one) => one.field)]).toEqual(['colour', 'min_score', 'max_workers'])
  expect(sentence).toContain('colour')
  expect(also.map((one) => one.sentence)).toEqual([
    expect.stringContaining('from 0 to 100. `300` is not that'),
    expect.stringContaining('from 1 to 8. `x` is not that'),
  ])
  expect(refusal({ tickers: ['a b', 'c d', 'e f'] }).also).toEqual([])
})

test('every parameter of every screener has a range in words and a description', () => {
  for (const strategy of strategies) {
    for (const name of Object.keys(strategy.parameters.shape)) {
      expect(rangeOf(strategy, name), `${strategy.name} ${name}`).toBeTruthy()
    }
  }
})

test('whatever comes in is read or refused, never thrown, and what was read is read again to the same', () => {
  const values = fc.oneof(fc.string(), fc.double(), fc.array(fc.string()), fc.object(), fc.constant(null))
  const names = fc.oneof(fc.constantFrom(...Object.keys(breakout.parameters.shape)), fc.string())
  fc.assert(
    fc.property(fc.dictionary(names, values), (given) => {
      const once = read(given)
      if (once instanceof Refusal) expect(once.sentence.length).toBeLessThan(400)
      else expect(read(once)).toEqual(once)
    }),
  )
})

test('a named list is the universe, unless another is named; tickers go before both', () => {
  const read = (given: Record<string, unknown>) => readParameters(strategyNamed('breakout')!, given)
  expect(read({ file: 'mine' })).toMatchObject({ file: 'mine', universe_source: 'file' })
  expect(read({ file: 'mine', universe_source: 'file' })).toMatchObject({ universe_source: 'file' })
  expect(read({ file: 'mine', universe_source: 'market' })).toMatchObject({ code: 'WRONG_PARAMETER', field: 'file' })
  expect(read({ tickers: '$amd,AMD', file: 'mine', universe_source: 'market' })).toMatchObject({ tickers: ['AMD'] })
})

test('a missing value is told as one', () => {
  const answer = readParameters(strategyNamed('breakout')!, { min_score: '' })
  expect(answer).toMatchObject({ sentence: expect.stringContaining('from 0 to 100. There was no value. ') })
})
