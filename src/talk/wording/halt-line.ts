import { momentText } from '../../base/format.ts'
import type { Halt } from '../../trading/accounts/rows/halts.ts'

/** The line above the positions of a halted account. */
export function haltLine(halt: Halt): string {
  return `⛔ HALTED since ${momentText(halt.at, halt.timeZone)}: ${halt.because} · an owner can \`resume\``
}
