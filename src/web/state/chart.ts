import { signal } from '@preact/signals'

/** The symbol of the chart; undefined until one is chosen. */
export const chart = signal<string | undefined>(undefined)

/** The length of a bar, in minutes. */
export const barMinutes = signal(5)
