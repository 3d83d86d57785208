import { durationText } from '../../base/format.ts'
import type { CloseNotice } from '../../trading/orders/notices.ts'
import { closeNotSent } from '../../trading/orders/order-refusals.ts'
import { closeWords } from '../../trading/orders/rules/describe.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { WordingOf } from './wording-of.ts'

export const closeWording: WordingOf<CloseNotice> = {
  'close.rest_refused': ({ refusal }) => refusal.beside,
  'close.waits': ({ symbol, limitPrice, isUnconfirmed, deadlineMs }) =>
    [
      `⏳ WAITS: ${closeWords(symbol, limitPrice)}`,
      isUnconfirmed
        ? `The venue does not say whether it has the order that is to protect ${symbol} there, and both could fill.`
        : `The venue has not given back the order that protects ${symbol} there, which may still close the position at its levels.`,
      `The desk goes on asking for it, and sends the close as soon as it has it back, within ${durationText(deadlineMs)}. What comes of it follows here.`,
    ].join('\n'),
  'close.refused': ({ symbol, refusal }) => notDone(symbol, refusal.text),
  'close.overtaken': ({ position }) => {
    const { symbol } = position
    return notDone(
      symbol,
      `Its orders had to be taken back first, and the position was changed meanwhile. It stays open: ${positionText(position)}\n💡 \`close ${symbol}\` closes it now`,
    )
  },
  'close.too_late': ({ close, deadlineMs, position }) => {
    const [sentence, instead] = closeNotSent(close, deadlineMs).text.split('\n💡 ')
    return `${sentence}\nPosition: ${positionText(position)}\n💡 ${instead}`
  },
}

const notDone = (symbol: string, because: string) => `🛑 NOT DONE: close ${symbol}\n${because}`
