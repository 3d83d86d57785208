import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ScaleoutPlan } from '../../api/contract/scaleouts.ts'
import { call } from '../state/call.ts'
import { book } from '../state/desk.ts'
import { dollars, gain, price, units } from '../words/money.ts'
import { time } from '../words/time.ts'

/** The plan of a scaleout against what was done: each chunk with its time and its price. */
export function Plan({ id }: { id: number }) {
  const plan = useSignal<ScaleoutPlan | undefined>(undefined)
  const trouble = useSignal('')
  const events = book.value?.events.value
  const newest = events?.find(({ scaleout }) => scaleout === id)?.id
  useEffect(() => {
    call('scaleout', { params: { id } })
      .then((found) => {
        plan.value = found
        trouble.value = ''
      })
      .catch((cause: Error) => {
        trouble.value = cause.message
      })
  }, [id, newest])
  if (trouble.value) return <p role="alert">{trouble.value}</p>
  if (!plan.value) return <p role="status">Reading …</p>
  const { symbol, speed, state, chunks, doneChunks, decisionPrice, averagePrice, shortfall, realizedPnl } = plan.value
  return (
    <>
      <p>
        {symbol}, {speed.toUpperCase()}, {state}: {doneChunks} of {chunks} chunks · decided at {price(decisionPrice)},
        done at {price(averagePrice)} on average · <span class="amount">{gain(realizedPnl)}</span>
        {shortfall !== null && ` · shortfall ${dollars(shortfall)}`}
      </p>
      <PlanPicture plan={plan.value} />
      <div class="scrolls" tabIndex={0} role="region" aria-label="Chunks">
        <table>
          <thead>
            <tr>
              <th scope="col">Chunk</th>
              <th scope="col" class="number">
                Planned
              </th>
              <th scope="col">Due</th>
              <th scope="col" class="number">
                Done
              </th>
              <th scope="col" class="number">
                Price
              </th>
              <th scope="col" class="number">
                P&L
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.value.plan.map(({ number, quantity, state, dueAt, filled }) => (
              <tr key={number} class={state}>
                <td>{number}</td>
                <td class="number">{units(quantity)}</td>
                <td>{time(dueAt)}</td>
                <td class="number">{filled ? units(filled.quantity) : state === 'dropped' ? 'dropped' : ''}</td>
                <td class="number">{filled && price(filled.price)}</td>
                <td class="number">{filled && gain(filled.realizedPnl)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

/** The units that the plan has traded by each moment, and the units that were traded. */
function PlanPicture({ plan }: { plan: ScaleoutPlan }) {
  const start = Date.parse(plan.startedAt)
  const end = Math.max(Date.parse(plan.endsAt), ...plan.plan.map(({ dueAt }) => Date.parse(dueAt)))
  const whole = Number(plan.quantity) || 1
  const x = (at: number) => ((at - start) / (end - start || 1)) * 600
  const y = (quantity: number) => 92 - (quantity / whole) * 84
  const stairs = (steps: { at: number; quantity: number }[]) => {
    let sum = 0
    return steps.reduce(
      (path, { at, quantity }) => {
        sum += quantity
        return `${path}H${x(at).toFixed(1)}V${y(sum).toFixed(1)}`
      },
      `M0 ${y(0)}`,
    )
  }
  const planned = plan.plan.map(({ dueAt, quantity }) => ({ at: Date.parse(dueAt), quantity: Number(quantity) }))
  const done = plan.plan.flatMap(({ filled }) =>
    filled ? [{ at: Date.parse(filled.at), quantity: Number(filled.quantity) }] : [],
  )
  return (
    <svg class="plan-picture" viewBox="0 0 600 100" preserveAspectRatio="none" aria-hidden="true">
      <path class="planned" d={stairs(planned)} />
      <path class="done" d={stairs(done)} />
    </svg>
  )
}
