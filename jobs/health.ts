import { hostname } from 'node:os'
import { dirname } from 'node:path'
import type { Desk } from '../src/desk.ts'
import { forecasterName, policyName, stateOf } from '../src/prediction/forecaster/live/state.ts'
import type { HealthParts, Machine, ModelSeen } from '../src/watch/health/check.ts'
import { type HealthWatchOptions, watchHealth } from '../src/watch/health/watch-health.ts'

/** Settings that tests change: how often it looks, and the machine at which it looks. */
export interface HealthOptions extends HealthWatchOptions {
  machine?: Partial<Machine>
}

/** Starts the looks at the parts of the desk (docs/monitoring.md#health). */
export function startHealth(desk: Desk, { machine, ...options }: HealthOptions = {}): { close(): Promise<void> } {
  return watchHealth(healthParts(desk, machine), options)
}

/** The parts of a desk, and of the machine on which this process runs. */
export function healthParts({ parts, config }: Desk, machine: Partial<Machine> = {}): HealthParts {
  const { LOG_FILE, BACKUP_FOLDER } = config
  const folders = [LOG_FILE && dirname(LOG_FILE), BACKUP_FOLDER].filter((folder) => folder !== undefined)
  return {
    ...parts,
    config,
    models: () => modelsOf(parts),
    machine: { host: hostname(), now: Date.now, folders, ...machine },
  }
}

/** The models with the reasons why they say nothing, if there are any. */
async function modelsOf({ db, forecaster, policy }: Desk['parts']): Promise<ModelSeen[]> {
  const opened = [
    { name: forecasterName, model: await forecaster.open() },
    { name: policyName, model: policy.open() },
  ] as const
  return Promise.all(
    opened.map(async ({ name, model }): Promise<ModelSeen> => {
      if (typeof model === 'string') return { name, fault: model }
      const off = await stateOf(db, model.card.hash, name)
      return { name, ...(off && { off: off.because }) }
    }),
  )
}
