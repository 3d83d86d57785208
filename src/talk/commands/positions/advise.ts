import { z } from 'zod'
import { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { exitPosition } from '../../../trading/orders/exit.ts'
import { availableQuantity, openPosition, type Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { unrealizedPnl } from '../../../trading/positions/rules/position.ts'
import { runningScaleout } from '../../../trading/scaleouts/rows/scaleouts.ts'
import { startScaleout } from '../../../trading/scaleouts/start-scaleout.ts'
import { half, recommend } from '../../../watch/guardian/advise.ts'
import { type Advice, advices } from '../../../watch/guardian/advise-rules.ts'
import { type Analysis, analysisOf } from '../../../watch/guardian/analysis.ts'
import { changedSince, holdAndTrail } from '../../../watch/guardian/hold-and-trail.ts'
import type { Given } from '../../language/slots.ts'
import { repliesTo } from '../../wording/index.ts'
import { type Ask, type Command, choose, type Hearing, type Outcome } from '../command.ts'
import { keptAmount } from '../flow-state.ts'
import { type Amount, partOf } from '../quantity.ts'
import { positionMeant } from '../symbol.ts'
import { adviceNames, adviceText, type Offered } from './advise-text.ts'

/** The action of an answer, if the position has not changed since the question. */
export interface Deed {
  advice: Advice
  /** The offered distance, as a share of the price. */
  trail: Big
}

/** The state that a question has shown: the position and the offer. */
const adviseState = z.object({
  flow: z.literal('advise'),
  v: z.literal(1),
  positionId: z.number(),
  version: z.number(),
  /** As a share of the price. */
  trail: keptAmount,
  /** The position in words. */
  was: z.string(),
})
export type AdviseState = z.infer<typeof adviseState>

/** The next step of `advise`: show the analysis and ask, ask again because the position has changed, or act on the answer. */
export function nextOfAdvice(
  position: Pick<Position, 'id' | 'version'>,
  given: Given,
  shown?: AdviseState,
): 'ask' | 'changed' | Deed {
  const advice = advices.find((one) => one === given.advice)
  if (!advice || !shown) return 'ask'
  const isSame = shown.positionId === position.id && shown.version === position.version
  return isSame ? { advice, trail: shown.trail } : 'changed'
}

export const advise: Command = {
  name: 'advise',
  aliases: [
    'advice',
    'exit analysis',
    'hold or fold',
    'should i close',
    'should i exit',
    'should i get out',
    'should i hold',
    'should i sell',
    'what should i do',
    'what should i do with',
    'what would you do',
    'what would you do with',
  ],
  phrases: [
    {
      full: `should i exit, should i sell, should i close, should i get out, should i hold, should i trim,
        should i take profits, should i take profit, should i stay in, should i bail, should i scale out,
        should i hold or sell, should i sell or hold, should i cut, should i stay, hold or fold,
        hold or sell, sell or hold, exit or hold, what would you do, what should i do, any advice,
        exit analysis, is it time to exit, is it time to sell, is it time to get out, is it time to close,
        is it time to bail, is it time for me to exit, is it time for me to sell,
        is it time for me to get out, is it time for me to close, is it time for me to bail, time to get out,
        time for me to get out, what do you recommend, give me advice, should i keep holding,
        do i hold or sell, what is your take, what's your take, should i get out or hold,
        should i exit or hold, stay or go`,
      thin: 'advice, analyze, analyse, recommend',
    },
  ],
  description: 'Should I exit? What speaks for and against it',
  category: 'Exits',
  position: 86,
  effect: 'reads',
  ofPosition: true,
  usage: 'advise [SYMBOL]',
  example: 'should i exit BYND',
  detail:
    'Says what speaks for and against getting out of a position, and offers three ways on: out at the market, half of it scaled out at medium speed, or hold with a trailing stop. A model is asked where one is configured, else the rules in docs/advise.md decide. Nothing is done before you answer.',
  needs: 'trader',
  account: 'looks',
  asks: () => true,
  options: [{ name: 'symbol', type: 'symbol', description: 'Which position' }],
  state: adviseState,
  async run(hearing, slots, shown?: AdviseState) {
    const position = await positionMeant(hearing, slots)
    if (position instanceof Refusal || 'ask' in position) return position
    const next = nextOfAdvice(position, slots.words, shown)
    if (next === 'ask') return ask(hearing, position)
    const done = next === 'changed' ? changedSince(position.symbol) : await act(hearing, position, next)
    if (!(done instanceof Refusal) || done.code !== 'POSITION_CHANGED') return done
    const now = await openPosition(hearing.parts.db, hearing.speaker.accountId, position.symbol)
    return now ? ask(hearing, now, shown?.was) : done
  },
}

/** Asks with the analysis. `was` describes the position of an outdated answer. */
async function ask({ parts, guardian }: Hearing, position: Position, was?: string): Promise<Ask | Refusal> {
  const analysis = await analysisOf(parts, position)
  if (analysis instanceof Refusal) return analysis
  const recommended = await recommend(parts, guardian, analysis)
  const now = positionText(position)
  const text = adviceText(analysis, recommended, await offeredOf(parts, analysis))
  const changed = `⚠️ ${position.symbol} has changed since you were asked (it was ${was}). Nothing was done.\n\n`
  const names = adviceNames(unrealizedPnl(position, analysis.quote.last))
  const choices = advices.map((value) => ({ value, label: names[value], aliases: words[value] }))
  const { symbol, id, version } = position
  const asked = choose('advice', `${symbol}: what now?`, was === undefined ? text : changed + text, choices, { symbol })
  const state: AdviseState = { flow: 'advise', v: 1, positionId: id, version, trail: analysis.trail, was: now }
  return { ...asked, state }
}

const halfOfIt: Amount = { share: { of: half, in: new Big(1), isAll: false } }

/** Aliases of the answers. */
const words: Record<Advice, string[]> = {
  exit: ['take profit', 'cut the loss', 'out', 'exit', 'exit now', 'close'],
  half: ['scale out', 'scaleout', 'half', '50%', 'sell half'],
  trail: ['hold', 'trail', 'hold and trail', 'stay'],
}

async function offeredOf({ db }: Pick<Hearing['parts'], 'db'>, { position, instrument }: Analysis): Promise<Offered> {
  // Closing cancels the resting orders, so their quantity counts, too.
  const exit = availableQuantity(position).plus(position.restingQuantity)
  if (await runningScaleout(db, position.id)) return { exit, half: 'a scaleout is running' }
  const part = partOf(halfOfIt, instrument)
  const quantity = part instanceof Refusal ? part : part(position)
  if (quantity instanceof Refusal) return { exit, half: 'half of it is less than a lot' }
  return { exit, half: quantity.gt(availableQuantity(position)) ? 'more than half is on its way out' : quantity }
}

/** Acts on the answer, if the locked position is still the shown one. */
async function act({ parts, speaker, inboundId }: Hearing, shown: Position, { advice, trail }: Deed): Promise<Outcome> {
  const { symbol } = shown
  const { accountId, memberId, conversationId } = speaker
  const who = { accountId, memberId, conversationId, symbol }
  const part = partOf(advice === 'half' ? halfOfIt : {}, parts.market.instrument(symbol)!)
  if (part instanceof Refusal) return part
  // Cancelling resting orders changes the version of the position, but not its quantity.
  const quantity = (position: Position) => (isAsShown(position, shown) ? part(position) : changedSince(symbol))
  const done =
    advice === 'trail'
      ? await repliesTo(holdAndTrail(parts, { position: shown, share: trail, memberId, conversationId }))
      : advice === 'half'
        ? await repliesTo(
            startScaleout(parts, {
              ...who,
              speed: 'medium',
              seed: Math.floor(Math.random() * 2 ** 31),
              inboundId,
              quantity,
            }),
          )
        : await repliesTo(
            exitPosition(parts, {
              ...{ ...who, clientOrderId: `advise-${inboundId}` },
              ...{ purpose: 'close' as const, quantity, isAll: true },
            }),
          )
  return done instanceof Refusal ? done : { replies: done }
}

/** Is the position unchanged in quantity and cost since the question? */
function isAsShown(position: Position, shown: Position): boolean {
  const { id, signedQuantity, openCost } = position
  return id === shown.id && signedQuantity.eq(shown.signedQuantity) && openCost.eq(shown.openCost)
}
