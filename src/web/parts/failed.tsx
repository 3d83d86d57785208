import { failed, type List, readAll } from '../state/desk.ts'

/** Says that a list could not be read, and why; what is shown is from before. */
export function Failed({ of }: { of: List | 'events' }) {
  const because = failed.value.get(of)
  if (because === undefined) return null
  return (
    <p class="failed" role="status">
      This could not be read: {because}{' '}
      <button type="button" onClick={readAll}>
        Try again
      </button>
    </p>
  )
}
