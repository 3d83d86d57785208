import { existsSync } from 'node:fs'
import path from 'node:path'

/** The folder of recorded bars, and a reason to skip a test where it is missing. */
export const recorded = path.resolve(import.meta.dirname, '../../../shared/data/daily')
export const missing = existsSync(recorded) ? '' : ` (skipped: ${recorded} is missing)`
