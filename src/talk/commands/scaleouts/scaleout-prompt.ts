import { z } from 'zod'
import { Big, least } from '../../../base/amounts.ts'
import type { Refusal } from '../../../base/refusal.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import type { OwnTerms } from '../../../trading/scaleouts/rules/own-plan.ts'
import { type PlainSpeed, paces, type Speed } from '../../../trading/scaleouts/rules/scaleout-plan.ts'
import type { Given } from '../../language/slots.ts'
import { type Ask, choose, numbered } from '../command.ts'
import { keptAmount } from '../flow-state.ts'
import { customChoice, customLine } from './custom-terms.ts'
import { speedsFor } from './own-terms.ts'

export const plainSpeeds: PlainSpeed[] = ['fast', 'medium', 'slow']
export const speeds: Speed[] = [...plainSpeeds, 'smart']

/** A shown position, with the quantity to scale out; negative for a short position. */
const shownPosition = z.object({ symbol: z.string(), id: z.number(), signedQuantity: keptAmount })
export type ShownPosition = z.infer<typeof shownPosition>

/** The state of a question about one scaleout or several. */
export const scaleoutState = z.object({
  flow: z.literal('scaleout'),
  v: z.literal(1),
  positions: z.array(shownPosition),
})
export type ScaleoutState = z.infer<typeof scaleoutState>

/** The speeds to offer, and the terms that the member has named already. */
export interface Offer {
  offered?: Speed[]
  own?: OwnTerms
}

/** Asks for the speed of the scaleout in `about`, from the offered speeds that fit its own terms, or for terms of its own. */
export function askSpeed(about: string[], given: Given, { offered = speeds, own }: Offer = {}): Ask {
  const fitting = speedsFor(own, offered)
  const text = [
    '📉 INTERACTIVE SCALEOUT',
    ...about,
    '',
    'How fast should I scale out?',
    numbered([...fitting.map((one) => speedLine(one, own)), customLine]),
    '',
    `💡 Reply with ${hint(fitting.length + 1)}`,
  ].join('\n')
  const choices = fitting.map((one) => ({ value: one, label: one.toUpperCase(), aliases: [one.slice(0, 3)] }))
  return choose('speed', 'How fast?', text, [...choices, customChoice], given)
}

/** The state of a question about these positions and quantities. */
export function shownOf(those: { position: Position; quantity: Big }[]): ScaleoutState {
  const positions = those.map(({ position: { symbol, id, signedQuantity }, quantity }) => ({
    symbol,
    id,
    signedQuantity: signedQuantity.lt(0) ? quantity.neg() : quantity,
  }))
  return { flow: 'scaleout', v: 1, positions }
}

/** Is it another position than the question showed, or the same one reversed? Then the answer is not about it. */
export function isAnother({ id, signedQuantity }: Position, shown: ShownPosition | undefined): boolean {
  if (shown === undefined) return false
  return id !== shown.id || signedQuantity.lt(0) !== shown.signedQuantity.lt(0)
}

/** The same part of a position, but at most the shown quantity, because the position may have grown since. */
export function atMost(
  part: (position: Position) => Big | Refusal,
  shown: ShownPosition | undefined,
): (position: Position) => Big | Refusal {
  if (shown === undefined) return part
  const most = shown.signedQuantity.abs()
  return (position) => {
    const quantity = part(position)
    return quantity instanceof Big ? least(quantity, most) : quantity
  }
}

function speedLine(speed: Speed, own?: OwnTerms): string {
  if (speed === 'smart') return 'SMART - With volume and volatility, 10 minutes to an hour (10-20 chunks)'
  const { chunks, text } = paces[speed]
  return `${speed.toUpperCase()} - Next ${text} (${own?.chunks ?? `${chunks.least}-${chunks.most}`} chunks)`
}

function hint(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  return `${numbers.slice(0, -1).join(', ')} or ${count}`
}
