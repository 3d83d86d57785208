import type { CorporateActionNotice } from '../../trading/corporate-actions/notices.ts'
import type { WordingOf } from './wording-of.ts'

export const corporateActionWording: WordingOf<CorporateActionNotice> = {}
