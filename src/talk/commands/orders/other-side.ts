import { Refusal } from '../../../base/refusal.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'

/** The refusal of `cover` where nothing is short. */
export function nothingShort(symbol: string, position: Position | undefined): Refusal {
  const open = position ? `You are ${positionText(position)}` : `You have no open position in ${symbol}`
  const instead = `\`buy 100 ${symbol}\` buys to open or to add`
  return new Refusal('NOTHING_SHORT', `${open}: there is nothing to cover. Nothing was bought or sold.`, instead)
}

/** The refusal of a short sale of what is held. */
export function notShort(symbol: string, position: Position): Refusal {
  const sentence = `You are ${positionText(position)}, so this would sell what you hold and not sell short. Nothing was sold.`
  return new Refusal('HELD_LONG', sentence, `\`sell 100 ${symbol}\` sells of it, and asks before it goes beyond it`)
}

/** The refusal of `sell to close` where nothing is long. */
export function nothingLong(symbol: string, position: Position | undefined): Refusal {
  const open = position ? `You are ${positionText(position)}` : `You have no open position in ${symbol}`
  const instead = `\`sell 100 ${symbol}\` sells short, after a question`
  return new Refusal('NO_POSITION', `${open}: there is nothing to sell. Nothing was bought or sold.`, instead)
}
