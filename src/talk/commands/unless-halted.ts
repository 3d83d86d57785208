import type { Refusal } from '../../base/refusal.ts'
import { haltedRefusal } from '../../trading/accounts/halted.ts'
import { haltOf } from '../../trading/accounts/rows/halts.ts'
import type { Ask, Hearing } from './command.ts'

/**
 * Asks the question, unless the account is halted. A halt would refuse the order anyway, so it is refused before the question.
 */
export async function unlessHalted({ parts, speaker }: Hearing, ask: Ask): Promise<Ask | Refusal> {
  const halt = await haltOf(parts.db, speaker.accountId)
  return halt ? haltedRefusal(halt) : ask
}
