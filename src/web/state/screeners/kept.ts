import { signal } from '@preact/signals'
import type { RunSchedule, RunStats, Template } from '../../../api/contract/strategy-lists.ts'
import { call } from '../call.ts'

/** The member's templates, the runs that start by themselves, and how runs did; undefined until the desk has told them. */
export const templates = signal<Template[] | undefined>(undefined)
export const schedules = signal<RunSchedule[] | undefined>(undefined)
export const stats = signal<RunStats[] | undefined>(undefined)
/** They could not be read, with the reason. */
export const keptTrouble = signal<string | undefined>(undefined)

/** Reads them anew. */
export async function readKept(): Promise<void> {
  try {
    const all = await Promise.all([call('strategyTemplates'), call('strategySchedules'), call('strategyStats')])
    templates.value = all[0].items
    schedules.value = all[1].items
    stats.value = all[2].items
    keptTrouble.value = undefined
  } catch (cause) {
    keptTrouble.value = cause instanceof Error ? cause.message : String(cause)
  }
}
