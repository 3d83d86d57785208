import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { history, unseen, wishDesktop, wishes, wishSound } from '../state/notices.ts'
import { time } from '../words/time.ts'

/** All notices since the page was opened, and the ways in which the member wants to hear of them. */
export function NoticeHistory() {
  const refused = useSignal(false)
  useEffect(() => {
    unseen.value = 0
  }, [history.value])
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={wishes.value.sound}
          onChange={({ currentTarget }) => wishSound(currentTarget.checked)}
        />
        A sound with each notice
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={wishes.value.desktop}
          onChange={async ({ currentTarget }) => {
            refused.value = !(await wishDesktop(currentTarget.checked))
          }}
        />
        Desktop notices while the page is in the background, and for all that is critical
      </label>
      {refused.value && <p role="alert">The browser does not allow notices here. Its settings for this site do.</p>}
      {history.value.length === 0 && <p class="quiet">Nothing yet.</p>}
      <ul class="plain-list history">
        {history.value.map(({ id, tone, title, text, at, count }) => (
          <li key={id} class={tone}>
            <time>{time(at)}</time> <strong>{title}</strong> {count > 1 && <span class="count">{count}</span>} {text}
          </li>
        ))}
      </ul>
    </>
  )
}
