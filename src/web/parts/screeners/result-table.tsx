import { useSignal } from '@preact/signals'
import { Fragment } from 'preact'
import type { StrategyRun, SymbolResult } from '../../../api/contract/strategies.ts'
import { type Outcome, outcome, readMore, results, resultTrouble } from '../../state/screeners/results.ts'
import { hasEnded } from '../../state/screeners/runs.ts'
import { price } from '../../words/money.ts'
import { HitActs } from './hit-acts.tsx'
import { HitDetail } from './hit-detail.tsx'

const outcomes: [outcome: Outcome, label: string][] = [
  ['passed', 'Passed'],
  ['failed', 'Did not pass'],
  ['skipped', 'Skipped'],
  ['error', 'Error'],
]

/** The results of a run, the best first, with the parts of their scores. They appear while it goes on. */
export function ResultTable({ run }: { run: StrategyRun }) {
  const open = useSignal<string | undefined>(undefined)
  const found = results.value?.run === run.run_id ? results.value : undefined
  return (
    <>
      <div class="lengths" role="group" aria-label="Which results">
        {outcomes.map(([value, label]) => (
          <button
            key={value}
            type="button"
            aria-pressed={outcome.value === value}
            onClick={() => {
              outcome.value = value
            }}
          >
            {label}
            {countOf(run, value) !== undefined && <span class="count">{countOf(run, value)}</span>}
          </button>
        ))}
      </div>
      {resultTrouble.value && (
        <p class="failed" role="status">
          The results could not be read: {resultTrouble.value}
        </p>
      )}
      {found?.items.length === 0 && <p class="quiet">{hasEnded(run) ? 'None.' : 'None yet.'}</p>}
      {found && found.items.length > 0 && (
        <div class="scrolls results" tabIndex={0} role="region" aria-label="Results">
          <table>
            <thead>
              <tr>
                <th scope="col" class="number">
                  #
                </th>
                <th scope="col">Symbol</th>
                <th scope="col" class="number">
                  Score
                </th>
                <th scope="col" class="number">
                  Close
                </th>
                <th scope="col">Stands out</th>
                <th scope="col">
                  <span class="hidden">Acts</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {found.items.map((result) => (
                <Fragment key={result.symbol}>
                  <Row
                    result={result}
                    all={found.items}
                    isOpen={open.value === result.symbol}
                    toggle={() => toggle(open, result)}
                  />
                  {open.value === result.symbol && (
                    <tr class="detail" id={`hit-${result.symbol}`}>
                      <td colSpan={6}>
                        <HitDetail result={result} />
                      </td>
                    </tr>
                  )}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found?.next && (
        <button type="button" onClick={() => void readMore()}>
          More
        </button>
      )}
    </>
  )
}

interface RowParts {
  result: SymbolResult
  /** Those listed. */
  all: SymbolResult[]
  isOpen: boolean
  toggle: () => void
}

function Row({ result, all, isOpen, toggle }: RowParts) {
  const { rank, symbol, score, price: close, reason } = result
  return (
    <tr>
      <td class="number">{rank}</td>
      <th scope="row">
        {result.items.length > 0 ? (
          <button type="button" aria-expanded={isOpen} onClick={toggle}>
            <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> {symbol}
            <span class="hidden">: the parts of its score</span>
          </button>
        ) : (
          symbol
        )}
      </th>
      <td class="number">{score === null ? '—' : score.toFixed(2)}</td>
      <td class="number close">{price(close)}</td>
      <td class="stands-out">{reason ?? standsOut(result, all)}</td>
      <td class="acts">
        <HitActs symbol={symbol} />
      </td>
    </tr>
  )
}

function toggle(open: { value: string | undefined }, { symbol }: SymbolResult): void {
  open.value = open.value === symbol ? undefined : symbol
}

/** The most reasons that are named beside a score. */
const mostNamed = 2

/** The reasons against a symbol that did not pass, else the item by which it is furthest above the mean of those listed, as in chat. */
function standsOut({ outcome, items, reasons }: SymbolResult, all: SymbolResult[]): string {
  if (outcome === 'failed') return reasons.slice(0, mostNamed).join('; ')
  const mean = (name: string) => {
    const same = all.flatMap((one) => one.items).filter((item) => item.name === name)
    return same.reduce((sum, { points }) => sum + points, 0) / same.length
  }
  const weight = ({ name, points }: SymbolResult['items'][number]) => (all.length > 1 ? points - mean(name) : points)
  const [best] = items.toSorted((one, other) => weight(other) - weight(one) || other.points - one.points)
  return best ? `${best.name}: ${best.text}` : ''
}

function countOf({ metrics }: StrategyRun, outcome: Outcome): number | undefined {
  const { passed_count: passed, skipped_count: skipped, error_count: errors, processed_tickers: done } = metrics
  return { passed, skipped, error: errors, failed: done - passed - skipped - errors }[outcome]
}
