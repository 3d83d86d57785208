import { durationText, quantityText } from '../../base/format.ts'
import type { CloseNotice } from '../../trading/orders/notices.ts'
import { exitNotSent } from '../../trading/orders/order-refusals.ts'
import { exitName, exitWords, type WantedExit } from '../../trading/orders/rules/describe.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { WordingOf } from './wording-of.ts'

export const closeWording: WordingOf<CloseNotice> = {
  'close.rest_refused': ({ refusal }) => refusal.beside,
  'close.waits': ({ exit, number, heldQuantity, isUnconfirmed, deadlineMs }) => {
    const { symbol, side, quantity } = exit
    const nothing = `Nothing of it is ${side === 'sell' ? 'sold' : 'bought back'} yet.`
    const most = quantity ? ', for no more than is open then' : ''
    return [
      `⏳ WAITS: ${exitWords(exit)}`,
      isUnconfirmed
        ? `The venue does not say whether it has the order that is to protect ${symbol} there, and both could fill. ${nothing}`
        : `The venue has not given back the order that protects ${symbol} there: it holds ${quantityText(heldQuantity)} ${symbol}, and may still close the position at its levels. ${nothing}`,
      `The desk goes on asking for it, and sends the order as soon as it has it back, within ${durationText(deadlineMs)}${most}. Its outcome follows here.`,
      `💡 \`cancel ${number}\` takes back what waits`,
    ].join('\n')
  },
  'close.withdrawn': ({ exit, number }) =>
    `✓ CANCELLED ${number}: ${exitName(exit)}\nIt waited, and was never sent. Nothing of it was traded.`,
  'close.replaced': ({ exit, number }) =>
    `↩️ ENDED${number === undefined ? '' : ` ${number}`}: ${exitName(exit)}\nIt waited, and nothing of it was traded: the whole position is being closed instead.`,
  'close.refused': ({ exit, refusal }) => notDone(exit, refusal.text),
  'close.overtaken': ({ exit, position }) =>
    notDone(
      exit,
      exit.quantity
        ? `It waited for the order that protects ${exit.symbol} at the venue, and meanwhile a trade of it was recorded, which may be the same one. Open: ${positionText(position)}\n💡 \`${exitWords(exit)}\` sends it now`
        : `Its orders had to be taken back first, and the position was changed meanwhile. It stays open: ${positionText(position)}\n💡 \`close ${exit.symbol}\` closes it now`,
    ),
  'close.too_late': ({ exit, deadlineMs, position }) => {
    const [sentence, instead] = exitNotSent(exit, deadlineMs).text.split('\n💡 ')
    return `${sentence}\nPosition: ${positionText(position)}\n💡 ${instead}`
  },
}

/** A close at a limit is named without it, as the position is what matters. */
const notDone = (exit: WantedExit, because: string) =>
  `🛑 NOT DONE: ${exit.quantity ? exitName(exit) : `close ${exit.symbol}`}\n${because}`
