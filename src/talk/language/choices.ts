import type { CommandOption } from '../chat/door.ts'
import type { Given } from './given.ts'
import type { Token } from './tokens.ts'

/**
 * A choice of the command's own comes before what the word means elsewhere: `5m` is an interval to some, and five million.
 * `all` is one at the end only: `pl of all my positions` is about what is open.
 */
export function takeChoices(options: CommandOption[], tokens: Token[]): { chosen: Given; tokens: Token[] } {
  const chosen: Given = {}
  const left = tokens.filter(({ word }, index) => {
    const isAll = word === 'all' && (index === tokens.length - 1 || tokens[index + 1]?.word === 'time')
    if (!isAll && !/^(\d|today$)/.test(word)) return true
    const option = options.find(({ name, choices }) => choices?.includes(word) && chosen[name] === undefined)
    if (option) chosen[option.name] = word
    return option === undefined
  })
  return { chosen, tokens: left }
}

/** What the words mean for this command: one of its own choices. */
export function readChoices(options: CommandOption[], given: Given, leftover: string[]): void {
  for (const { name, choices = [] } of options) {
    const at = leftover.findIndex((word) => choices.includes(word))
    if (at >= 0 && given[name] === undefined) given[name] = leftover.splice(at, 1)[0]!
  }
}
