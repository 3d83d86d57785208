import type { Refusal } from '../../base/refusal.ts'
import { haltedRefusal } from '../../trading/accounts/halted.ts'
import { haltOf } from '../../trading/accounts/rows/halts.ts'
import type { Ask, Hearing } from './command.ts'

/** Nobody is asked about something that the halt of their account would refuse in the end. */
export async function unlessHalted({ parts, speaker }: Hearing, ask: Ask): Promise<Ask | Refusal> {
  const halt = await haltOf(parts.db, speaker.accountId)
  return halt ? haltedRefusal(halt) : ask
}
