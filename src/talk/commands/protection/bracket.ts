import { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Quote } from '../../../market/market.ts'
import { marksOf } from '../../../market/marks.ts'
import { noPrice } from '../../../trading/orders/fresh-price.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import type { ProtectionKind } from '../../../trading/protection/rows/protective-orders.ts'
import { noFreshPrice, reasonAgainst, type WantedLevel } from '../../../trading/protection/wanted-level.ts'
import { restated } from '../../language/restate.ts'
import type { Given } from '../../language/slots.ts'
import { type Ask, type Command, choose, enter, numbered } from '../command.ts'
import type { SlotValues } from '../slot-values.ts'
import { positionMeant } from '../symbol.ts'
import { setLevels, takeAway } from './level.ts'
import { levelQuestions } from './set-level.ts'

/** The stop and the target of Quick Setup, as returns on the average entry price. */
const quickBracket: WantedLevel[] = [
  { kind: 'stop', at: 'return', share: new Big('-0.1') },
  { kind: 'target', at: 'return', share: new Big('0.2') },
]

/** The fields of a form for both levels. */
const levelFields = (['stop', 'target'] as const).map((name) => ({ name, title: levelQuestions[name].title }))

/** The next step of the bracket builder: a question, or the two levels. */
export function nextOfBracket(position: Position, quote: Quote, slots: SlotValues): Ask | Refusal | WantedLevel[] {
  const { words: given } = slots
  const isSaid = slots.stop !== undefined || slots.target !== undefined
  if (given.setup === undefined && !isSaid) return askSetup(position, given)
  if (given.setup === 'quick') return quickBracket
  const levels: WantedLevel[] = []
  for (const kind of ['stop', 'target'] as const) {
    const level = slots[kind]
    if (level === undefined) return askLevel(kind, given)
    if (level instanceof Refusal) return askLevel(kind, given, level)
    const wrong = reasonAgainst(position, level, quote)
    if (wrong) return askLevel(kind, given, wrong)
    levels.push(level)
  }
  return levels
}

function askSetup(position: Position, given: Given): Ask {
  const lines = ['Quick Setup (stop -10%, target +20%)', 'Custom Setup (choose your levels)']
  const text = `🎯 BRACKET ORDER — ${positionText(position)}\n${numbered(lines)}`
  const choices = [
    { value: 'quick', label: 'Quick Setup' },
    { value: 'custom', label: 'Custom Setup', form: levelFields },
  ]
  return choose('setup', 'Bracket order', text, choices, { ...given, symbol: position.symbol })
}

/**
 * Asks for a level, again with the reason when the given one makes no sense. A form that asks for the stop also asks for the
 * target.
 */
function askLevel(kind: ProtectionKind, given: Given, wrong?: Refusal): Ask {
  const { title, text } = levelQuestions[kind]
  const { [kind]: _, ...rest } = given
  const asked = enter(kind, 'number', title, wrong ? `${wrong.text}\n\n${text}` : text, rest)
  if (kind === 'target' || rest.target !== undefined) return asked
  return { ...asked, ask: { ...asked.ask, title: 'Stop and target', fields: levelFields } }
}

export const buildBracket: Command = {
  name: 'bracket',
  aliases: ['oco'],
  phrases: [
    {
      full: `set bracket, set up bracket, bracket order, put bracket, put bracket on, add bracket, build bracket,
        bracket it`,
    },
    {
      says: 'off',
      full: `remove bracket, cancel bracket, delete bracket, kill bracket, clear bracket, take off bracket,
        turn off bracket`,
    },
  ],
  description: 'Set a stop and a target in one go',
  category: 'Protection',
  position: 83,
  effect: 'trades',
  exits: 'always',
  ofPosition: true,
  restate: (given) => restated('set a bracket', given, { joint: ' for ' }),
  usage: 'bracket [SYMBOL] [stop LEVEL target LEVEL] | off',
  example: 'bracket BYND',
  detail:
    'Builds a stop and a target in one go: -10% and +20% on your average entry price, or the levels that you choose. One cancels the other. `bracket off` takes both away.',
  needs: 'trader',
  account: 'changes',
  options: [
    { name: 'symbol', type: 'symbol', description: 'Which position' },
    { name: 'stop', type: 'price', before: 'stop', description: 'Dollars, or percent: 5%' },
    { name: 'target', type: 'price', before: 'target', description: 'Dollars, or percent: 20%' },
    { name: 'off', type: 'choice', choices: ['off'], description: 'Take both away' },
  ],
  asks: ({ stop, target, setup, off }) =>
    setup !== 'quick' && off === undefined && (stop === undefined || target === undefined),
  async run(hearing, slots) {
    const { words: given } = slots
    const position = await positionMeant(hearing, slots)
    if (position instanceof Refusal || 'ask' in position) return position
    if (given.off !== undefined) return takeAway(hearing, position, 'bracket', given)
    const quote = await marksOf(hearing.parts.market).quote(position.symbol)
    const unusable = noPrice(quote)
    if (unusable) return noFreshPrice(position.symbol, unusable)
    const levels = nextOfBracket(position, quote!, slots)
    return Array.isArray(levels) ? setLevels(hearing, position, levels) : levels
  },
}
