import type { Account } from '../../api/contract/accounts.ts'

/** The words for whose money an account has, the same as in chat. */
export const moneyWords: Record<Account['money'], string> = {
  paper: 'paper',
  'broker paper': 'BROKER PAPER',
  live: 'LIVE',
}
