import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { call, newKey } from '../state/call.ts'
import { whole } from '../words/time.ts'

interface Session {
  id: number
  isThis: boolean
  name: string
  usedAt: string
  endsAt: string
}

/** The member's open sessions of the page. */
export function Sessions() {
  const all = useSignal<Session[] | undefined>(undefined)
  const trouble = useSignal('')
  const read = () =>
    call('sessions')
      .then(({ items }) => {
        all.value = items
      })
      .catch((cause: Error) => {
        trouble.value = cause.message
      })
  const end = (ids: number[]) =>
    Promise.all(ids.map((id) => call('endSession', { params: { id } }, newKey())))
      .catch((cause: Error) => {
        trouble.value = cause.message
      })
      .then(read)
  useEffect(() => void read(), [])
  const others = (all.value ?? []).filter(({ isThis }) => !isThis).map(({ id }) => id)
  return (
    <>
      {trouble.value && <p role="alert">{trouble.value}</p>}
      <ul class="plain-list sessions">
        {all.value?.map(({ id, isThis, name, usedAt, endsAt }) => (
          <li key={id}>
            <strong>
              {id}. {name}
            </strong>{' '}
            {isThis && <span class="tag">this one</span>}
            <span class="quiet small">
              used {whole(usedAt)} · ends {whole(endsAt)} unless it is used
            </span>
            {!isThis && (
              <button type="button" class="danger" onClick={() => end([id])}>
                End it
                <span class="hidden">
                  : {id}, {name}
                </span>
              </button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 1 && (
        <button type="button" class="danger" onClick={() => end(others)}>
          End all others
        </button>
      )}
      <p class="quiet small">
        In chat, <code>sessions</code> lists and ends them, too.
      </p>
    </>
  )
}
