import { Big, zero } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { dayIn, exchangeZone } from '../../../base/zone.ts'
import { quoteToShow } from '../../../market/to-show.ts'
import { type Signal, type SignalHolding, signalFor } from '../../../prediction/policy/live/signal.ts'
import { dearest, factsNow } from '../../../trading/accounts/gate.ts'
import { refusalOf } from '../../../trading/accounts/gate-refusals.ts'
import { usualBalance } from '../../../trading/accounts/rows/accounts.ts'
import { gate } from '../../../trading/accounts/rules/gate.ts'
import { type Worth, worthOf } from '../../../trading/accounts/worth.ts'
import { type SignalOrder, signalText } from '../../wording/prediction/signal.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { symbolMeant } from '../symbol.ts'

export const showSignal: Command = {
  name: 'signal',
  aliases: ['policy signal'],
  phrases: [{ full: 'show signal, signal of, signal for, what would policy do, what would policy do with' }],
  description: 'The policy’s decision, and why',
  category: 'Models',
  position: 155,
  effect: 'reads',
  usage: 'signal [SYMBOL]',
  example: 'signal AAPL',
  detail:
    'The policy decides after the close of a day: to which share of the equity a position goes, with which stop, and for how long. The answer has the numbers that decided, the desk’s gate for such an order, and the verdict of the tests. Nothing is traded by it, and nothing trades on a policy of which no edge is shown.',
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'symbol', type: 'symbol', description: 'Of what' }],
  async run(hearing, slots) {
    const symbol = await symbolMeant(hearing, slots)
    return typeof symbol === 'string' ? signalHeard(hearing, symbol) : symbol
  },
}

async function signalHeard({ parts, speaker }: Hearing, symbol: string): Promise<Outcome> {
  const worth = await worthOf(parts, speaker.accountId)
  // Somebody without an account would get one with the usual balance.
  const equity = speaker.accountId === 0 ? usualBalance : (worth.broker?.balance?.equity ?? worth.equity)
  const own = worth.marked.find(({ position }) => position.symbol === symbol)
  const held = own && equity.gt(0) ? holdingOf(own, equity) : undefined
  const signal = await signalFor(parts, symbol, held)
  if (signal instanceof Refusal) return signal
  const quantity = own?.position.signedQuantity ?? zero
  const order = await orderOf({ parts, speaker }, signal, quantity, equity)
  return say(signalText(signal, order, quantity, parts.runs.isSimulated))
}

function holdingOf({ position, quote }: Worth['marked'][number], equity: Big): SignalHolding {
  const { signedQuantity, openCost, openedAt } = position
  const entry = openCost.div(signedQuantity.abs())
  const price = quote?.last ?? entry
  return {
    weight: signedQuantity.times(price).div(equity).toNumber(),
    entry: entry.toNumber(),
    since: dayIn(openedAt, exchangeZone),
  }
}

/** Changes by less than this share of the equity are none, as in the policy's training. */
const leastChange = new Big('0.025')

/** The order that would carry a signal out, and the desk's gate for it; undefined when there is nothing to do. An exit always passes. */
async function orderOf(
  { parts, speaker }: Pick<Hearing, 'parts' | 'speaker'>,
  { symbol, action, close, isOver }: Signal,
  held: Big,
  equity: Big,
): Promise<SignalOrder | undefined> {
  if (isOver) return held.eq(0) ? undefined : exit(held, held.abs())
  if (action.direction === 'HOLD') return undefined
  const { market } = parts
  const lot = market.instrument(symbol)?.lot ?? new Big(1)
  const quote = await quoteToShow(market, symbol)
  const price = new Big(close.toFixed(6))
  const size = equity.times(action.size).div(price.times(lot)).round(0, Big.roundDown).times(lot)
  const target = action.direction === 'LONG' ? size : size.times(-1)
  if (target.eq(0)) return held.eq(0) ? undefined : exit(held, held.abs())
  const change = target.minus(held)
  if (change.abs().times(price).lt(equity.times(leastChange))) return undefined
  const side = change.gt(0) ? 'buy' : 'sell'
  const opens = target.abs().gt(held.abs()) || target.times(held).lt(0)
  if (!opens) return exit(held, change.abs())
  // The part that closes a position needs no leave of the gate; the rest opens one.
  const quantity = target.times(held).lt(0) ? target.abs() : change.abs()
  const { accountId, memberId } = speaker
  const wanted = {
    accountId,
    memberId,
    symbol,
    side,
    quantity,
    price: quote ? dearest(side, undefined, quote) : price,
  } as const
  const facts = await factsNow(parts.db, parts, wanted)
  const verdict = gate(facts, { ...wanted, opens: true, isLater: false, lot })
  return {
    side,
    quantity: change.abs(),
    target,
    ...(!verdict.passes && { refused: refusalOf(wanted, facts, verdict) }),
  }
}

const exit = (held: Big, quantity: Big): SignalOrder => ({
  side: held.gt(0) ? 'sell' : 'buy',
  quantity,
  target: held.gt(0) ? held.minus(quantity) : held.plus(quantity),
  isExit: true,
})
