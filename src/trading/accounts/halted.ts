import { momentText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import { type Halt, holdHalt } from './rows/halts.ts'

/** Why an account may not open, add to or sell a position over time now; undefined when it may, until the transaction ends. Asked before a position is locked. */
export async function refusedWhileHalted(trx: Trx, accountId: number): Promise<Refusal | undefined> {
  const halt = await holdHalt(trx, accountId)
  return halt && haltedRefusal(halt)
}

/** What is refused while an account is halted. */
export function haltedRefusal(halt: Halt): Refusal {
  return new Refusal(
    'ACCOUNT_HALTED',
    `The account is HALTED since ${momentText(halt.at, halt.timeZone)}: ${halt.because}. Nothing was done.`,
    'An owner says `resume` to trade again; `close` and `trim` work meanwhile',
  )
}
