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
  | { kind: 'health' }
  | { kind: 'keys' }

/** The open dialog. */
export const asking = signal<About | undefined>(undefined)

/**
 * Opens a dialog. It has an entry in the browser's history, so that the way back of a browser or a phone closes it and does not leave
 * the desk. The entry stays for the next dialog: a step back by itself would come later, and meet that one.
 */
export function dialog(about: About): void {
  if (!history.state?.isForDialog) history.pushState({ isForDialog: true }, '')
  asking.value = about
}

export function endDialog(): void {
  asking.value = undefined
}

/** Lets the way back close a dialog. */
export function keepWayBack(): void {
  addEventListener('popstate', endDialog)
}
