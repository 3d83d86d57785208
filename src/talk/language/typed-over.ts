import { emptiesAccount, movesMoney } from './effect.ts'
import { noSymbols } from './english.ts'
import { droppable, type Handler, type RegisteredCommand, type Registry } from './registry.ts'
import { holdsSecond } from './second-command.ts'
import type { Given } from './slots.ts'
import { saysAmount } from './spelled.ts'
import { talkIn } from './talk.ts'
import { tokenise } from './tokens.ts'
import type { UnderstoodCommand } from './understand.ts'

/** Are two commands in a text that begins with the first? A longer text is talk. */
export function isTwo<Code extends Handler>(
  registry: Registry<Code>,
  text: string,
  partly: UnderstoodCommand<Code>,
): boolean {
  if (partly.leftover.length === 0 || partly.leftover.length > 4 || partly.doubts.includes('thin')) return false
  return talkIn(text) === undefined && holdsSecond(registry, partly)
}

/**
 * Would a model's command leave out the command that a text begins with? A look at something is no meaning of an order
 * (`close bynd or not`), and the second command of `use swing and close t` is not all of it.
 */
export function isTypedOver(
  text: string,
  typed: RegisteredCommand,
  { registered }: UnderstoodCommand,
  confidence: number,
  partly?: UnderstoodCommand,
): boolean {
  if (typed === registered) return false
  const isLook =
    movesMoney(typed) &&
    partly &&
    movesMoney(partly.registered) &&
    !movesMoney(registered) &&
    !(confidence >= sureToRepeat && besideOrders.has(registered.name)) &&
    !(registered.name === 'advise' ? text.includes('?') : /\?\s*$/.test(text)) &&
    !(typed.name === 'did' && registered.category === 'Indicators')
  return (
    isLook ||
    (movesMoney(registered) && /\S (and|then) /i.test(text) && !movesMoney(typed)) ||
    (typed.name === 'use' && movesMoney(registered) && !usesScaleout.test(text))
  )
}

/** `use the smart scaleout on amd` */
const usesScaleout =
  /^(?:please )?use (?:the |a )?(?:fast|slow|smart|medium) scale ?-?out\b(?!.*\b(?:and|then|plus)\b)/i

/** Commands that begin with the word of an order in everyday speech: `stop pinging me about tilray`, `add amc to my watchlist`. */
const besideOrders = new Set(['watch', 'unwatch', 'mute', 'unmute', 'quiet', 'alerts'])

/** The least confidence of a model to repeat back an order with a word that was not understood. */
export const sureToRepeat = 0.97
/** Commands that note what was done, or set a level: with a word that was not understood they may be repeated back, naming it. */
const repeated = new Set(['add', 'long', 'short', 'stop', 'target', 'trail', 'bracket', 'breakeven', 'move'])

/**
 * Has an order that begins with its command's own word a word without a meaning, so that it is not repeated back? `confidence` is
 * the model's in the command. An order with all its slots is repeated back with one such word, if a model is sure of it
 * (`close bynd sideways`) and the word can turn nothing around.
 */
export function isTypedWrong(
  registry: Registry<Handler>,
  text: string,
  { registered, given, leftover }: UnderstoodCommand,
  confidence: number,
): boolean {
  const isTurnedAround = isTurned(text, registered, leftover)
  if (confidence >= sureToRepeat && repeated.has(registered.name) && saysValue(registered.name, given))
    return isTurnedAround
  if (confidence >= sureToRepeat && saysAll(registered.name, given) && isIdleWord(registry, text, leftover))
    return isTurnedAround
  const [only, more] = leftover
  const isStrange = only !== undefined && more === undefined && only.length > 2 && !noSymbols.has(only)
  const typed = registry.match(text)?.registered
  if (typed === undefined || !movesMoney(typed) || !movesMoney(registered)) return false
  return isTurnedAround || (isStrange && typed === registered)
}

/** Does a record have its size, and a level its value? Without them a word that was not understood may be them. */
function saysValue(name: string, { quantity, price, percent, stop, target }: Given): boolean {
  if (['add', 'long', 'short'].includes(name)) return quantity !== undefined && price !== undefined
  if (name === 'bracket') return stop !== undefined && target !== undefined
  return (price ?? percent) !== undefined
}

/** Does an order name its symbol and all that it needs? A word that was not understood is then neither of them. */
function saysAll(name: string, given: Given): boolean {
  if (given.symbol === undefined) return false
  const { quantity, dollars, fraction, side, price, time, deadline, above, below, reach } = given
  const hasSize = (quantity ?? dollars ?? fraction) !== undefined
  if (name === 'buy' || name === 'sell' || name === 'trim') return hasSize
  const isLater = (price ?? time ?? deadline ?? above ?? below ?? reach) !== undefined
  if (name === 'schedule') return isLater && side !== undefined && (hasSize || side === 'close' || side === 'scaleout')
  return name === 'close' || name === 'scaleout'
}

/** Words that turn a request around, limit it or name another order, so that a question without them would ask for another one. */
const turningWords = new Set(
  `not no never don't dont but wait except unless half only until till without instead or nor maybe if when hold keep leave stay cancel
  undo double twice less more short long stop target limit trail bracket every each rest other another both first last next
  above below over under minus plus tomorrow yesterday later tonight week month put call puts calls option options margin fake test
  paper almost nearly once again back wrong mistake oops sorry kidding joke actually rather nah nope
  opposite reverse against hedge flip roll swap unwind cover
  monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november
  december morning afternoon evening noon midnight lunch open opening closing bell overnight weekend earnings fed cpi fomc news halt
  dip dips drops falls rises rallies pops breaks hits reaches`.split(/\s+/),
)
const leading =
  /^(at|on|by|before|after|in|into|to|from|until|till|for|with|without|if|when|than|as|not|no|don't|dont|never|per|up|down|of)$/

/** Is the only word that was not understood one that changes nothing, and no part of a time, a price or another phrase? */
function isIdleWord(registry: Registry<Handler>, text: string, leftover: string[]): boolean {
  const [only, more] = leftover
  if (only === undefined || more !== undefined || !/^[a-z]{3,}$/.test(only)) return false
  if (turningWords.has(only) || saysAmount(only) || registry.lookUp([only]) !== undefined) return false
  const words = tokenise(text).tokens.map(({ word }) => word)
  return !leading.test(words[words.indexOf(only) - 1] ?? '') && words.filter((word) => word === only).length === 1
}

/** Does a command empty an account for a misspelled word, as in `flattn all`? No model may suggest that. */
export function emptiesBySlip(
  registry: Registry<Handler>,
  text: string,
  { registered, given }: UnderstoodCommand,
): boolean {
  if (!emptiesAccount(registered, given, true)) return false
  const words = tokenise(text).tokens.flatMap(({ word }) => (droppable.has(word) ? [] : [word]))
  return words.some((_, at) => {
    // `close all positons` names its command without a slip.
    const slip = registry.lookUp(words.slice(at)) ? undefined : registry.slipOf(words.slice(at))
    return slip !== undefined && movesMoney(slip.registered) && emptiesAccount(registered, given, slip.words !== '')
  })
}

/** Do the words that were left over turn the order around, or miss what they stand before, so that it is no order without them? */
const isTurned = (text: string, { name }: RegisteredCommand, leftover: string[]) =>
  leftover.includes('or') ||
  /^(not|never|don't|dont|unless|except|wait)$/.test(leftover.at(-1) ?? '') ||
  // `move it up 1` is no price; `move it down to .60` is.
  (name === 'move' &&
    leftover.some((word) => /^(up|down|higher|lower)$/.test(word)) &&
    !/ (up|down|higher|lower) to \S*\d/i.test(text)) ||
  (/(?<!\b(put|sent|placed|already)) (on|of|in|at|to|for|from|with)\s*$/i.test(text) &&
    text
      .trim()
      .toLowerCase()
      .endsWith(` ${leftover.at(-1)}`))
