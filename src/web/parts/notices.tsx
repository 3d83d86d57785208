import { putAway, shown } from '../state/notices.ts'

/** Notices at the edge of the page. Critical ones stay until they are put away. */
export function Notices() {
  return (
    <div class="notices">
      <div role="alert">
        {shown.value
          .filter(({ tone }) => tone === 'critical')
          .map((one) => (
            <Toast key={one.id} {...one} />
          ))}
      </div>
      <div role="status">
        {shown.value
          .filter(({ tone }) => tone !== 'critical')
          .map((one) => (
            <Toast key={one.id} {...one} />
          ))}
      </div>
    </div>
  )
}

function Toast({ id, tone, title, text, count }: (typeof shown.value)[number]) {
  return (
    <div class={`toast ${tone}`}>
      <p>
        <strong>{title}</strong>
        {count > 1 && <span class="count">{count}</span>}
        <br />
        {text}
      </p>
      <button type="button" onClick={() => putAway(id)}>
        <span aria-hidden="true">✕</span>
        <span class="hidden">Put away: {title}</span>
      </button>
    </div>
  )
}
