import { movesMoney } from './effect.ts'
import type { Handler, RegisteredCommand, Registry } from './registry.ts'
import { levelWords } from './slot-words.ts'
import type { UnderstoodCommand } from './understand.ts'

/** Words that join a second command to the first. */
const joining = new Set(['and', 'then', 'plus', 'also', '+', 'or'])
/** Commands whose word beside an order is no noun of it: `sell 5 amd, stop the rest at 200`. */
const apart = new Set(
  'stop|target|trail|bracket|price alert|alerts|mute|undo|breaker|cancel|move|watch|cancel scaleout'.split('|'),
)
/** Orders in whose words `short` names another order, and not the position that they are about. */
const turned = new Set(['buy', 'sell'])
/** Orders, beside which a level or an alert is an order of its own. */
const orders = new Set(['buy', 'sell', 'add', 'trim', 'close', 'close all', 'scaleout', 'long', 'short', 'schedule'])

/**
 * Is one of the words that were not understood a command of its own, as in `positions, then close amd`? Carrying out or repeating
 * back the first one would swallow it.
 */
export function holdsSecond<Code extends Handler>(
  registry: Registry<Code>,
  { registered, leftover }: UnderstoodCommand<Code>,
): boolean {
  const words = leftover.flatMap((some) => some.split(' '))
  return words.some((word, at) => {
    const other = registry.lookUp(words.slice(at))
    const isJoined = joining.has(words[at - 1] ?? '')
    if (other && isJoined) return !other.isThin || movesMoney(other.registered)
    // `spread my exit over an hour` is no look at a spread.
    if (registered.name === 'spread') return false
    if (!movesMoney(registered)) return other !== undefined && isActing(other.registered)
    return orders.has(registered.name) && isOrderOfItsOwn(registered.name, word, other?.registered.name)
  })
}

/** Does a command act, so that a look at something must not swallow it? */
const isActing = (registered: RegisteredCommand) => registered.command.effect !== 'reads'

function isOrderOfItsOwn(first: string, word: string, other: string | undefined): boolean {
  if (word === 'short') return turned.has(first)
  return levelWords.has(word as never) || (other !== undefined && apart.has(other))
}
