import { expect, test } from 'vitest'
import { type BacktestEvidence, gateToPaper, type ToPaperLine } from '../../../../src/agents/rules/gates/to-paper.ts'

const hash = 'a'.repeat(64)
/** Results of episodes that rise from zero, with a little noise. */
const episodes = (count: number, rise: number) =>
  Array.from({ length: count }, (_, at) => (rise * at) / count + (at % 2))
const evidence = (more: Partial<BacktestEvidence> = {}): BacktestEvidence => ({
  training: { episodes: episodes(100, 1), cardHash: hash, fileHash: hash },
  heldOut: { returned: 0.05, sharpe: 1 },
  baselines: [
    { name: 'cash', sharpe: 0 },
    { name: 'buy and hold', sharpe: 0.99 },
  ],
  ...more,
})
const trained = (more: Partial<NonNullable<BacktestEvidence['training']>>) =>
  evidence({ training: { ...evidence().training!, ...more } })
const lineOf = (of: BacktestEvidence, name: ToPaperLine) => gateToPaper(of).lines.find((line) => line.name === name)!

test('passes with everything shown', () => {
  const { verdict, lines, daysToGo } = gateToPaper(evidence())
  expect([verdict, daysToGo, lines.length]).toEqual(['PASS', undefined, 5])
})

test.for<[ToPaperLine, BacktestEvidence, string]>([
  ['EPISODES', trained({ episodes: episodes(99, 1) }), 'NOT_YET_SHOWN'],
  ['LEARNING', trained({ episodes: episodes(100, 0) }), 'FAIL'],
  ['LEARNING', trained({ episodes: episodes(100, -1) }), 'FAIL'],
  ['LEARNING', trained({ episodes: episodes(99, 1) }), 'NOT_YET_SHOWN'],
  ['CHECKPOINT', trained({ fileHash: 'b'.repeat(64) }), 'FAIL'],
  ['CHECKPOINT', trained({ cardHash: 'a', fileHash: 'a' }), 'FAIL'],
  ['CHECKPOINT', trained({ fileHash: undefined }), 'NOT_YET_SHOWN'],
  ['HELD_OUT', evidence({ heldOut: { returned: 0, sharpe: 1 } }), 'FAIL'],
  ['HELD_OUT', evidence({ heldOut: undefined }), 'NOT_YET_SHOWN'],
  ['BASELINES', evidence({ heldOut: { returned: 0.05, sharpe: 0.99 } }), 'FAIL'],
  ['BASELINES', evidence({ baselines: [] }), 'NOT_YET_SHOWN'],
  [
    'BASELINES',
    evidence({
      baselines: [
        { name: 'cash', sharpe: Number.NaN },
        { name: 'hold', sharpe: 0 },
      ],
    }),
    'NOT_YET_SHOWN',
  ],
])('%s is on the other side of its line: %#', ([name, of, verdict]) => {
  expect(lineOf(evidence(), name).verdict).toBe('PASS')
  expect(lineOf(of, name).verdict).toBe(verdict)
  expect(gateToPaper(of).verdict).not.toBe('PASS')
})

test('names the baseline that is not beaten, with both figures', () => {
  const line = lineOf(evidence({ heldOut: { returned: 0.05, sharpe: 0.5 } }), 'BASELINES')
  expect(line).toMatchObject({ verdict: 'FAIL', figure: 0.5, needs: 0.99, because: 'buy and hold' })
})

test('a strategy that learns nothing needs a backtest, and no training', () => {
  expect(gateToPaper(evidence({ training: undefined })).verdict).toBe('PASS')
  expect(gateToPaper(evidence({ training: undefined, heldOut: undefined })).verdict).toBe('NOT_YET_SHOWN')
})
