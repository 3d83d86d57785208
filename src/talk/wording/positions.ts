import { priceText, profitText, quantityText } from '../../base/format.ts'
import type { PositionNotice, PriceTaken } from '../../trading/positions/notices.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { WatchSentences } from '../../watch/notices.ts'
import { positionActions } from './actions.ts'
import { lostText, protectionLines } from './levels.ts'
import type { WordingOf } from './wording-of.ts'

/** The price of a recording that named none. */
export const takenText: Record<PriceTaken, string> = {
  'at market': 'at the last price',
  'at cost': 'at the broker’s average entry price',
}

type Recorded = Exclude<PositionNotice, { kind: 'position.undone' }>

export const positionWording: WordingOf<PositionNotice> = {
  'position.recorded': (recorded) => {
    // `short 10 tsla` reads like an order, as long as it names no price.
    const how = recorded.priced ? ` (recorded ${takenText[recorded.priced]}; no order sent)` : ''
    return withLost(recorded, `✓ ${positionText(recorded.position)}${how}`)
  },
  'position.replaced': (recorded) => {
    const { position, before, endedAt, realizedPnl } = recorded
    const ended = `Replaced: ${positionText(before)}, ended @ ${priceText(endedAt)}, P&L ${profitText(realizedPnl)}`
    return withLost(recorded, `✓ ${positionText(position)}\n${ended}`)
  },
  'position.added': (recorded) => {
    const { position, isNetted, quantity, price, priced, realizedPnl } = recorded
    const how = `${isNetted ? 'netted' : 'added'} ${quantityText(quantity)} @ ${priceText(price)}`
    const taken = priced ? `, ${takenText[priced]}` : ''
    const locked = isNetted ? `, P&L ${profitText(realizedPnl)}` : ''
    return withLost(recorded, `✓ ${positionText(position)} (${how}${taken}${locked})`)
  },
  'position.corrected': (recorded) =>
    withLost(recorded, `✓ ${positionText(recorded.position)} (was ${positionText(recorded.before)})`),
  'position.undone': ({ what, position, protection, price }) =>
    [`↩️ UNDONE: ${what}`, `Position: ${positionText(position)}`, ...protectionLines(protection, price)].join('\n'),
}

/** Adds the warning about levels that ended with the old position, and the buttons of the new one. */
function withLost({ position, protection }: Recorded, text: string): WatchSentences {
  const lost = protection && lostText(protection.before, protection.after)
  const actions = position.signedQuantity.eq(0) ? [] : [positionActions(position)]
  return { text: [text, lost].filter(Boolean).join('\n'), actions }
}
