import type { Inbound } from '../chat/inbound.ts'
import { type Ask, choose, numbered } from '../commands/command.ts'
import { symbolsNamed } from '../language/symbols-named.ts'
import type { Decision } from './decision.ts'
import type { Ears } from './ears.ts'
import { refused } from './outcome.ts'
import { noSymbolThere } from './refusals.ts'

/** The most symbols that are offered. */
const most = 10

/**
 * Decides about a command that was used on a message: it is about the symbol in that message. With several symbols, or with one
 * that may be an everyday word, it asks. Undefined for every other input.
 */
export function decideShortcut({ parts, registry }: Ears, inbound: Inbound): Decision | undefined {
  if (inbound.kind !== 'command' || inbound.about === undefined) return undefined
  const registered = registry.byName(inbound.command)
  if (!registered) return undefined
  const { symbols, isSure } = symbolsNamed(inbound.about, (word) => parts.market.instrument(word) !== undefined)
  const [only, ...more] = symbols
  if (only === undefined) {
    const outcome = refused(noSymbolThere(registered.name), { command: registered.name, private: true })
    return { kind: 'say', outcome }
  }
  if (isSure && more.length === 0) return { kind: 'run', registered, given: { symbol: only } }
  return { kind: 'ask', registered, ask: askWhich(symbols.slice(0, most)) }
}

function askWhich(symbols: string[]): Ask {
  const [only, ...more] = symbols
  const question = more.length > 0 ? '❓ Which symbol of that message?' : `❓ Is the symbol ${only}?`
  const hint = more.length > 0 ? `Reply with a number from 1 to ${symbols.length}` : 'Reply with 1, or `never mind`'
  const choices = symbols.map((symbol) => ({ value: symbol, label: symbol, aliases: [`$${symbol}`] }))
  return choose('symbol', 'Which symbol?', `${question}\n${numbered(symbols)}\n\n💡 ${hint}`, choices, {})
}
