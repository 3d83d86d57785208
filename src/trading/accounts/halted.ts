import { momentText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import { type Halt, holdHalt } from './rows/halts.ts'

/**
 * Refuses opening, adding to or scaling out of a position while the account is halted. Undefined means that it stays unhalted
 * until the transaction ends. Call it before locking a position.
 */
export async function refusedWhileHalted(trx: Trx, accountId: number): Promise<Refusal | undefined> {
  const halt = await holdHalt(trx, accountId)
  return halt && haltedRefusal(halt)
}

/** The refusal of an act while the account is halted. */
export function haltedRefusal(halt: Halt): Refusal {
  return new Refusal(
    'ACCOUNT_HALTED',
    `The account is HALTED since ${momentText(halt.at, halt.timeZone)}: ${halt.because}. Nothing was done.`,
    'An owner says `resume` to trade again; `close` and `trim` work meanwhile',
  )
}
