import type { Quote } from '../../market/market.ts'
import type { Watched } from '../../trading/protection/rows/watched.ts'
import { type Fired, seePrice } from '../../trading/protection/rules/triggers.ts'

/** Is this quote alone not enough to trigger anything of the position? Only real money and a broker's paper ask for more. */
export const isTooWeak = (position: Pick<Watched, 'isLinked'>, quote: Pick<Quote, 'weak'>): boolean =>
  position.isLinked === true && quote.weak !== undefined

/** The levels of a position that the price of a quote touches. */
export function touchesOf(position: Watched, quote: Quote): Fired[] {
  return seePrice(position, quote.last, position.state, position.thresholds).fired.filter(isTouch)
}

const isTouch = ({ type }: Fired) => type.startsWith('trading.')

/**
 * The events that a weak quote causes: in the place of a touched level, once for each, that it was touched on a weak price; all
 * others as they are.
 */
export function withoutTouches(fired: Fired[], { weak = '' }: Quote): Fired[] {
  return fired.map((one) => {
    if (!isTouch(one) || !('level' in one.details)) return one
    const isStop = one.type === 'trading.stop_loss_triggered' || one.type === 'trading.part_stop_hit'
    const details = { what: isStop ? ('stop' as const) : ('target' as const), because: weak, level: one.details.level! }
    return { type: 'watching.weak_touch', key: `weak-${one.key}`, details }
  })
}
