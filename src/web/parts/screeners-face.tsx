import { type Signal, useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'

/** The face of the screeners, which is loaded when it is first shown. */
export function ScreenersFace() {
  const loaded = useSignal<ComponentType | undefined>(undefined)
  const isAbsent = useSignal(false)
  useEffect(() => void load(loaded, isAbsent), [])
  const Screeners = loaded.value
  if (Screeners) return <Screeners />
  return (
    <main class="board">
      <section class="panel">
        <h2>Screeners</h2>
        {isAbsent.value ? (
          <p role="alert">
            This part of the page could not be loaded.{' '}
            <button type="button" onClick={() => void load(loaded, isAbsent)}>
              Try again
            </button>
          </p>
        ) : (
          <p role="status">Loading …</p>
        )}
      </section>
    </main>
  )
}

async function load(loaded: Signal<ComponentType | undefined>, isAbsent: Signal<boolean>): Promise<void> {
  try {
    loaded.value = (await import('./screeners/screeners.tsx')).Screeners
  } catch {
    isAbsent.value = true
  }
}
