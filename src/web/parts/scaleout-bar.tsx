import type { Scaleout } from '../../api/contract/scaleouts.ts'
import { dialog } from '../state/asking.ts'
import { second } from '../state/clock.ts'
import { gain } from '../words/money.ts'
import { scaleoutWords } from '../words/scaleout.ts'
import { away } from '../words/time.ts'

/** A scaleout in progress, of a position with `open` units: a piece a chunk, and the next moment. A press shows the plan against what was done. */
export function ScaleoutBar({ scaleout, open }: { scaleout: Scaleout; open: string }) {
  const { id, symbol, chunks, doneChunks, speed, state, nextAt, realizedPnl } = scaleout
  const words = scaleoutWords(scaleout, open)
  return (
    <div class={`scaleout ${state}`}>
      <button type="button" class="bar" onClick={() => dialog({ kind: 'plan', scaleout: id })}>
        <span class="hidden">Plan of the scaleout of {symbol}: </span>
        <span class="pieces" aria-hidden="true">
          {Array.from({ length: Math.min(chunks, 60) }, (_, index) => (
            <span
              key={index}
              class={index < Math.round((doneChunks / chunks) * Math.min(chunks, 60)) ? 'piece done' : 'piece'}
            />
          ))}
        </span>
        <span class="hidden">{words}</span>
      </button>
      <p class="small">
        <span>
          {state === 'running' ? 'Scaling out' : state.toUpperCase()} {speed.toUpperCase()} · {words}
        </span>
        <span class="quiet">
          {nextAt && state === 'running' ? `next ${away(nextAt, second.value)}` : ''} ·{' '}
          <span class="amount">{gain(realizedPnl)}</span>
        </span>
      </p>
    </div>
  )
}
