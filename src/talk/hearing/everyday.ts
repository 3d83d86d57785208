import type { Command } from '../commands/command.ts'
import { asksFirst, type Classification } from '../language/classify.ts'
import { movesMoney } from '../language/effect.ts'
import { droppable } from '../language/registry.ts'
import { fillers, nowWords } from '../language/slot-words.ts'
import { tokenise } from '../language/tokens.ts'
import type { UnderstoodCommand } from '../language/understand.ts'

/** Slots that tell what is traded. */
const telling = 'symbol symbols quantity price percent stop target time deadline above below number member'.split(' ')
/** Words that nobody says but to trade. */
const jargon = /^(scal\w*|break-?even|oco|sl|tp|trail\w*|unhalt|liquidate)$/

/** Names of commands that are words of every day and empty an account. */
const ofEveryDay = new Set(['breaker'])

/**
 * Is an order only words of everyday speech, as in `panic`, `flat` or `dump it all`? Its own form is the command's name, words
 * that an owner made for it, or words that tell what is traded.
 */
export function isEverydaySpeech(text: string, { registered, given }: UnderstoodCommand<Command>): boolean {
  if (!movesMoney(registered) || telling.some((slot) => given[slot] !== undefined)) return false
  if (given.fraction !== undefined && given.fraction !== '1') return false
  const words = tokenise(text)
    .tokens.map(({ word }) => word.replace(/^[/!]/, ''))
    .filter((word) => !droppable.has(word) && !fillers.has(word) && !nowWords.has(word))
  const said = words.join(' ')
  const shipped = registered.command.aliases.map((alias) => (typeof alias === 'string' ? alias : alias.alias))
  const own = [
    ...(ofEveryDay.has(registered.name) ? [] : [registered.name]),
    ...registered.aliases.filter((alias) => !shipped.includes(alias)),
  ]
  return !own.some((name) => said === name || said.startsWith(`${name} `)) && !words.some((word) => jargon.test(word))
}

/** An overheard order in words of everyday speech is repeated back, unless its command asks by itself. */
export function asOverheard(text: string, decided: Classification<Command>): Classification<Command> {
  const understood = decided.understood!
  if (decided.verdict !== 'acts' || !isEverydaySpeech(text, understood)) return decided
  return asksFirst(understood.registered, understood.given) ? decided : { ...decided, verdict: 'confirms' }
}
