import { readFileSync } from 'node:fs'
import type { Measured, Past } from './measure.ts'

/** With it the figures of every so many days, which a test measures again. */
type Shipped = Measured & { sample: Measured & { every: number } }

/** The past of every strategy as `npm run past-performance` measured it on recorded days, which are no part of the project. */
export const shipped: Shipped = JSON.parse(readFileSync(new URL('./measured.json', import.meta.url), 'utf8'))

/** The past of a strategy; undefined for one that was not measured. */
export function pastOf(name: string): Past | undefined {
  return shipped.strategies[name]
}
