import { signal } from '@preact/signals'

/** What an open dialog is about. A position is named by its symbol and followed while the dialog is open. */
export type About =
  | { kind: 'close' | 'stop' | 'target' | 'trail' | 'breakeven' | 'scaleout'; symbol: string; price?: string }
  | { kind: 'plan'; scaleout: number }
  | { kind: 'cancel scaleout'; scaleout: number; symbol: string }
  | { kind: 'cancel order'; number: number; what: string }
  | { kind: 'move order'; number: number; what: string; price: string }
  | { kind: 'notices' }
  | { kind: 'sessions' }
  | { kind: 'keys' }

/** The open dialog. */
export const asking = signal<About | undefined>(undefined)

/** Opens a dialog. */
export function dialog(about: About): void {
  asking.value = about
}

export function endDialog(): void {
  asking.value = undefined
}
