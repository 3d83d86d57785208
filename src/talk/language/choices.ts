import type { CommandOption } from '../chat/door.ts'
import type { Given } from './given.ts'
import type { Token } from './tokens.ts'

/**
 * Takes the command's own choices out of the words before other readers see them: `5m` is an interval for some commands and
 * five million elsewhere. `all` is a choice only at the end, because `pl of all my positions` is about open positions.
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

/** Moves the command's own choices from the leftover words into `given`. */
export function readChoices(options: CommandOption[], given: Given, leftover: string[]): void {
  if (options.some(({ name, choices }) => name === 'hours' && choices?.includes('extended'))) sayExtended(leftover)
  for (const { name, choices = [] } of options) {
    const at = leftover.findIndex((word) => choices.includes(word))
    if (at < 0 || given[name] !== undefined) continue
    given[name] = leftover.splice(at, 1)[0]!
    // `extended hours`
    if (leftover[at] === name) leftover.splice(at, 1)
  }
}

/** Other words for the hours before and after the session. */
const extendedWords =
  /^(?:(?:in|during) )?(?:(?:pre|after|post)[- ]?(?:market|hours)|(?:out|outside)[- ](?:of[- ])?hours)$/

/** Puts `extended` where the leftover words say it otherwise: `after hours`, `premarket`. */
function sayExtended(leftover: string[]): void {
  for (let at = 0; at < leftover.length; at++) {
    const length = [3, 2, 1].find((count) => extendedWords.test(leftover.slice(at, at + count).join(' ')))
    if (length) leftover.splice(at, length, 'extended')
  }
}
