import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Health as Answer } from '../../api/contract/health.ts'
import { call } from '../state/call.ts'
import { whole } from '../words/time.ts'

const words = { ok: 'in order', warn: 'to look at', down: 'down' }

/** The parts of the desk as they are now, and what stops because of one that is down. */
export function Health() {
  const seen = useSignal<Answer | undefined>(undefined)
  const trouble = useSignal('')
  const look = () =>
    call('health')
      .then((answer) => {
        seen.value = answer
        trouble.value = ''
      })
      .catch((cause: Error) => {
        trouble.value = cause.message
      })
  useEffect(() => void look(), [])
  return (
    <>
      {trouble.value && <p role="alert">{trouble.value}</p>}
      {!seen.value && !trouble.value && <p role="status">Looking …</p>}
      {seen.value && !seen.value.watched && (
        <p role="alert">Not every part was looked at now: no worker runs, or it is busy.</p>
      )}
      <ul class="plain-list health">
        {seen.value?.parts.map(({ name, machine, state, words: found, since, stops }) => (
          <li key={`${name} ${machine}`}>
            <strong>{machine ? `${name} of ${machine}` : name}</strong>{' '}
            <span class={`tag ${state === 'down' ? 'live' : ''}`}>{words[state]}</span>
            <p class="small">{found}</p>
            {state !== 'ok' && <p class="quiet small">Since {whole(since)}.</p>}
            {state === 'down' && <p class="small">{stops}</p>}
          </li>
        ))}
      </ul>
      <button type="button" onClick={look}>
        Look again
      </button>
    </>
  )
}
