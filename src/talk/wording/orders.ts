import type { OrderNotice } from '../../trading/orders/notices.ts'
import type { WordingOf } from './wording-of.ts'

export const orderWording: WordingOf<OrderNotice> = {}
