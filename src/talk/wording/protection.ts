import type { ProtectionNotice } from '../../trading/protection/notices.ts'
import type { WordingOf } from './wording-of.ts'

export const protectionWording: WordingOf<ProtectionNotice> = {}
