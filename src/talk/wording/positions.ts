import type { PositionNotice } from '../../trading/positions/notices.ts'
import type { WordingOf } from './wording-of.ts'

export const positionWording: WordingOf<PositionNotice> = {}
