import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { call, newKey } from '../state/call.ts'
import { whole } from '../words/time.ts'

interface Session {
  id: number
  isThis: boolean
  device: string
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
  useEffect(() => void read(), [])
  return (
    <>
      {trouble.value && <p role="alert">{trouble.value}</p>}
      <ul class="plain-list sessions">
        {all.value?.map(({ id, isThis, device, usedAt, endsAt }) => (
          <li key={id}>
            <strong>{device}</strong> {isThis && <span class="tag">this one</span>}
            <span class="quiet small">
              used {whole(usedAt)} · ends {whole(endsAt)} unless it is used
            </span>
            {!isThis && (
              <button
                type="button"
                class="danger"
                onClick={() =>
                  call('endSession', { params: { id } }, newKey()).then(read, (cause: Error) => {
                    trouble.value = cause.message
                  })
                }
              >
                End it<span class="hidden">: {device}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      <p class="quiet small">
        In chat, <code>sessions</code> lists and ends them, too.
      </p>
    </>
  )
}
