import { expect, test } from 'vitest'
import { levelsText } from '../../src/web/words/levels.ts'

const long = { direction: 'LONG', stop: null, target: null, partLevels: [], hitLevels: [] } as const
const level = (price: string) => ({ id: 1, price, quantity: '100', trail: null, setAt: '2026-11-20T15:00:00.000Z' })
const part = { id: 2, kind: 'stop', price: '0.8', quantity: '40' } as const

test.each([
  ['without a level', {}, { all: 'none', hit: '' }],
  ['that works', { stop: level('0.9') }, { all: '$0.90', hit: '' }],
  ['with one of a part', { stop: level('0.9'), partLevels: [part] }, { all: '$0.90, $0.80 for 40', hit: '' }],
  [
    'that is hit and not done',
    { hitLevels: [{ kind: 'stop' as const, price: '0.9', quantity: null }] },
    { all: '', hit: '$0.90 hit, not sold yet' },
  ],
  [
    'of a part of a short position that is hit, beside one that works',
    {
      direction: 'SHORT' as const,
      stop: level('1.2'),
      hitLevels: [{ kind: 'stop' as const, price: '1.1', quantity: '40' }],
    },
    { all: '$1.20', hit: '$1.10 for 40 hit, not bought back yet' },
  ],
  [
    'of the other kind',
    { hitLevels: [{ kind: 'target' as const, price: '2', quantity: null }] },
    { all: 'none', hit: '' },
  ],
])('the stop of a position %s', (_, of, shown) => {
  expect(levelsText({ ...long, partLevels: [], hitLevels: [], ...of }, 'stop')).toEqual(shown)
})
