import { Refusal } from '../../../base/refusal.ts'
import { restated } from '../../language/restate.ts'
import type { Given } from '../../language/slots.ts'
import { type Command, enter, type Hearing, type Outcome } from '../command.ts'
import { positionMeant } from '../symbol.ts'
import { type EverywhereState, everywhereState, offOfSeveral, setEverywhere } from './everywhere.ts'
import { levelOptions, setLevels, takeAway } from './level.ts'
import { asksLevel, trailFrom, typedTrail } from './level-words.ts'

export const setTrail: Command = {
  name: 'trail',
  aliases: ['trail stop', 'trailing stop'],
  phrases: [
    {
      full: `trailing stop, set trailing stop, set trail, put trailing stop, trail stop, trail stop loss,
        add trailing stop, trail it, tsl, trailing sl, trailing stop loss`,
    },
  ],
  description: 'A stop that follows the price',
  category: 'Protection',
  position: 84,
  effect: 'trades',
  exits: 'always',
  ofPosition: true,
  restate: ({ off, ...given }) =>
    restated(off ? 'take the trail off' : 'trail the stop', given, { joint: off ? ' of ' : ' for ', price: 'by' }),
  usage: 'trail [SYMBOL] PERCENT% | $DOLLARS [on everything] | off',
  example: 'trail BYND 4%',
  detail:
    'A stop that keeps this distance, a percentage of the price or dollars (`trail $0.05`), from the best price from now on: it follows the price in your favour and never goes back. Takes the place of the stop; `trail off` takes it away.',
  needs: 'trader',
  account: 'changes',
  options: levelOptions('Percent such as 4%, or dollars such as $0.05'),
  asks: asksLevel,
  state: everywhereState,
  async run(hearing, slots, shown?: EverywhereState) {
    const { words: given } = slots
    if (given.scope !== undefined) return trailEverything(hearing, given, shown)
    const position = await positionMeant(hearing, slots)
    if (position instanceof Refusal || 'ask' in position) return position
    if (given.off !== undefined) return takeAway(hearing, position, 'trail', given)
    const text = typedTrail(given)
    if (text === undefined) {
      const question = '❓ By how many percent of the price, or by how many dollars (`$0.05`), should the stop trail?'
      return enter('distance', 'number', 'Trail by percent, or $', question, { ...given, symbol: position.symbol })
    }
    const level = trailFrom(text)
    return level instanceof Refusal ? level : setLevels(hearing, position, [level])
  },
}

async function trailEverything(hearing: Hearing, given: Given, shown?: EverywhereState): Promise<Outcome> {
  if (given.off !== undefined) return offOfSeveral('trail')
  const text = typedTrail(given)
  if (text === undefined)
    return enter('distance', 'number', 'Trail by percent', '❓ By how many percent of the price?', given)
  const level = trailFrom(text)
  if (level instanceof Refusal) return level
  return setEverywhere(hearing, { level, said: `trail ${text.trim().slice(0, 20)}` }, given, shown)
}

export const setBreakeven: Command = {
  name: 'breakeven',
  aliases: ['break even'],
  phrases: [
    {
      full: `move stop to breakeven, move stop to break even, stop to breakeven, stop to break even,
        set stop to breakeven, stop at breakeven, move stop to entry, stop to entry, stop at entry,
        set stop to entry, set stop at breakeven, break even, break-even, move stop to break-even,
        put stop at breakeven, set breakeven, go breakeven, move to breakeven, stop breakeven,
        put stop at entry, set stop at entry, set breakeven stop, move stop up to breakeven,
        move stop to be, breakeven stop`,
    },
  ],
  description: 'Move the stop to your entry price',
  category: 'Protection',
  position: 85,
  effect: 'trades',
  exits: 'always',
  ofPosition: true,
  restate: (given) => restated('move the stop to breakeven', given, { joint: ' for ' }),
  usage: 'breakeven [SYMBOL | everything]',
  example: 'breakeven BYND',
  detail:
    'Moves the stop to your average entry price, so that the rest of the position cannot lose. Refused while the price is not on the winning side of it, and when the stop saves more already. `breakeven everything` asks once for all open positions.',
  needs: 'trader',
  account: 'changes',
  options: [{ name: 'symbol', type: 'symbol', description: 'Which position' }],
  state: everywhereState,
  async run(hearing, slots, shown?: EverywhereState) {
    if (slots.words.scope !== undefined) {
      const everywhere = { level: { kind: 'stop', at: 'entry' } as const, said: 'breakeven', onlyTighter: true }
      return setEverywhere(hearing, everywhere, slots.words, shown)
    }
    const position = await positionMeant(hearing, slots)
    if (position instanceof Refusal || 'ask' in position) return position
    return setLevels(hearing, position, [{ kind: 'stop', at: 'entry' }], { onlyTighter: true })
  },
}
