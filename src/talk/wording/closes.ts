import type { CloseNotice } from '../../trading/orders/notices.ts'
import { closeNotSent } from '../../trading/orders/order-refusals.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { WordingOf } from './wording-of.ts'

export const closeWording: WordingOf<CloseNotice> = {
  'close.rest_refused': ({ refusal }) => refusal.beside,
  'close.refused': ({ symbol, refusal }) => notDone(symbol, refusal.text),
  'close.overtaken': ({ position }) => {
    const { symbol } = position
    return notDone(
      symbol,
      `The desk stopped while it took back its orders, and the position was changed since. It stays open: ${positionText(position)}\n💡 \`close ${symbol}\` closes it now`,
    )
  },
  'close.too_late': ({ close, deadlineMs, position }) => {
    const [sentence, instead] = closeNotSent(close, deadlineMs).text.split('\n💡 ')
    return `${sentence}\nPosition: ${positionText(position)}\n💡 ${instead}`
  },
}

const notDone = (symbol: string, because: string) => `🛑 NOT DONE: close ${symbol}\n${because}`
