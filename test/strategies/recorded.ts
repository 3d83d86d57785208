import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

/** The folder of recorded days; tests that need it are skipped where it is missing. */
export const recordedDays = path.resolve(import.meta.dirname, '../../../shared/data/daily')

/** The reason to skip a test of recorded bars; empty when they are there. */
export const missing = existsSync(recordedDays) ? '' : ` (skipped: ${recordedDays} is missing)`

/** A folder of every `step`th recorded symbol and SPY, until the tests of this file are through: reading all takes seconds. */
export function recordedSymbols(step: number): string {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'recorded-')))
  afterAll(() => rmSync(folder, { recursive: true }))
  const names = missing ? [] : readdirSync(recordedDays).filter((name, at) => name === 'SPY.csv' || at % step === 0)
  for (const name of names) symlinkSync(path.join(recordedDays, name), path.join(folder, name))
  return folder
}
