import type { CommandOption } from '../chat/door.ts'
import type { Handler, RegisteredCommand, Registry } from './registry.ts'
import { type Given, type KnowsSymbol, readSlots } from './slots.ts'

/** A text that is a command: what it names, and words that nothing was made of. */
export interface Understood<Code extends Handler = Handler> {
  registered: RegisteredCommand<Code>
  given: Given
  leftover: string[]
}

/** The command that a text is, with what it names; undefined when it begins with none. One word that nothing was made of may be a symbol. */
export function understand<Code extends Handler>(
  registry: Registry<Code>,
  text: string,
  knowsSymbol: KnowsSymbol,
): Understood<Code> | undefined {
  const match = registry.match(text)
  if (!match) return undefined
  const { given, leftover } = readSlots(match.rest, knowsSymbol)
  const { options } = match.registered.command
  // What is only text has no slots: LOW may be a symbol elsewhere, and is an urgency here.
  if (options.length > 0 && options.every((option) => option.type === 'text'))
    return { registered: match.registered, given: match.rest === '' ? {} : { rest: match.rest }, leftover: [] }
  if (match.rest !== '') given.rest = match.rest
  readAsOptions(options, given, leftover)
  if (options.some((option) => option.type === 'text')) return { registered: match.registered, given, leftover: [] }
  const wantsSymbol = options.some((option) => option.type === 'symbol') && given.symbol === undefined
  if (wantsSymbol && leftover.length === 1 && looksLikeSymbol(leftover[0]!)) {
    return { registered: match.registered, given: { ...given, symbol: leftover[0]!.toUpperCase() }, leftover: [] }
  }
  return { registered: match.registered, given, leftover }
}

/** What the words mean for this command: one of its own choices, and a bare number where it takes a price and no quantity. */
function readAsOptions(options: CommandOption[], given: Given, leftover: string[]): void {
  for (const { name, choices = [] } of options) {
    const at = leftover.findIndex((word) => choices.includes(word))
    if (at >= 0 && given[name] === undefined) given[name] = leftover.splice(at, 1)[0]!
  }
  const takes = (name: string) => options.some((option) => option.name === name)
  if (takes('price') && !takes('quantity') && given.price === undefined && given.quantity !== undefined) {
    given.price = given.quantity
    delete given.quantity
  }
}

/** What a command was told that it has no option for; a price for `close` means that the person wants something else. */
export function unwanted({ registered, given }: Understood): string[] {
  const takes = new Set(registered.command.options.map((option) => option.name))
  if (takes.has('quantity') || takes.has('price')) takes.add('fraction')
  return Object.keys(given).filter((name) => name !== 'rest' && !takes.has(name))
}

function looksLikeSymbol(word: string): boolean {
  return /^\$?[a-z][a-z0-9.-]{0,11}$/.test(word)
}
