import { signal } from '@preact/signals'
import type { Event } from '../../api/contract/events.ts'

/** The matter of an open dialog. A position is named by its symbol and followed while the dialog is open. */
export type About =
  | { kind: 'close' | 'stop' | 'target' | 'trail' | 'breakeven' | 'scaleout'; symbol: string; price?: string }
  | { kind: 'plan'; scaleout: number }
  | { kind: 'cancel scaleout'; scaleout: number; symbol: string }
  | { kind: 'cancel order'; number: number; what: string }
  | { kind: 'move order'; number: number; what: string; symbol: string; price: string }
  | { kind: 'event'; event: Event }
  | { kind: 'notices' }
  | { kind: 'sessions' }
  | { kind: 'keys' }

/** The open dialog. */
export const asking = signal<About | undefined>(undefined)

/** Opens a dialog. */
export function dialog(about: About): void {
  if (isGoingBack) {
    next = about
    return
  }
  if (!asking.value) history.pushState({ isDialog: true }, '')
  asking.value = about
}

export function endDialog(): void {
  if (!asking.value) return
  asking.value = undefined
  if (!isDialog(history.state)) return
  isGoingBack = true
  history.back()
}

/** A step back is under way, after which another dialog may open. */
let isGoingBack = false
let next: About | undefined

/** Lets the way back of a browser or a phone close a dialog, and not leave the desk. */
export function keepWayBack(): void {
  // A page that was loaded anew over an open dialog has none.
  if (isDialog(history.state)) history.replaceState(null, '')
  addEventListener('popstate', () => {
    if (!isGoingBack) {
      asking.value = undefined
      return
    }
    isGoingBack = false
    const then = next
    next = undefined
    if (then) dialog(then)
  })
}

const isDialog = (state: unknown) => typeof state === 'object' && state !== null && 'isDialog' in state
