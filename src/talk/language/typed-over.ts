import { emptiesAccount, movesMoney } from './effect.ts'
import { noSymbols } from './english.ts'
import { droppable, type Handler, type RegisteredCommand, type Registry } from './registry.ts'
import { holdsSecond } from './second-command.ts'
import type { Given } from './slots.ts'
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
  partly?: UnderstoodCommand,
): boolean {
  if (typed === registered) return false
  const isLook =
    movesMoney(typed) && partly && movesMoney(partly.registered) && !movesMoney(registered) && !/\?\s*$/.test(text)
  return (
    isLook ||
    (movesMoney(registered) && /\S (and|then) /i.test(text) && !movesMoney(typed)) ||
    (typed.name === 'use' && movesMoney(registered))
  )
}

/** The least confidence of a model to repeat back an order with a word that was not understood. */
const sureToRepeat = 0.97
/** Commands that note what was done, or set a level: with a word that was not understood they may be repeated back, naming it. */
const repeated = new Set(['add', 'long', 'short', 'stop', 'target', 'trail', 'bracket', 'breakeven', 'move'])

/**
 * Has an order that begins with its command's own word one word without a meaning, as in `close bynd sideways`? `confidence` is
 * the model's in the command.
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
  // `move it up 1` is no price; `move it down to .60` is.
  (name === 'move' &&
    leftover.some((word) => /^(up|down|higher|lower)$/.test(word)) &&
    !/ (up|down|higher|lower) to \S*\d/i.test(text)) ||
  (/ (on|of|in|at|to|for|from|with)\s*$/i.test(text) &&
    text
      .trim()
      .toLowerCase()
      .endsWith(` ${leftover.at(-1)}`))
