import { Refusal } from '../../../base/refusal.ts'
import { type Account, accountsOf } from '../../../trading/accounts/rows/accounts.ts'
import type { Hearing } from '../command.ts'

/** The linked account that is used here, or the refusal that it is the desk's own. */
export async function linkedHere({ parts, speaker }: Hearing): Promise<Account | Refusal> {
  const account = (await accountsOf(parts.db, speaker.memberId)).find(({ id }) => id === speaker.accountId)
  const isLinked = account && (await parts.venues.of(account.id)).venue.capabilities.isLinked
  if (isLinked) return account
  return new Refusal(
    'NOT_LINKED',
    'The account that you use here is the desk’s own: its books are the only ones. Nothing was done.',
    '`accounts` lists yours, `use NAME` uses another one here',
  )
}
