import type { Figures } from '../../api/contract/accounts.ts'
import { figures } from '../state/desk.ts'
import { arrow, dollars, gain, way } from '../words/money.ts'
import { time } from '../words/time.ts'

/** The figures of the account, live. */
export function FigureRow() {
  const now = figures.value
  return (
    <section class="figures" aria-label="Figures">
      <Figure
        name="Equity"
        value={dollars(now?.equity)}
        note={now?.broker?.equity ? brokerNote(now.broker, now.equity) : undefined}
        title={now?.broker ? brokerText(now.broker) : undefined}
      />
      <Figure name="Day P&L" value={gain(now?.dayPnl)} amount={now?.dayPnl} title="Since midnight in New York" />
      <Figure name="Open P&L" value={gain(now?.openPnl)} amount={now?.openPnl} />
      <Figure name="Exposure" value={dollars(now?.exposure)} />
      <Figure
        name="Running"
        value={now ? String(now.running.scaleouts + now.running.orders + now.running.scheduled) : '—'}
        note={now && runningText(now)}
      />
      {now?.halt && (
        <p class="halt" role="alert">
          HALTED since {time(now.halt.since)}: {now.halt.because}. Nothing opens or adds; exits go on.
        </p>
      )}
      {now && now.stale.length + now.unpriced.length > 0 && (
        <p class="halt plain">
          {now.stale.length > 0 && `Prices that are not fresh: ${now.stale.join(', ')}. `}
          {now.unpriced.length > 0 && `Left out for want of a price: ${now.unpriced.join(', ')}.`}
        </p>
      )}
    </section>
  )
}

/** When the broker told the equity, and whether prices have moved it since. */
function brokerNote({ equity, at }: NonNullable<Figures['broker']>, shown: string): string {
  return `the broker, ${time(at)}${equity === shown ? '' : ', moved by prices since'}`
}

function brokerText({ cash, buyingPower }: NonNullable<Figures['broker']>): string {
  return `Cash ${dollars(cash)}${buyingPower === null ? '' : `, buying power ${dollars(buyingPower)}`}`
}

function runningText({ running: { scaleouts, orders, scheduled } }: Figures): string {
  const some = (count: number, one: string) => (count === 0 ? [] : [`${count} ${one}${count === 1 ? '' : 's'}`])
  return [...some(scaleouts, 'scaleout'), ...some(orders, 'order'), ...(scheduled ? [`${scheduled} later`] : [])].join(
    ', ',
  )
}

interface FigureProps {
  name: string
  value: string
  amount?: string | null
  note?: string
  title?: string
}

function Figure({ name, value, amount, note, title }: FigureProps) {
  const points = way(amount)
  return (
    <dl class={`figure ${amount === undefined ? '' : points}`} title={title}>
      <dt>{name}</dt>
      <dd>
        {amount !== undefined && <span aria-hidden="true">{arrow[points]} </span>}
        {value}
      </dd>
      <dd class="note">{note ?? '\u00a0'}</dd>
    </dl>
  )
}
