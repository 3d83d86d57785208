import { Refusal } from '../../../base/refusal.ts'
import { announcePosition } from '../../../infra/db/announce.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { giveUpClose } from '../../../trading/protection/close-now/give-up.ts'
import {
  type Protect,
  type Protecting,
  type ProtectionResult,
  protectPosition,
  unprotectPosition,
} from '../../../trading/protection/protect.ts'
import { protectionOf } from '../../../trading/protection/rows/protective-orders.ts'
import type { Given } from '../../language/slots.ts'
import { repliesOf } from '../../wording/index.ts'
import { levelsIn } from '../../wording/levels.ts'
import type { Hearing, Option, Outcome } from '../command.ts'
import { priceFrom } from '../quantity.ts'
import { typedLevel } from './level-words.ts'

/** The options of a command that sets a level: the level, the position, and the word that removes it. */
export function levelOptions(level: string): Option[] {
  return [
    { name: 'price', type: 'price', description: level },
    { name: 'symbol', type: 'symbol', description: 'Which position' },
    { name: 'off', type: 'choice', choices: ['off'], description: 'Take it away' },
  ]
}

/** Sets levels of a position, and tells the monitors. */
export async function setLevels(
  { parts, speaker }: Hearing,
  position: Position,
  levels: Protect['levels'],
  options: Pick<Protect, 'onlyTighter'> = {},
): Promise<Outcome> {
  const { accountId, memberId, conversationId } = speaker
  const who = { accountId, memberId, conversationId, symbol: position.symbol }
  const done = await protectPosition(parts, { ...who, levels, ...options })
  if (done instanceof Refusal) return done
  await announcePosition(parts, done.positionId)
  return { replies: repliesOf(done.told) }
}

/** Removes a level of a position, and tells the monitors; refused when the words also name a level. */
export async function takeAway(
  { parts, speaker }: Hearing,
  position: Position,
  kind: Protecting,
  given: Given,
): Promise<Outcome> {
  const { accountId, memberId, conversationId } = speaker
  const who = { accountId, memberId, conversationId, symbol: position.symbol, kind }
  const price = await levelAt({ parts }, position, kind, given)
  if (price) return taken(parts, await unprotectPosition(parts, { ...who, price }))
  if ([typedLevel(given), given.stop, given.target, given.part].some((said) => said !== undefined)) {
    const sentence = 'That is a level, and off. Nothing was done.'
    return new Refusal('OFF_AND_LEVEL', sentence, `\`${kind} ${position.symbol} off\` takes it away`)
  }
  const givenUp = await giveUpClose(
    parts,
    position.id,
    kind === 'bracket' ? ['stop', 'target'] : [kind === 'target' ? 'target' : 'stop'],
  )
  if (givenUp) return { replies: repliesOf([{ notice: givenUp }]) }
  return taken(parts, await unprotectPosition(parts, who))
}

async function taken(parts: Hearing['parts'], done: ProtectionResult | Refusal): Promise<Outcome> {
  if (done instanceof Refusal) return done
  await announcePosition(parts, done.positionId)
  return { replies: repliesOf(done.told) }
}

/** The price of the one level that `target .75 off` names; undefined when there is none at that price. */
async function levelAt({ parts }: Pick<Hearing, 'parts'>, { id }: Position, kind: Protecting, given: Given) {
  if ((kind !== 'stop' && kind !== 'target') || (given.stop ?? given.target ?? given.part) !== undefined)
    return undefined
  const text = typedLevel(given)
  const price = text === undefined ? undefined : priceFrom(text)
  if (!price || price instanceof Refusal) return undefined
  const there = levelsIn(await protectionOf(parts.db, id)).filter((level) => level.kind === kind)
  return there.find((level) => level.price.eq(price))?.price
}
