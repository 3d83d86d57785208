import { Refusal } from '../chat/refusal.ts'
import { type Given, readSlots } from '../classify/slots.ts'
import { exitPosition } from '../execution/exit.ts'
import type { Position } from '../ledger/positions.ts'
import { positionText } from '../trading/describe.ts'
import { type Command, enter, type Hearing, type Outcome } from './command.ts'
import { partOf } from './quantity.ts'
import { notTraded } from './scale-out.ts'
import { positionMeant } from './symbol.ts'

export const closePosition: Command = {
  usage: 'close [SYMBOL] [QTY | half | 30%]',
  example: 'close BYND',
  detail:
    'Sells a long position, or buys back a short one, at the market, now: all of it, and then a running scaleout of it ends first, or the part that you name.',
  needs: 'trader',
  options: [
    { name: 'symbol', type: 'symbol', description: 'Which position' },
    { name: 'quantity', type: 'quantity', description: 'How many, or half, or 30%; all when left out' },
  ],
  async run(hearing, given) {
    const position = await positionMeant(hearing, given)
    if (position instanceof Refusal || 'ask' in position) return position
    if (given.quantity !== undefined || (given.fraction !== undefined && given.fraction !== '1')) {
      return exit(hearing, position, given, 'trim')
    }
    return exit(hearing, position, { symbol: position.symbol }, 'close')
  },
}

export const trimPosition: Command = {
  usage: 'trim [SYMBOL] QTY | half | 30%',
  example: 'sell half BYND',
  detail: 'Sells part of a long position, or buys back part of a short one, at the market, now.',
  needs: 'trader',
  options: [
    { name: 'quantity', type: 'quantity', required: true, description: 'How many, or half, or 30%' },
    { name: 'symbol', type: 'symbol', description: 'Which position' },
  ],
  async run(hearing, given) {
    const position = await positionMeant(hearing, given)
    if (position instanceof Refusal || 'ask' in position) return position
    if (given.part !== undefined)
      return exit(hearing, position, { ...readSlots(given.part, () => false).given }, 'trim')
    if (given.quantity === undefined && given.fraction === undefined) {
      const text = `❓ How much of ${positionText(position)}?\n💡 A quantity, half, or 30%`
      return enter('part', 'text', 'How much?', text, { ...given, symbol: position.symbol })
    }
    return exit(hearing, position, given, 'trim')
  },
}

async function exit(hearing: Hearing, position: Position, given: Given, purpose: 'close' | 'trim'): Promise<Outcome> {
  const { parts, speaker, inboundId } = hearing
  const instrument = parts.market.instrument(position.symbol)
  if (!instrument) return notTraded(position.symbol, parts.market.name)
  if (purpose === 'trim' && given.quantity === undefined && given.fraction === undefined) {
    return new Refusal(
      'QUANTITY_NOT_A_NUMBER',
      'That is not a quantity. Nothing was done.',
      'A quantity such as 500, or half, or 30%',
      { askAgain: true },
    )
  }
  const quantity = partOf(given, instrument)
  if (quantity instanceof Refusal) return quantity
  const exited = await exitPosition(parts, {
    clientOrderId: `${purpose}-${inboundId}`,
    accountId: speaker.accountId,
    memberId: speaker.memberId,
    conversationId: speaker.conversationId,
    symbol: position.symbol,
    purpose,
    quantity,
  })
  return exited instanceof Refusal ? exited : { replies: exited }
}
