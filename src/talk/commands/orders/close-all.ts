import { z } from 'zod'
import { zero } from '../../../base/amounts.ts'
import { profitText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { calendarOf } from '../../../market/calendar.ts'
import type { Market } from '../../../market/market.ts'
import { accountsOf } from '../../../trading/accounts/rows/accounts.ts'
import { exitPositions } from '../../../trading/orders/exit.ts'
import { type Marked, markedPositions } from '../../../trading/positions/marked.ts'
import { openSymbols } from '../../../trading/positions/rows/open-symbols.ts'
import { openPositions, type Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import type { Reply } from '../../chat/reply.ts'
import { restated } from '../../language/restate.ts'
import type { Given } from '../../language/slots.ts'
import { repliesOf } from '../../wording/index.ts'
import { type Ask, type Command, choose, type Hearing, numbered, type Outcome, say } from '../command.ts'
import { keptAmount } from '../flow-state.ts'
import { isAllOf } from '../quantity.ts'
import { valuesOf } from '../read-slots.ts'
import type { SlotValues } from '../slot-values.ts'
import { allKnown, exampleSymbol, knownSymbol, nothingOpen } from '../symbol.ts'
import { type CloseState, closePosition, closeState, exitOf } from './close-position.ts'
import { whenClosed } from './when-closed.ts'

/** The positions that a question has shown, with their quantities. */
export const closeAllState = z.object({
  flow: z.literal('close all'),
  v: z.literal(1),
  positions: z.array(z.object({ id: z.number(), signedQuantity: keptAmount })),
})
export type CloseAllState = z.infer<typeof closeAllState>

/** The state of a question about these positions. */
export function shownOfAll(positions: Position[]): CloseAllState {
  const shown = positions.map(({ id, signedQuantity }) => ({ id, signedQuantity }))
  return { flow: 'close all', v: 1, positions: shown }
}

/**
 * The next step of `close all`: a question, a refusal, or the go-ahead. A yes is only for the listed positions, in at most the
 * listed quantities.
 */
export function nextOfCloseAll(
  marked: Marked[],
  { words: given }: Pick<SlotValues, 'words'>,
  shown?: CloseAllState,
): Ask | { declined: true } | Position[] {
  if (given.sure === 'no') return { declined: true }
  const which = kindIn(given)
  const positions = marked.map(({ position }) => position)
  const isShown = positions.every(({ id, signedQuantity }) => {
    const before = shown?.positions.find((one) => one.id === id)?.signedQuantity ?? zero
    return before.times(signedQuantity).gt(0) && signedQuantity.abs().lte(before.abs())
  })
  if (given.sure === 'yes' && isShown) return positions
  const stays = given.except ? [`Stays open: ${given.except.split(' ').join(', ')}`] : []
  const lines = marked.map(({ position, unrealized }) =>
    [positionText(position), ...(unrealized ? [`P&L ${profitText(unrealized)}`] : [])].join(' · '),
  )
  const text = [
    ...(given.sure === 'yes' ? ['⚠️ The positions changed meanwhile.'] : []),
    `🚪 CLOSE ALL ${marked.length} ${which ? `${kinds[which].word} ` : ''}POSITION${marked.length === 1 ? '' : 'S'} at the market?`,
    ...lines,
    ...stays,
    numbered(['YES - Close them now', 'NO - Leave them']),
    '',
    '💡 Reply with 1 or 2',
  ].join('\n')
  const choices = [
    { value: 'yes', label: 'YES', aliases: ['y'], danger: true },
    { value: 'no', label: 'NO', aliases: ['n'] },
  ]
  return {
    ...choose('sure', 'Close all of these?', text, choices, {
      ...(which && { which }),
      ...(given.except && { except: given.except }),
    }),
    state: shownOfAll(positions),
  }
}

type Kind = 'losers' | 'winners' | 'longs' | 'shorts'

/** The kinds of positions that may be closed together. A position without a price is neither a loser nor a winner. */
const kinds: Record<Kind, { word: string; holds(marked: Marked): boolean }> = {
  losers: { word: 'LOSING', holds: ({ unrealized }) => unrealized?.lt(0) === true },
  winners: { word: 'WINNING', holds: ({ unrealized }) => unrealized?.gt(0) === true },
  longs: { word: 'LONG', holds: ({ position }) => position.signedQuantity.gt(0) },
  shorts: { word: 'SHORT', holds: ({ position }) => position.signedQuantity.lt(0) },
}

const kindIn = ({ which }: Given): Kind | undefined => (Object.keys(kinds) as Kind[]).find((kind) => kind === which)

/** The symbols that stay open, in the market's spelling. Each must be an open position, so that no misspelled one is closed. */
function keptOpen({ words }: SlotValues, open: Position[], market: Market): string[] | Refusal {
  const kept = allKnown((words.except?.split(' ') ?? []).map((symbol) => knownSymbol(market, symbol)))
  if (kept instanceof Refusal) return kept
  const missing = kept.find((symbol) => !open.some((position) => position.symbol === symbol))
  return missing === undefined ? kept : nothingOpen(open, exampleSymbol(market), missing)
}

const nothingClosed = () => say('OK, nothing was closed.')

export const closeAll: Command = {
  name: 'close all',
  aliases: ['close all positions', 'close everything', 'close-all', 'flatten all', 'flatten everything'],
  phrases: [
    {
      full: `close everything, close all, close all positions, flatten all, flatten everything, exit all,
        exit everything, sell everything, liquidate all, liquidate everything, get me out everything,
        dump everything, close every position, close out everything, exit all positions,
        flatten all positions, get me out of everything, close whole book, flatten book, close all out,
        liquidate whole account, liquidate account, close whole account, liquidate whole book`,
    },
  ],
  description: 'Close every open position at the market',
  category: 'Exits',
  position: 55,
  effect: 'trades',
  exits: 'always',
  ofPosition: true,
  restate: ({ which, except, ...given }) =>
    restated(
      `close ${which ? `all ${which}` : 'every position'}${except ? ` but ${except.split(' ').join(' and ')}` : ''}`,
      given,
    ),
  usage: 'close all [losers | winners | longs | shorts] [but SYMBOL]',
  example: 'close all',
  detail:
    'Lists your open positions and, after a yes, closes each of them at the market; running scaleouts of them end. `close all losers`, `winners`, `longs` or `shorts` closes only those; `close all but BYND` leaves BYND open. With one position open it is `close`. In an emergency `breaker` does not ask.',
  needs: 'trader',
  account: 'changes',
  options: [
    ...closePosition.options,
    { name: 'which', type: 'choice', choices: Object.keys(kinds), description: 'Only those; all when left out' },
  ],
  asks: () => true,
  // If only one position is open, the questions are those of `close`.
  state: z.discriminatedUnion('flow', [closeAllState, closeState]),
  async run(hearing, slots, state?: CloseAllState | CloseState) {
    const outcome = await closeHere(hearing, slots, state)
    // A yes to one position of `close` is about that position alone.
    const elsewhere = slots.words.sure === 'no' ? undefined : await stillElsewhere(hearing)
    return elsewhere === undefined ? outcome : besides(outcome, elsewhere)
  },
}

async function closeHere(hearing: Hearing, slots: SlotValues, state?: CloseAllState | CloseState): Promise<Outcome> {
  const { words: given } = slots
  const { parts, speaker, inboundId } = hearing
  if (given.sure === 'no' && given.symbol === undefined) return nothingClosed()
  if (given.symbol !== undefined) return closePosition.run(hearing, slots, state?.flow === 'close' ? state : undefined)
  const [only, ...others] = await openPositions(parts.db, speaker.accountId)
  if (!only) {
    const instead = `Record one with \`long ${exampleSymbol(parts.market)} 100\``
    return new Refusal('NO_POSITION', 'You have no open position.', instead)
  }
  const which = kindIn(given)
  const kept = keptOpen(slots, await openPositions(parts.db, speaker.accountId), parts.market)
  if (kept instanceof Refusal) return kept
  if (others.length === 0 && given.sure === undefined && !which && kept.length === 0) {
    return closePosition.run(hearing, valuesOf({ ...given, symbol: only.symbol }, parts.market))
  }
  if (!isAllOf(slots) || slots.price !== undefined) {
    const sentence = 'Several positions are closed whole, and at the market. Nothing was done.'
    return new Refusal('ONE_SYMBOL', sentence, `Name one for a part or a limit, such as \`close ${only.symbol} half\``)
  }
  const shown = state?.flow === 'close all' ? state : undefined
  const open = await markedPositions(parts, speaker.accountId)
  const marked = open.filter((one) => !kept.includes(one.position.symbol) && (!which || kinds[which].holds(one)))
  if (marked.length === 0)
    return new Refusal(
      'NO_POSITION',
      `None of your ${kept.length > 0 ? 'other' : 'open'} positions is ${which ? kinds[which].word.toLowerCase() : 'open'}. Nothing was done.`,
      '`positions` shows them',
    )
  const decided = nextOfCloseAll(marked, slots, shown)
  if ('declined' in decided) return nothingClosed()
  if ('ask' in decided) return decided
  const shares = decided.find(({ symbol }) => !calendarOf(symbol).isAlwaysOpen)
  const isOfAll = !which && kept.length === 0
  const what = `CLOSE ALL ${decided.length} POSITIONS`
  const waits = isOfAll &&
    shares && { side: 'close all' as const, symbol: shares.symbol, what, given, state: shown, mayLimit: false }
  const asked = waits ? await whenClosed(hearing, waits) : undefined
  if (asked) return asked
  const exits = decided.map((position) => {
    const closing = { quantity: position.signedQuantity.abs(), isAll: true }
    return { ...exitOf(hearing, position, closing, `${inboundId}-${position.id}`), positionId: position.id }
  })
  const closed = await exitPositions(parts, exits)
  const isSomeDone = closed.some((one) => !(one instanceof Refusal))
  const asReply = (one: Refusal): Reply => ({ text: isSomeDone ? one.beside : one.text })
  return { replies: closed.flatMap((one) => (one instanceof Refusal ? [asReply(one)] : repliesOf(one))) }
}

/** `Still open in alpaca-live: LONG 4 AAPL @ $231.00`: the command is about one account. Undefined when nothing is open in another. */
async function stillElsewhere({ parts, speaker, byProgram }: Hearing): Promise<string | undefined> {
  if (byProgram) return undefined
  const others = (await accountsOf(parts.db, speaker.memberId)).filter(({ id }) => id !== speaker.accountId)
  const open = await openSymbols(
    parts.db,
    others.map(({ id }) => id),
  )
  const named = others.flatMap(({ id, name }) => (open.has(id) ? [`${name} (${open.get(id)!.sort().join(', ')})`] : []))
  return named.length > 0 ? `Your other accounts are not touched. Open there: ${named.join(', ')}` : undefined
}

/** The outcome with a line about the other accounts, in its question or below its replies. */
function besides(outcome: Outcome, line: string): Outcome {
  if (outcome instanceof Refusal) {
    const { code, sentence, instead, askAgain } = outcome
    return code === 'NO_POSITION' ? new Refusal(code, `${sentence} ${line}`, instead, { askAgain }) : outcome
  }
  if ('replies' in outcome) return { replies: [...outcome.replies, { text: `ℹ️ ${line}` }] }
  const [title, ...rest] = outcome.text.split('\n')
  return { ...outcome, text: [title, line, ...rest].join('\n') }
}
