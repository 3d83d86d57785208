import { momentText } from '../../base/format.ts'
import type { Halt } from '../../trading/accounts/rows/halts.ts'

/** A line above an account's positions while it is halted. */
export function haltLine(halt: Halt): string {
  return `⛔ HALTED since ${momentText(halt.at, halt.timeZone)}: ${halt.because} · an owner can \`resume\``
}
