import type { AccountNotice } from '../../trading/accounts/notices.ts'
import type { WordingOf } from './wording-of.ts'

export const accountWording: WordingOf<AccountNotice> = {}
