import { endDialog } from '../state/asking.ts'

/** Closes the dialog around it. */
export function LeaveButton({ isDone = false }: { isDone?: boolean }) {
  return (
    <button
      type="button"
      onClick={({ currentTarget }) => {
        currentTarget.closest('dialog')?.close()
        endDialog()
      }}
    >
      {isDone ? 'Good' : 'Leave it'}
    </button>
  )
}
