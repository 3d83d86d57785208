import { Big } from '../../../base/amounts.ts'
import { priceText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { announcePosition } from '../../../infra/db/announce.ts'
import { notZero, trailFrom } from '../../../talk/commands/protection/level-words.ts'
import { priceFrom } from '../../../talk/commands/quantity.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { giveUpClose } from '../../../trading/protection/close-now/give-up.ts'
import { loosens } from '../../../trading/protection/loosens.ts'
import { type Protecting, protectPosition, unprotectPosition } from '../../../trading/protection/protect.ts'
import type { ProtectionKind } from '../../../trading/protection/rows/protective-orders.ts'
import type { WantedLevel } from '../../../trading/protection/wanted-level.ts'
import type { Done } from '../../contract/shapes.ts'
import type { ActContext, Handlers } from '../context.ts'
import { confirmFirst, type Named, positionNamed } from './position-named.ts'
import { tell } from './tell.ts'

type LevelHandlers = Pick<Handlers, 'setStop' | 'setTarget' | 'setTrail' | 'breakeven'>

export const levelHandlers: LevelHandlers = {
  setStop: setLevel('stop'),
  setTarget: (context, input) => setLevel('target')(context, input),
  async setTrail(context, { params, body }) {
    const named = await positionNamed(context, params.symbol, body.position)
    if (named instanceof Refusal) return named
    if (body.off) return takeAway(context, named, 'trail')
    const said = body.dollars === undefined ? `${new Big(body.share ?? 0).times(100).toFixed()}%` : `$${body.dollars}`
    const level = trailFrom(said)
    return level instanceof Refusal ? level : set(context, named, level)
  },
  async breakeven(context, { params, body }) {
    const named = await positionNamed(context, params.symbol, body.position)
    if (named instanceof Refusal) return named
    return set(context, named, { kind: 'stop', at: 'entry' }, { onlyTighter: true })
  },
}

function setLevel(kind: ProtectionKind): Handlers['setStop'] {
  return async (context, { params, body }) => {
    const named = await positionNamed(context, params.symbol, body.position)
    if (named instanceof Refusal) return named
    if (body.off) return takeAway(context, named, kind)
    const level = levelOf(kind, body)
    if (level instanceof Refusal) return level
    const loose = body.confirm ? undefined : await loosening(context, named.position, level)
    return loose ?? set(context, named, level)
  }
}

function levelOf(kind: ProtectionKind, given: { price?: string; return?: string }): WantedLevel | Refusal {
  if (given.return !== undefined) {
    const share = notZero(new Big(given.return))
    return share instanceof Refusal ? share : { kind, at: 'return', share }
  }
  const price = priceFrom(given.price ?? '')
  return price instanceof Refusal ? price : { kind, at: 'price', price }
}

/** The refusal of a stop that would take the place of a tighter one that trails; chat asks about it. */
async function loosening({ parts }: ActContext, position: Position, level: WantedLevel): Promise<Refusal | undefined> {
  const loose = await loosens(parts, position, level)
  if (!loose || loose instanceof Refusal) return loose
  return confirmFirst(
    `The stop of ${position.symbol} is at ${priceText(loose.stop.price)} and follows the price; one at ${priceText(loose.price)} saves less, and stays there`,
  )
}

async function set(
  context: ActContext,
  { who }: Named,
  level: WantedLevel,
  options: { onlyTighter?: boolean } = {},
): Promise<Done | Refusal> {
  const done = await protectPosition(context.parts, { ...who, levels: [level], ...options })
  if (done instanceof Refusal) return done
  await announcePosition(context.parts, done.positionId)
  return tell(context, done.told)
}

async function takeAway(context: ActContext, { position, who }: Named, kind: Protecting): Promise<Done | Refusal> {
  const { parts } = context
  const givenUp = await giveUpClose(parts, position.id, [kind === 'target' ? 'target' : 'stop'])
  if (givenUp) return tell(context, [{ notice: givenUp }])
  const done = await unprotectPosition(parts, { ...who, kind })
  if (done instanceof Refusal) return done
  await announcePosition(parts, done.positionId)
  return tell(context, done.told)
}
