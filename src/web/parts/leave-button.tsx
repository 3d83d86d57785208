import { useEffect, useRef } from 'preact/hooks'
import { endDialog } from '../state/asking.ts'

/** Closes the dialog around it. */
export function LeaveButton({ isDone = false }: { isDone?: boolean }) {
  const button = useRef<HTMLButtonElement>(null)
  // The button that was pressed is gone with the answer: without a focus the keyboard and readers are lost.
  useEffect(() => {
    if (isDone) button.current?.focus()
  }, [isDone])
  return (
    <button
      ref={button}
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
