import type { Position } from '../../api/contract/positions.ts'
import { price, units } from './money.ts'

type Shown = Pick<Position, 'stop' | 'target' | 'partLevels' | 'hitLevels' | 'direction'>

/**
 * The levels of a kind: those that work, `$1.90, $1.30 for 937`, and those that were touched and are not done, `$0.90 hit, not sold yet`.
 * Without any, `all` is `none`.
 */
export function levelsText(position: Shown, kind: 'stop' | 'target'): { all: string; hit: string } {
  const { partLevels, hitLevels, direction } = position
  const isOfKind = (one: { kind: string }) => one.kind === kind
  const whole = position[kind]
  const works = [...(whole ? [{ price: whole.price, quantity: null }] : []), ...partLevels.filter(isOfKind)]
  const done = direction === 'LONG' ? 'sold' : 'bought back'
  const hit = hitLevels.filter(isOfKind).map((level) => `${levelText(level)} hit, not ${done} yet`)
  const all = works.map(levelText)
  return { all: all.length + hit.length > 0 ? all.join(', ') : 'none', hit: hit.join(', ') }
}

const levelText = (level: { price: string; quantity: string | null }) =>
  level.quantity === null ? price(level.price) : `${price(level.price)} for ${units(level.quantity)}`
