import { computed, signal } from '@preact/signals'
import { positions } from './desk.ts'

/** The symbol of the chart; undefined until one is chosen. */
export const chart = signal<string | undefined>(undefined)

/** The symbol that the chart and the axis of the day show: the chosen one, or else that of the first position. */
export const charted = computed(() => chart.value ?? positions.value?.[0]?.symbol)

/** The length of a bar, in minutes. */
export const barMinutes = signal(5)
