import type { Features } from './build.ts'
import type { BarsFound } from './recording.ts'

/** The features of recorded bars, and the groups of symbols that are classes of one share. */
export function featuresFor(_found: BarsFound): {
  groupOf: (symbol: string) => string
  features: Features | undefined
} {
  return { groupOf: (symbol) => symbol, features: undefined }
}
