import { useSignal } from '@preact/signals'
import type { Bar } from '../../api/contract/market.ts'
import { timeScale } from '../state/session.ts'
import { dayOfBar } from '../words/bar-times.ts'
import { price, units } from '../words/money.ts'
import { moment, time } from '../words/time.ts'

interface Shown {
  symbol: string
  /** The length of a bar. */
  minutes: number
  bars: Bar[]
  /** That of the prices. */
  currency: string
}

/** The newest bars as a table, beside the chart of them. */
export function BarTable({ symbol, minutes, bars, currency }: Shown) {
  const isOpen = useSignal(false)
  return (
    <details
      class="table-beside"
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open
      }}
    >
      <summary>The same as a table</summary>
      {isOpen.value && (
        <div class="scrolls" tabIndex={0} role="region" aria-label={`Bars of ${symbol}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Begins</th>
                {['Open', 'High', 'Low', 'Close', 'Volume'].map((name) => (
                  <th key={name} scope="col" class="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {bars
                .slice(-40)
                .toReversed()
                .map((bar) => (
                  <tr key={bar.at}>
                    <td>
                      {minutes >= 1440
                        ? dayOfBar(bar.at)
                        : timeScale.value > 1
                          ? time(bar.clockAt)
                          : moment(bar.clockAt)}
                    </td>
                    {[bar.open, bar.high, bar.low, bar.close].map((value, index) => (
                      <td key={index} class="number">
                        {price(value, currency)}
                      </td>
                    ))}
                    <td class="number">{units(bar.volume)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  )
}
