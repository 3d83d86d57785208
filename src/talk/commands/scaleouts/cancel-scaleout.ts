import { Refusal } from '../../../base/refusal.ts'
import { asYouAsked } from '../../../trading/events/rules/background.ts'
import { cancelRunning } from '../../../trading/scaleouts/cancel-running.ts'
import { cancelScaleouts } from '../../../trading/scaleouts/cancel-scaleouts.ts'
import { runningScaleouts, type Scaleout } from '../../../trading/scaleouts/rows/scaleouts.ts'
import { restated } from '../../language/restate.ts'
import { repliesOf } from '../../wording/index.ts'
import { type Ask, type Command, choose, type Hearing, numbered, type Outcome } from '../command.ts'
import { saysAll } from '../quantity.ts'
import type { SlotValues } from '../slot-values.ts'
import { allKnown, knownSymbol } from '../symbol.ts'

export const cancelScaleout: Command = {
  name: 'cancel scaleout',
  aliases: ['cancel scale out', 'cancel-scaleout', 'stop scaleout', 'stop scaling out', 'stop-scaleout'],
  phrases: [
    {
      full: `cancel that scale out, cancel that scaleout, stop that scaleout,
        stop that scale out, stop scaleout, stop scaling out, cancel scale out, cancel scale-out, stop scale out, stop scale-out,
        kill scaleout, abort scaleout, end scaleout, halt scaleout, quit scaling out, cancel scaling out,
        call off scaleout, scaleout off, scaleout stop, scaleout cancel, scale out off, no more scaling out,
        stop feeding out, quit feeding out, no more feeding out, stop dripping out`,
    },
  ],
  description: 'End a running scaleout',
  category: 'Exits',
  position: 80,
  effect: 'trades',
  exits: 'always',
  ofPosition: true,
  restate: (given) => restated('cancel the scaleout', given),
  usage: 'cancel scaleout [SYMBOL …| all]',
  example: 'cancel scaleout BYND',
  detail:
    'Ends a running scaleout at once and says what was sold and what is left. What was sold stays sold. Of several that were started together it ends one or all of them.',
  needs: 'trader',
  account: 'changes',
  options: [{ name: 'symbol', type: 'symbol', description: 'Which scaleout', several: true }],
  async run(hearing, slots) {
    const { parts, speaker } = hearing
    const symbols = symbolsNamed(hearing, slots)
    if (symbols instanceof Refusal) return symbols
    if (slots.share !== undefined && !saysAll(slots)) return notInPart
    const running = await runningScaleouts(parts.db, speaker.accountId)
    if (running.length === 0) return noScaleout(symbols[0])
    // The thread's scaleout is the one that was started here; a symbol that was only looked at chooses nothing.
    const [here, another] = running.filter(({ conversationId }) => conversationId === speaker.conversationId)
    const meant = nextOfCancel(running, symbols, another ? undefined : here?.symbol, slots)
    if (!Array.isArray(meant)) return meant
    return meant.length === 1 ? endOne(hearing, meant[0]!) : endSeveral(hearing, meant)
  },
}

/** The named symbols, or the answered one. */
function symbolsNamed({ parts }: Hearing, { words: { which }, symbols, symbol }: SlotValues): string[] | Refusal {
  const picked = which === undefined || which === 'group' ? undefined : knownSymbol(parts.market, which)
  if (picked !== undefined) return allKnown([picked])
  return allKnown(symbols ?? (symbol === undefined ? [] : [symbol]))
}

/**
 * The scaleouts to end, or a question. Without a named symbol the thread's own is meant, unless its scaleout was started
 * together with others.
 */
export function nextOfCancel(
  running: Scaleout[],
  symbols: string[],
  threadSymbol: string | null | undefined,
  slots: SlotValues,
): Scaleout[] | Ask | Refusal {
  if (symbols.length > 0) {
    const missing = symbols.find((symbol) => !running.some((one) => one.symbol === symbol))
    return missing ? noScaleout(missing) : running.filter(({ symbol }) => symbols.includes(symbol))
  }
  const { words: given } = slots
  if (saysAll(slots)) return running
  const inThread = running.find(({ symbol }) => symbol === threadSymbol)
  const nearest = inThread ?? (running.every(({ groupId }) => groupId === running[0]!.groupId) ? running[0] : undefined)
  const group = running.filter(({ groupId }) => groupId !== null && groupId === nearest?.groupId)
  if (group.length > 1 && given.which === 'group') return group
  if (nearest && group.length < 2 && (inThread || running.length === 1)) return [nearest]
  const offered = group.length > 1 ? group : running
  const lines = offered.map(
    (scaleout) => `${scaleout.symbol} - ${scaleout.doneChunks}/${scaleout.chunkCount} chunks done`,
  )
  const choices = offered.map(({ symbol }) => ({ value: symbol, label: symbol }))
  if (group.length < 2)
    return choose('symbol', 'Which scaleout?', `❓ Which scaleout should end?\n${numbered(lines)}`, choices, given)
  return choose(
    'which',
    'Which scaleout?',
    `❓ Which scaleout should end?\n${numbered([`ALL - These ${group.length}, which were started together`, ...lines])}`,
    [{ value: 'group', label: 'ALL', aliases: ['all', 'both', 'everything'] }, ...choices],
    given,
  )
}

async function endOne({ parts, speaker }: Hearing, meant: Scaleout): Promise<Outcome> {
  const told = await cancelRunning(parts, meant, speaker.conversationId)
  return told ? { replies: repliesOf([told]) } : noScaleout(meant.symbol)
}

async function endSeveral({ parts, speaker }: Hearing, meant: Scaleout[]): Promise<Outcome> {
  const ended = await cancelScaleouts(parts, meant, asYouAsked, speaker.conversationId)
  return ended ? { replies: repliesOf([ended]) } : noScaleout()
}

const notInPart = new Refusal(
  'NOT_IN_PART',
  'A scaleout ends as a whole. Nothing was done.',
  '`cancel scaleout` ends it; what was sold stays sold',
)

function noScaleout(symbol?: string): Refusal {
  return new Refusal(
    'NO_SCALEOUT',
    `No scaleout is running${symbol ? ` for ${symbol}` : ''}.`,
    '`history` shows the ones that ended',
  )
}
