import { useSignal } from '@preact/signals'
import type { SymbolResult } from '../../../api/contract/strategies.ts'
import { labelOf } from '../../words/parameters.ts'
import { Chart } from '../chart-panel.tsx'

const dayMinutes = 1440

/** A figure to four digits: it is a statistic. */
const shown = (value: number | string) => (typeof value === 'number' ? String(Number(value.toPrecision(4))) : value)

/** The parts of a score, the conditions, and what was lacking; with the chart of the symbol when it is asked for. */
export function HitDetail({ result }: { result: SymbolResult }) {
  const { symbol, items, gates, reasons, lacking, facts } = result
  const isCharted = useSignal(false)
  return (
    <div class="hit">
      <table>
        <caption class="hidden">The parts of the score of {symbol}</caption>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Item</th>
            <th scope="col" class="number">
              Points
            </th>
            <th scope="col">Because</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ part, name, points, of, text }, index) => (
            <tr key={name}>
              <td>{items[index - 1]?.part === part ? '' : labelOf(part)}</td>
              <td>{labelOf(name)}</td>
              <td class="number">
                {points} of {of}
              </td>
              <td class="wraps">{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul class="gates">
        {gates.map(({ name, passed, text }) => (
          <li key={name}>
            <span aria-hidden="true">{passed ? '✓' : '✗'}</span>
            <span class="hidden">{passed ? 'holds: ' : 'does not hold: '}</span> {text}
          </li>
        ))}
      </ul>
      {reasons.length > 0 && <p>It did not pass: {reasons.join('; ')}.</p>}
      {lacking.length > 0 && <p class="failed">Lacking: {lacking.join('; ')}.</p>}
      {Object.keys(facts).length > 0 && (
        <p class="quiet small">
          {Object.entries(facts)
            .map(([name, value]) => `${labelOf(name)}: ${shown(value)}`)
            .join(' · ')}
        </p>
      )}
      <button
        type="button"
        aria-pressed={isCharted.value}
        onClick={() => {
          isCharted.value = !isCharted.value
        }}
      >
        Chart<span class="hidden"> of {symbol}</span>
      </button>
      {isCharted.value && <Chart symbol={symbol} minutes={dayMinutes} />}
    </div>
  )
}
