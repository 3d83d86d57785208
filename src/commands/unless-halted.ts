import type { Refusal } from '../chat/refusal.ts'
import { haltedRefusal } from '../execution/halted.ts'
import { haltOf } from '../ledger/halts.ts'
import type { Ask, Hearing } from './command.ts'

/** Nobody is asked about something that the halt of their account would refuse in the end. */
export async function unlessHalted({ parts, speaker }: Hearing, ask: Ask): Promise<Ask | Refusal> {
  const halt = await haltOf(parts.db, speaker.accountId)
  return halt ? haltedRefusal(halt) : ask
}
