import type { Signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import type { StrategyRun } from '../../../api/contract/strategies.ts'
import { runName } from '../../words/runs.ts'
import { whole } from '../../words/time.ts'

interface Comparable {
  id: string
  title: string
  run: StrategyRun
  others: StrategyRun[]
  /** The id of the chosen one; undefined for none. */
  other: Signal<string | undefined>
  /** The differences from the chosen one. */
  children: ComponentChildren
}

/** The choice of the run with which the shown one is compared, and what comes of it. */
export function CompareWith({ id, title, run, others, other, children }: Comparable) {
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <label class="field">
        <span>Compare run {run.number} with</span>
        <select
          value={others.some(({ run_id }) => run_id === other.value) ? other.value : ''}
          onChange={({ currentTarget }) => {
            other.value = currentTarget.value || undefined
          }}
        >
          <option value="">no other</option>
          {others.map((one) => (
            <option key={one.run_id} value={one.run_id}>
              {runName(one)}, {whole(one.asked_at)}
            </option>
          ))}
        </select>
      </label>
      {children}
    </section>
  )
}
