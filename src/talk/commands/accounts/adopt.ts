import type { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { announcePosition } from '../../../infra/db/announce.ts'
import { changedMeanwhile, recordHeld } from '../../../trading/positions/record-held.ts'
import { openPosition } from '../../../trading/positions/rows/positions.ts'
import { costAtBroker } from '../../../trading/reconcile/cost-at-broker.ts'
import { leaveGap, takeVenueQuantity } from '../../../trading/reconcile/decide.ts'
import { freshLook } from '../../../trading/reconcile/fresh-look.ts'
import { externalIn } from '../../../trading/reconcile/rows/books.ts'
import { costOfRest } from '../../../trading/reconcile/rules/cost-of-rest.ts'
import { restated } from '../../language/restate.ts'
import { repliesOf } from '../../wording/index.ts'
import { heldText } from '../../wording/reconcile.ts'
import { type Command, enter, type Hearing, type Option, type Outcome, say } from '../command.ts'
import type { SlotValues } from '../slot-values.ts'
import { linkedHere } from './linked-here.ts'
import { askPrice, type PriceDoubt, priceDoubtState } from './price-doubt.ts'

const symbol: Option = { name: 'symbol', type: 'symbol', required: true, description: 'Which symbol' }
const price: Option = { name: 'price', type: 'price', before: '@', description: 'Dollars each, if you know them' }

export const adopt: Command = {
  name: 'adopt',
  aliases: [],
  description: 'Takes over what your broker shows in a symbol',
  category: 'Brokers',
  position: 252,
  effect: 'governs',
  restate: (given) => restated('adopt what the broker shows', given),
  usage: 'adopt SYMBOL [@ PRICE]',
  example: 'adopt BYND @ .63',
  detail:
    'On a linked account: a position that was opened elsewhere becomes one of the desk, at that price, or else at the broker’s average entry price, or the current one where it shows none; and where desk and broker differ, the broker’s quantity counts from then on, by an adjustment. No order is sent.',
  needs: 'trader',
  account: 'changes',
  options: [symbol, price],
  state: priceDoubtState,
  run: (hearing, slots, shown?: PriceDoubt) => take(hearing, slots, 'adopted', shown),
}

export const didThat: Command = {
  name: 'did',
  aliases: ['i did that', 'that was me'],
  description: 'Says that you traded a difference at your broker yourself',
  category: 'Brokers',
  position: 253,
  effect: 'governs',
  restate: (given) => restated('book your own trade at the broker', given),
  usage: 'did SYMBOL @ PRICE',
  example: 'did BYND @ .71',
  detail:
    'On a linked account whose broker shows another quantity than the desk: the difference was your own trade at that price. It is booked as an adjustment with its P&L, which `undo` does not take back, so the desk asks first when the price is more than a fifth away from the market. No order is sent.',
  needs: 'trader',
  account: 'changes',
  options: [symbol, { ...price, required: true }],
  state: priceDoubtState,
  run: (hearing, slots, shown?: PriceDoubt) => take(hearing, slots, 'done', shown),
}

export const ignoreGap: Command = {
  name: 'ignore',
  aliases: [],
  description: 'Leaves a difference between desk and broker as it is',
  category: 'Brokers',
  position: 254,
  effect: 'sets',
  usage: 'ignore SYMBOL',
  example: 'ignore BYND',
  detail:
    'On a linked account: what the broker shows more is not the desk’s from then on. What it shows fewer stays frozen, and you hear no more of it.',
  needs: 'trader',
  account: 'changes',
  options: [symbol],
  async run(hearing, slots) {
    const about = await symbolHere(hearing, slots)
    if (about instanceof Refusal || 'ask' in about) return about
    const { parts, speaker } = hearing
    const left = await leaveGap(parts, { ...speaker, symbol: about.symbol })
    if (left === 'no gap') return nothing(about.symbol, await externalIn(parts.db, speaker.accountId, about.symbol))
    return left instanceof Refusal ? left : { replies: repliesOf(left) }
  },
}

async function take(hearing: Hearing, slots: SlotValues, as: 'adopted' | 'done', shown?: PriceDoubt): Promise<Outcome> {
  if (slots.words.sure === 'no') return say('OK, nothing was booked.')
  const about = await symbolHere(hearing, slots)
  if (about instanceof Refusal || 'ask' in about) return about
  const { parts, speaker, inboundId } = hearing
  const { accountId, memberId, conversationId } = speaker
  const at = slots.price
  if (at instanceof Refusal) return at
  if (as === 'done' && !at) {
    const text = `❓ At which price did you trade ${about.symbol}?`
    return enter('price', 'number', 'Price', text, { ...slots.words, symbol: about.symbol })
  }
  const silent = await freshLook(parts, accountId)
  if (silent) return silent
  const doubted = at && (await askPrice(hearing, { symbol: about.symbol, price: at, as }, slots, shown))
  if (doubted) return doubted
  const word = { accountId, memberId, conversationId, symbol: about.symbol, as, price: at }
  const taken = await takeVenueQuantity(parts, word)
  if (taken !== 'no gap') return taken instanceof Refusal ? taken : { replies: repliesOf(taken) }
  const external = await externalIn(parts.db, accountId, about.symbol)
  if (external.eq(0) || as === 'done') return nothing(about.symbol, external, at)
  const open = await openPosition(parts.db, accountId, about.symbol)
  const cost = at ? undefined : await costAtBroker(parts, accountId, about.symbol)
  const quote = await parts.market.quote(about.symbol)
  const isAlike = open && open.signedQuantity.gt(0) === external.gt(0)
  const rest = cost && costOfRest(cost, external.abs(), isAlike ? open : undefined)
  const each = at ?? rest ?? (quote && !quote.stale ? quote.last : undefined)
  if (!each) {
    const text = `❓ There is no current price for ${about.symbol}. At which price are they held?`
    return enter('price', 'number', 'Price', text, { ...slots.words, symbol: about.symbol })
  }
  const recorded = await recordHeld(parts, {
    ...{ key: inboundId, accountId, memberId, conversationId, symbol: about.symbol, price: each },
    ...(!at && { priced: cost ? ('at cost' as const) : ('at market' as const) }),
    direction: external.gt(0) ? 'LONG' : 'SHORT',
    quantity: external.abs(),
    ...(open && { existing: { how: 'add' as const, version: open.version } }),
  })
  if (recorded instanceof Refusal) return recorded
  if (recorded === changedMeanwhile) return take(hearing, slots, as, shown)
  const position = await openPosition(parts.db, accountId, about.symbol)
  if (position) await announcePosition(parts, position.id)
  return { replies: repliesOf(recorded) }
}

type About = { symbol: string } | Refusal | Extract<Outcome, { ask: unknown }>

/** The symbol, also one that the market does not know: the broker has it. */
async function symbolHere(hearing: Hearing, { symbol: named, words }: SlotValues): Promise<About> {
  const account = await linkedHere(hearing)
  if (account instanceof Refusal) return account
  if (typeof named === 'string') return { symbol: named }
  if (named instanceof Refusal && words.symbol === undefined) return named
  if (words.symbol !== undefined) return { symbol: words.symbol.toUpperCase() }
  return enter('symbol', 'text', 'Which symbol?', '❓ Which symbol?', words) as Extract<Outcome, { ask: unknown }>
}

/** The refusal where no difference is open; `external` are the units of the broker that are not the desk's. */
function nothing(symbol: string, external: Big, price?: Big): Refusal {
  if (external.eq(0))
    return new Refusal(
      'NOTHING_TO_ADOPT',
      `Desk and broker agree about ${symbol}, and nothing in it is external. Nothing was done.`,
      '`reconcile` shows both',
    )
  return new Refusal(
    'EXTERNAL_ALREADY',
    `${heldText(external)} ${symbol} at the broker is external already: it is not the desk’s, and nothing else differs. Nothing was done.`,
    `\`adopt ${symbol}${price ? ` @ ${price.toFixed()}` : ''}\` makes it a position of the desk`,
  )
}
