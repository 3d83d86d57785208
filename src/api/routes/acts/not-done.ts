import { Refusal } from '../../../base/refusal.ts'
import type { RefusalCode } from '../../../base/refusal-codes.ts'
import type { Notice } from '../../../trading/notice.ts'
import type { AnyOrder } from '../../../trading/orders/rows/orders.ts'
import { isLive } from '../../../trading/orders/rules/order-lifecycle.ts'
import type { WatchNotice } from '../../../watch/notices.ts'

type AnyNotice = Notice | WatchNotice

/**
 * The refusal of a request for an order of which nothing was traded and nothing goes on: the venue did not take it, or it ended at once.
 * Undefined when it is traded, works, or may still be. `wanted`: the client id of the order; `words` makes the sentences of a notice. The
 * refusal has all of them, because orders that were in the way may have been taken back.
 */
export function notDone(
  notices: AnyNotice[],
  wanted: string,
  words: (notice: AnyNotice) => string,
): Refusal | undefined {
  if (notices.some(goesOn)) return undefined
  const codes = notices.map((notice) => codeOf(notice, wanted))
  const code = codes.find((one) => one !== undefined)
  if (code === undefined) return undefined
  const lines = notices.flatMap((notice) => words(notice).split('\n'))
  const isHint = (line: string) => line.startsWith(hintMark)
  const hints = words(notices[codes.indexOf(code)]!).split('\n').filter(isHint)
  const sentences = lines.filter((line) => !isHint(line)).map((line) => sentenceOf(line))
  return new Refusal(
    code,
    sentences.join(' '),
    hints.map((line) => line.slice(hintMark.length)).join('; ') || undefined,
  )
}

const hintMark = '💡 '

/** A line for people as a sentence for programs: without its sign, with its full stop. */
function sentenceOf(line: string): string {
  const said = line.replace(/^[^\p{L}\p{N}$]+/u, '').trim()
  return /[.!?:]$/.test(said) ? said : `${said}.`
}

const goesOn = ({ kind }: AnyNotice) =>
  ['order.filled', 'order.accepted', 'order.working', 'order.unconfirmed', 'closing.pushed', 'close.waits'].includes(
    kind,
  )

function codeOf(notice: AnyNotice, wanted: string): RefusalCode | undefined {
  switch (notice.kind) {
    case 'order.rejected':
      return 'VENUE_REFUSED'
    case 'order.not_sent':
      return 'ORDER_NOT_SENT'
    case 'order.cancelled':
    case 'order.expired':
    case 'order.told_elsewhere':
      return hasEnded(notice.order, wanted) ? 'ORDER_ENDED' : undefined
    case 'close.rest_refused':
    case 'close.refused':
      return notice.refusal.code
    default:
      return undefined
  }
}

/** Has the wanted order ended without a fill? Others were in its way, and were taken back for it. */
const hasEnded = (order: AnyOrder, wanted: string) =>
  order.clientOrderId === wanted && !isLive(order) && order.filledQuantity.eq(0)
