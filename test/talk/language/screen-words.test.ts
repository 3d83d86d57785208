import { describe, expect, test } from 'vitest'
import { strategies } from '../../../src/strategies/screeners/list.ts'
import {
  isScreen,
  isSweep,
  type ScreenWords,
  screenFrom,
  slipIn,
  strategyNear,
} from '../../../src/talk/language/screen-words.ts'

const traded = new Set(['AMD', 'NVDA', 'F', 'NOW', 'BRK.B'])
const read = (text: string) => screenFrom(strategies, text, (word) => traded.has(word))

/** The words that were read, with the strategy by its name. */
const told = ({ strategy, ...others }: ScreenWords) => ({ ...(strategy && { strategy: strategy.name }), ...others })
const breakout = { strategy: 'bullish_breakout', unread: [] }

describe('the words behind `screen`', () => {
  test.each<[string, object]>([
    ['breakout', { ...breakout, parameters: {} }],
    ['bullish breakout', { ...breakout, parameters: {} }],
    ['for breakouts in the s&p 500', { ...breakout, parameters: { universe_source: 'sp500' } }],
    ['breakout sp500', { ...breakout, parameters: { universe_source: 'sp500' } }],
    ['my watchlist for breakouts please', { ...breakout, parameters: { universe_source: 'watchlist' } }],
    ['breakout min_score 60', { ...breakout, parameters: { min_score: '60' } }],
    ['breakout min score of 60', { ...breakout, parameters: { min_score: '60' } }],
    ['breakout --min-score=60', { ...breakout, parameters: { min_score: '60' } }],
    ['breakout min_score: 60, workers 4', { ...breakout, parameters: { min_score: '60', max_workers: '4' } }],
    ['breakout universe positions', { ...breakout, parameters: { universe_source: 'positions' } }],
    [
      'breakout file leaders min_score 80',
      { ...breakout, parameters: { universe_source: 'file', file: 'leaders', min_score: '80' } },
    ],
    ['breakout min_score 60 tickers amd nvda', { ...breakout, parameters: { min_score: '60', tickers: 'AMD NVDA' } }],
    [
      'breakout tickers amd,$nvda and f min_score 60',
      { ...breakout, parameters: { tickers: 'AMD NVDA F', min_score: '60' } },
    ],
    ['breakout amd $now', { ...breakout, parameters: { tickers: 'AMD NOW' } }],
    ['breakout priority high notify me when done', { ...breakout, parameters: {}, priority: 'high', notify: true }],
    ['breakout low priority', { ...breakout, parameters: {}, priority: 'low' }],
    ['breakout min_score 1000', { ...breakout, parameters: { min_score: '1000' } }],
    ['breakout min_score', { ...breakout, parameters: { min_score: '' } }],
    ['breakout min_score 60..80 by 5', { ...breakout, parameters: { min_score: '60..80' }, step: '5' }],
    ['breakout min_score 60 to 80', { ...breakout, parameters: { min_score: '60..80' } }],
    [
      'breakout every weekday at 4:15pm',
      { ...breakout, parameters: {}, recurrence: { days: 'weekdays', time: '16:15' } },
    ],
    [
      'breakout sp500 every fri',
      { ...breakout, parameters: { universe_source: 'sp500' }, recurrence: { days: 'friday' } },
    ],
    [
      'breakout daily 15 minutes after the close',
      { ...breakout, parameters: {}, recurrence: { days: 'weekdays', time: 'close+15m' } },
    ],
    [
      'breakout every monday at 4:15pm min_score 60',
      { ...breakout, parameters: { min_score: '60' }, recurrence: { days: 'monday', time: '16:15' } },
    ],
    [
      'cross tickers fast, all, low fast 10',
      { strategy: 'sma_cross', parameters: { tickers: 'FAST ALL LOW', fast: '10' }, unread: [] },
    ],
    [
      'breakout sp500 market',
      { ...breakout, parameters: { universe_source: 'sp500' }, universes: ['sp500', 'market'] },
    ],
    ['tight', { name: 'tight', parameters: {}, unread: [] }],
    ['brakout sp500', { name: 'brakout', parameters: {}, unread: ['sp500'] }],
    ['sp500', { parameters: {}, unread: ['sp500'] }],
    ['min_score 60', { parameters: {}, unread: ['min_score', '60'] }],
  ])('%s', (text, expected) => {
    expect(told(read(text))).toEqual(expected)
  })

  test.each([
    ['breakout sideways', ['sideways']],
    // Words of every day are no symbols.
    ['breakout fast now', ['fast']],
    ['breakout every other day', ['every', 'other', 'day']],
    ['breakout every weekday at lunch', ['at', 'lunch']],
    ['breakout 60', ['60']],
    ['breakout priority urgent', ['priority', 'urgent']],
  ])('%s leaves words unread', (text, unread) => {
    expect(read(text).unread).toEqual(unread)
  })

  test.each([
    ['brakout', 'bullish_breakout'],
    ['breakuot', 'bullish_breakout'],
    ['time', undefined],
    ['is', undefined],
  ])('%s is near %s', (said, meant) => {
    expect(strategyNear(strategies, said)?.name).toBe(meant)
  })

  test('a word near a parameter or a universe is asked about', () => {
    expect(slipIn(read('breakout min_scor 60'))).toEqual({ said: 'min_scor', meant: 'min_score' })
    expect(slipIn(read('breakout wathclist'))).toEqual({ said: 'wathclist', meant: 'watchlist' })
    expect(slipIn(read('breakout sideways'))).toBeUndefined()
  })
})

test.each([
  ['', false],
  ['breakout', true],
  ['breakout sp500 min_score 60', true],
  ['breakout tickers AMD NVDA'.toLowerCase(), true],
  ['tight', true],
  ['tight every weekday at 4:15pm', true],
  ['tight min_score 80', true],
  ['schedules', true],
  ['schedule off 2', true],
  ['queue', true],
  ['time is bad for my eyes', false],
  ['is frozen', false],
  ['breakouts are over', false],
])('`screen %s` has its form: %s', (text, expected) => {
  expect(isScreen(text)).toBe(expected)
})

test.each([
  ['breakout min_score 60..80', true],
  ['breakout sp500 min_score 60 to 80 by 5', true],
  ['the floor', false],
  ['my stop', false],
])('`sweep %s` has its form: %s', (text, expected) => {
  expect(isSweep(text)).toBe(expected)
})
