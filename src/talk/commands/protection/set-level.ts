import { Refusal } from '../../../base/refusal.ts'
import type { ProtectionKind } from '../../../trading/protection/rows/protective-orders.ts'
import { restated } from '../../language/restate.ts'
import { type Command, enter } from '../command.ts'
import { positionMeant } from '../symbol.ts'
import { levelOptions, setLevels, takeAway } from './level.ts'
import { asksLevel, levelFrom, typedLevel } from './level-words.ts'

/** The questions for a level, for the builder and the commands. */
export const levelQuestions: Record<ProtectionKind, { title: string; text: string }> = {
  stop: { title: 'Stop loss price', text: 'Enter stop loss price:' },
  target: { title: 'Take profit price', text: 'Enter take profit price:' },
}

function setLevel(
  kind: ProtectionKind,
  about: Omit<Command, 'needs' | 'account' | 'options' | 'asks' | 'run'>,
): Command {
  return {
    ...about,
    needs: 'trader',
    account: 'changes',
    options: levelOptions(`Dollars such as .55, percent of the entry such as 5%`),
    asks: asksLevel,
    async run(hearing, slots) {
      const { words: given } = slots
      const position = await positionMeant(hearing, slots)
      if (position instanceof Refusal || 'ask' in position) return position
      if (given.off !== undefined) return takeAway(hearing, position, kind, given)
      const text = given.level ?? typedLevel(given)
      if (text === undefined) {
        const { title, text: question } = levelQuestions[kind]
        return enter('level', 'number', title, question, { ...given, symbol: position.symbol })
      }
      const level = levelFrom(kind, text)
      return level instanceof Refusal ? level : setLevels(hearing, position, [level])
    },
  }
}

export const setStop = setLevel('stop', {
  name: 'stop',
  aliases: ['sl', 'stop loss', 'stoploss'],
  phrases: [
    {
      full: `stop loss, set stop, put stop, move stop, raise stop, lower stop, tighten stop, set stop loss,
        put stop loss, place stop, move stop loss, move sl, set sl, put sl, add stop, change stop, bump stop,
        trail stop up, stp, loss cut, stop-loss, set stop-loss, put in stop, stop order`,
      thin: 'stop out',
    },
    {
      says: 'off',
      full: `remove stop, cancel stop, delete stop, kill stop, clear stop, take off stop, turn off stop,
        remove stop loss, cancel stop loss, delete stop loss, take stop off`,
    },
  ],
  description: 'Close a position when the price touches a stop',
  category: 'Protection',
  position: 81,
  effect: 'trades',
  exits: 'always',
  ofPosition: true,
  restate: (given) => restated('set a stop', given, { joint: ' for ', price: 'at' }),
  usage: 'stop [SYMBOL] PRICE | PERCENT% | off',
  example: 'stop BYND 5%',
  detail:
    'The whole position is closed at the market as soon as the price touches the stop. A percentage is the loss on your average entry price. Its quantity is always what is open. Stop and target: one cancels the other. `trail` follows the price, `breakeven` moves it to your entry, `stop off` takes it away.',
})

export const setTarget = setLevel('target', {
  name: 'target',
  aliases: ['take profit', 'takeprofit', 'tp'],
  phrases: [
    {
      full: `set target, move target, put target, raise target, lower target, set tp, put tp, set take profit,
        add target, change target, profit target, take-profit, tgt, set tgt, move tp, change tp, move tgt`,
      thin: 'take profit, take profits',
    },
    {
      says: 'off',
      full: `remove target, cancel target, delete target, kill target, clear target, take off target,
        turn off target, remove take profit, cancel take profit, take target off`,
    },
  ],
  description: 'Close a position when the price reaches a target',
  category: 'Protection',
  position: 82,
  effect: 'trades',
  exits: 'always',
  ofPosition: true,
  restate: (given) => restated('set a target', given, { joint: ' for ', price: 'at' }),
  usage: 'target [SYMBOL] PRICE | PERCENT% | off',
  example: 'target BYND 40%',
  detail:
    'The whole position is closed at the market as soon as the price touches the target. A percentage is the profit on your average entry price. Its quantity is always what is open. Stop and target: one cancels the other. `target off` takes it away.',
})
