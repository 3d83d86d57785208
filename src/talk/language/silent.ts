import type { Given } from './given.ts'
import type { RegisteredCommand } from './wording.ts'

/** Words that each command ignores: `sell it`, `trim some off`, `buy me 200`. */
const silent: Record<string, string> = {
  close: 'it this that me out of them up account completely fully totally entirely complete',
  'close all': 'it out them of me up account completely fully totally entirely complete book portfolio name names',
  sell: 'it this that them off out down',
  trim: 'it this that them off some down back limit lmt',
  scaleout: 'it this that me out of them down off',
  'cancel scaleout': 'it this that',
  buy: 'me some back more up',
  add: 'more some another other to it further extra additional me here paid filled fill',
  long: 'in avg average entry cost basis paid filled fill',
  short: 'in avg average entry cost basis filled fill',
  stop: 'loss up down me',
  target: 'profit up down',
  trail: 'it by stop loss',
  breakeven: 'it stop even',
  advise:
    'exit sell close it this that out now here hold get take profits profit trim or do with of nah no not yet bail in',
  bracket: 'it round around and both on downside upside bottom top up',
  pl: 'this time',
  move: 'it order to limit that this my the',
  task: 'going doing number no is it',
  watch: 'news updates events post its here in this thread channel from',
  unwatch: 'news updates events here in this thread channel from',
  cancel: 'it order orders all that',
  undo: 'that it last this thing one step entry',
  chart: 'daily day chart',
}
const readable = new Set('today currently current me doing looking trading chart again'.split(' '))
/** Lists that `today` would make shorter, so that it is not ignored. */
const lists = new Set(['trades', 'daily', 'weekly', 'positions', 'orders', 'history', 'tasks'])
const isReadable = (name: string, word: string) => readable.has(word) && !(word === 'today' && lists.has(name))

/** Removes the leftover words that a command ignores. */
export function withoutSilent({ name, command }: RegisteredCommand, { symbols }: Given, leftover: string[]): string[] {
  const words = new Set((silent[name] ?? '').split(' '))
  // `bynd and amd, both`
  if (symbols !== undefined) for (const word of ['both', 'together']) words.add(word)
  const joint = leftover.findIndex((word) => (word === 'and' || word === 'then') && !words.has(word))
  const isSilent = (word: string) => words.has(word) || (command.needs === 'viewer' && isReadable(name, word))
  // Behind `and` another thing begins: `advise t and close it`.
  return leftover.filter((word, at) => (joint >= 0 && at > joint) || !isSilent(word))
}
