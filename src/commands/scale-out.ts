import { Refusal } from '../chat/refusal.ts'
import type { Given } from '../classify/slots.ts'
import { alreadyRunning, startScaleout } from '../execution/start-scaleout.ts'
import type { Position } from '../ledger/positions.ts'
import { runningScaleout } from '../ledger/scaleouts.ts'
import type { Big } from '../trading/amounts.ts'
import { positionText } from '../trading/describe.ts'
import { quantityText } from '../trading/format.ts'
import { paces, type Speed } from '../trading/scaleout-plan.ts'
import { type Ask, type Command, choose, numbered } from './command.ts'
import { partOf } from './quantity.ts'
import { positionMeant } from './symbol.ts'
import { unlessHalted } from './unless-halted.ts'

const speeds: Speed[] = ['fast', 'medium', 'slow']

/** What the scaleout still needs to know, or the speed. */
export function nextOfScaleout(position: Position, quantity: Big, given: Given): Ask | Speed {
  const speed = speeds.find((one) => one === given.speed)
  if (speed) return speed
  const lines = speeds.map((one) => {
    const { chunks, text } = paces[one]
    return `${one.toUpperCase()} - Next ${text} (${chunks.least}-${chunks.most} chunks)`
  })
  const text = [
    '📉 INTERACTIVE SCALEOUT',
    `Position: ${positionText(position)}`,
    ...(quantity.eq(position.signedQuantity.abs()) ? [] : [`Quantity: ${quantityText(quantity)}`]),
    '',
    'How fast should I scale out?',
    numbered(lines),
    '',
    '💡 Reply with 1, 2, or 3',
  ].join('\n')
  const choices = speeds.map((one) => ({ value: one, label: one.toUpperCase(), aliases: [one.slice(0, 3)] }))
  return choose('speed', 'How fast?', text, choices, { ...given, symbol: position.symbol })
}

export const scaleOut: Command = {
  usage: 'scaleout [SYMBOL] [fast|medium|slow] [QTY | half | 30%]',
  example: 'scaleout BYND fast half',
  detail:
    'Sells a long position, or buys back a short one, in chunks at random moments, and posts every fill here. Asks for the speed unless you say it. Without a quantity: all of it. One scaleout a position; `cancel scaleout` ends it, `tasks` shows how far it is.',
  needs: 'trader',
  options: [
    { name: 'symbol', type: 'symbol', description: 'Which position' },
    { name: 'speed', type: 'choice', choices: speeds, description: 'How fast' },
    { name: 'quantity', type: 'quantity', description: 'How many, or half, or 30%; all when left out' },
  ],
  async run(hearing, given) {
    const { parts, speaker, inboundId } = hearing
    const position = await positionMeant(hearing, given)
    if (position instanceof Refusal || 'ask' in position) return position
    if (await runningScaleout(parts.db, position.id)) return alreadyRunning(position.symbol)
    const instrument = parts.market.instrument(position.symbol)
    if (!instrument) return notTraded(position.symbol, parts.market.name)
    const part = partOf(given, instrument)
    const quantity = part instanceof Refusal ? part : part(position)
    if (part instanceof Refusal || quantity instanceof Refusal)
      return part instanceof Refusal ? part : (quantity as Refusal)
    if (quantity.gt(position.signedQuantity.abs())) {
      const open = quantityText(position.signedQuantity)
      return new Refusal(
        'QUANTITY_EXCEEDS_POSITION',
        `${quantityText(quantity)} is more than the ${open} ${position.symbol} that are open.`,
        'Leave the quantity out to scale out of everything',
      )
    }
    const speed = nextOfScaleout(position, quantity, given)
    if (typeof speed !== 'string') return unlessHalted(hearing, speed)
    const started = await startScaleout(parts, {
      accountId: speaker.accountId,
      memberId: speaker.memberId,
      conversationId: speaker.conversationId,
      symbol: position.symbol,
      speed,
      seed: Math.floor(Math.random() * 2 ** 31),
      inboundId,
      quantity: part,
    })
    return started instanceof Refusal ? started : { replies: started }
  },
}

/** A position in something that the present market does not have. */
export function notTraded(symbol: string, market: string): Refusal {
  return new Refusal(
    'NOT_TRADED_HERE',
    `The market in use (${market}) has no ${symbol}, so it cannot be traded now.`,
    'Start the desk with a MARKET that has it',
  )
}
