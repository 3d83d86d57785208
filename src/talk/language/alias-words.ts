import { Refusal } from '../../base/refusal.ts'
import type { RefusalCode } from '../../base/refusal-codes.ts'
import { amountAt, fractionAt } from './amounts.ts'
import { droppable, type Handler, type Registry } from './registry.ts'
import { type KnowsSymbol, readSlots } from './slots.ts'
import { wellKnownTickers } from './tickers.ts'
import { tokenise } from './tokens.ts'
import { isWhole, understand } from './understand.ts'
import { neverMind, plain } from './words.ts'

const longestAlias = 30
const mostWords = 4

/** Words that answer the desk's questions. */
const answers = new Set([
  ...neverMind,
  ...'yes y yep yeah n nope ok okay add update replace quick custom market limit on off list default only turn nothing none hold'.split(
    ' ',
  ),
])

/** Normalises a word for storage: folded, in lower case, without quotes. */
export function wordFrom(text: string): string {
  return plain(text)
    .replace(/^["'`]+|["'`]+$/g, '')
    .trim()
}

/**
 * Parses a definition such as `puke = close now` into the alias, its command, and the words beside the command. Refuses an alias
 * that has another meaning already, or that means nothing.
 */
export function aliasFrom(
  registry: Registry<Handler>,
  said: string,
  knowsSymbol: KnowsSymbol,
): { alias: string; command: string; words: string } | Refusal {
  const at = said.search(/=|:| means /)
  if (at < 0)
    return refused('ALIAS_NOT_UNDERSTOOD', 'Which word, for which command?', 'For example `alias puke = close`')
  const alias = wordFrom(said.slice(0, at))
  const meaning = wordFrom(said.slice(at).replace(/^(=|:| means )/, ''))
  const wrong = wrongWith(registry, alias, knowsSymbol)
  if (wrong) return wrong
  if (meaning === '') return refused('ALIAS_NOT_UNDERSTOOD', 'What should it mean?', 'For example `alias puke = close`')
  const understood = understand(registry, meaning, knowsSymbol)
  const match = registry.match(meaning)
  if (!understood || !match || match.registered !== understood.registered)
    return refused(
      'ALIAS_OF_NOTHING',
      `\`${meaning.slice(0, 40)}\` does not begin with a command.`,
      '`help` lists them',
    )
  if (!isWhole(understood) && match.rest !== '')
    return refused(
      'ALIAS_NOT_WHOLE',
      `I do not understand all of \`${meaning.slice(0, 60)}\`.`,
      'Every word of it must have a meaning',
    )
  if (match.registered.command.needs === 'owner' || ['alias', 'unalias'].includes(match.registered.name))
    return refused('ALIAS_OF_OWNERS', 'A command of owners keeps its own word.', 'Choose another command')
  return { alias, command: match.registered.name, words: match.rest }
}

function wrongWith(registry: Registry<Handler>, alias: string, knowsSymbol: KnowsSymbol): Refusal | undefined {
  const no = (code: RefusalCode, sentence: string) => refused(code, sentence, 'Choose another word')
  const words = alias.split(' ')
  const shown = `\`${alias.slice(0, 40)}\``
  if (alias === '') return no('ALIAS_EMPTY', 'A word must have letters.')
  if (alias.length > longestAlias || words.length > mostWords)
    return no('ALIAS_TOO_LONG', `A word of the desk has at most ${longestAlias} characters and ${mostWords} words.`)
  if (!/^\p{L}[\p{L}\p{N}' &/+-]*$/u.test(alias)) return no('ALIAS_NO_WORD', `${shown} is not made of letters.`)
  if (registry.match(alias)?.rest === '' || registry.lookUp(words)?.count === words.length)
    return no('ALIAS_TAKEN', `${shown} is a word of the desk already.`)
  if (answers.has(alias)) return no('ALIAS_IS_ANSWER', `${shown} answers questions.`)
  const { tokens } = tokenise(alias)
  if (words.length > 1) return undefined
  if (knowsSymbol(alias.toUpperCase()) || wellKnownTickers.has(alias))
    return no('ALIAS_IS_SYMBOL', `${shown} is a symbol.`)
  if (amountAt(tokens, 0) ?? fractionAt(tokens, 0)) return no('ALIAS_IS_NUMBER', `${shown} is an amount.`)
  const { leftover } = readSlots(alias, knowsSymbol)
  if (leftover.length === 0 || droppable.has(alias))
    return no('ALIAS_HAS_MEANING', `${shown} has a meaning of its own within commands.`)
  return undefined
}

function refused(code: RefusalCode, sentence: string, instead: string): Refusal {
  return new Refusal(code, `${sentence} Nothing was changed.`, instead)
}
