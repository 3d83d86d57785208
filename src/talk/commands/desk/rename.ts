import { z } from 'zod'
import { Refusal } from '../../../base/refusal.ts'
import { actOnSymbol } from '../../../trading/corporate-actions/act.ts'
import { metAtOnce } from '../../../trading/corporate-actions/at-once.ts'
import { areApart, pricesOfBoth, type TwoPrices } from '../../../trading/corporate-actions/prices.ts'
import { bothText, effectLines } from '../../../trading/corporate-actions/reasons.ts'
import { affectedBy } from '../../../trading/corporate-actions/rows/affected.ts'
import { accountsIn, findAction, lastDone } from '../../../trading/corporate-actions/rows/corporate-actions.ts'
import { unchanged } from '../../../trading/corporate-actions/rules/split.ts'
import type { Given } from '../../language/slots.ts'
import { plain } from '../../language/words.ts'
import { type Ask, type Command, choose, numbered, say } from '../command.ts'
import { knownSymbol } from '../symbol.ts'
import { asOutcome, nothingThere, yesOrNo } from './split.ts'

type Holders = { accountId: number; name: string }[]

/** The facts for the question about a rename. */
export interface RenameGround {
  from: string
  to: string
  /** The accounts with something in the old symbol, and those with something in the new one. */
  here: Holders
  there: Holders
  prices: TwoPrices
  /** The effects that the price of the new symbol sets off at once, a line each. */
  met: string[]
}

/** Reads `BYND to BYON`: the old symbol and the new one. */
export function renameFrom(text: string): { from: string; to: string } | Refusal {
  const [, from, to] = /^\$?(\S{1,20})(?: (?:to|as|into|=|->|→|is now))? \$?(\S{1,20})$/.exec(plain(text)) ?? []
  if (from !== undefined && to !== undefined && from !== to) return { from: from.toUpperCase(), to }
  const sentence = 'Which symbol, and what is it called now? Nothing was done.'
  return new Refusal('RENAME_NOT_UNDERSTOOD', sentence, 'For example `rename BYND to BYON`')
}

/** The state that a question has shown: the accounts, and the effects of the new symbol's price. */
const renameState = z.object({
  flow: z.literal('rename'),
  v: z.literal(1),
  accounts: z.array(z.number()),
  met: z.array(z.string()),
})
export type RenameState = z.infer<typeof renameState>

/**
 * The next step of `rename`: a question, a refusal, or the go-ahead. It is refused if an account has something in both
 * symbols, or if the prices show that the two are not the same shares. A yes is only for the accounts and the effects that
 * were shown.
 */
export function nextOfRename(
  ground: RenameGround,
  given: Given,
  shown?: RenameState,
): Ask | Refusal | { declined: true } | { isMeant: true } {
  const { from, to, here, met } = ground
  if (given.sure === 'no') return { declined: true }
  if (here.length === 0) return nothingThere(from)
  const refused = heldInBoth(ground) ?? pricesApart(ground)
  if (refused) return refused
  const now: RenameState = { flow: 'rename', v: 1, accounts: here.map(({ accountId }) => accountId), met }
  const { sure, ...kept } = given
  if (sure === 'yes' && shown && isSame(shown, now)) return { isMeant: true }
  const text = [
    ...(sure === 'yes' ? ['⚠️ It is about something else than a moment ago.'] : []),
    `🔀 ${from} IS ${to} NOW?`,
    `What ${here.map(({ name }) => name).join(', ')} ${here.length === 1 ? 'has' : 'have'} in ${from} will be in ${to}.`,
    `Price now: ${bothText({ symbol: from, newSymbol: to }, ground.prices)}`,
    ...(met.length > 0 ? [`⚠️ The price of ${to} sets off at once:`, ...met] : []),
    numbered([`YES - ${from} becomes ${to}, for everybody`, 'NO - Leave it']),
    '',
    '💡 Reply with 1 or 2',
  ].join('\n')
  return { ...choose('sure', 'Rename it?', text, yesOrNo, kept), state: now }
}

function isSame(shown: RenameState, now: RenameState): boolean {
  return JSON.stringify([shown.accounts, shown.met]) === JSON.stringify([now.accounts, now.met])
}

function heldInBoth({ from, to, here, there }: RenameGround): Refusal | undefined {
  const both = here.filter(({ accountId }) => there.some((one) => one.accountId === accountId))
  if (both.length === 0) return undefined
  const names = both.map(({ name }) => name).join(', ')
  const sentence = `${names} ${both.length === 1 ? 'has' : 'have'} something in ${from} and in ${to}: they cannot become one. Nothing was done.`
  return new Refusal('HELD_IN_BOTH', sentence, `What is in ${to} has to be closed, and its orders cancelled, first`)
}

function pricesApart({ from, to, prices }: RenameGround): Refusal | undefined {
  if (!areApart(prices)) return undefined
  const sentence = `${bothText({ symbol: from, newSymbol: to }, prices)}: these are not the same shares. Nothing was done.`
  return new Refusal(
    'PRICES_APART',
    sentence,
    `Is it ${to}? If it was split as well, say that first: \`split ${from} 1:10\``,
  )
}

export const renameSymbol: Command = {
  name: 'rename',
  aliases: [],
  description: 'A symbol that becomes another one (owners only)',
  category: 'Desk',
  position: 146,
  effect: 'governs',
  usage: 'rename SYMBOL to SYMBOL',
  example: 'rename BYND to BYON',
  detail:
    'A company that trades under another symbol: what everybody holds, protects, has ordered and planned goes on under the new one, which the market must have. Refused where an account has something in both, and where one costs more than twice as much as the other. It asks first, and says what the price of the new one sets off. Owners only.',
  needs: 'owner',
  account: 'none',
  options: [
    { name: 'symbol', type: 'text', required: true, description: 'The symbol so far' },
    { name: 'new', type: 'text', required: true, before: 'to', description: 'The symbol from now on' },
  ],
  asks: () => true,
  state: renameState,
  async run({ parts, speaker, inboundId }, { words: given }, shown?: RenameState) {
    const said = renameFrom(given.rest ?? '')
    if (said instanceof Refusal) return said
    const to = knownSymbol(parts.market, said.to)
    if (to instanceof Refusal) return to
    const { from } = said
    const { memberId, conversationId } = speaker
    const about = { kind: 'rename' as const, symbol: from, newSymbol: to, ratio: unchanged }
    const wanted = { ...about, memberId, conversationId, inboundId }
    // An unfinished rename was confirmed before, so it only continues.
    if (await findAction(parts.db, { unfinishedOf: from })) return asOutcome(await actOnSymbol(parts, wanted, 0))
    const [here, there, last] = await Promise.all([
      affectedBy(parts.db, from),
      accountsIn(parts.db, to),
      lastDone(parts.db, from),
    ])
    const [prices, effects] = await Promise.all([pricesOfBoth(parts.market, wanted, here), metAtOnce(parts, wanted)])
    const met = effectLines(effects)
    const decided = nextOfRename({ from, to, here, there, prices, met }, given, shown)
    if (decided instanceof Refusal) return decided
    if ('declined' in decided) return say('OK, nothing was renamed.')
    if ('ask' in decided) return decided
    return asOutcome(await actOnSymbol(parts, wanted, last?.id ?? 0))
  },
}
