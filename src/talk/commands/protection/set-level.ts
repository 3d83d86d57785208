import { Refusal } from '../../../base/refusal.ts'
import type { ProtectionKind } from '../../../trading/protection/rows/protective-orders.ts'
import { type Command, enter } from '../command.ts'
import { positionMeant } from '../symbol.ts'
import { asksLevel, levelFrom, levelOptions, setLevels, takeAway, typedLevel } from './level.ts'

/** How the builder and the commands ask for a level. */
export const levelQuestions: Record<ProtectionKind, { title: string; text: string }> = {
  stop: { title: 'Stop loss price', text: 'Enter stop loss price:' },
  target: { title: 'Take profit price', text: 'Enter take profit price:' },
}

function setLevel(kind: ProtectionKind, about: Pick<Command, 'usage' | 'example' | 'detail'>): Command {
  return {
    ...about,
    needs: 'trader',
    account: 'changes',
    options: levelOptions(`Dollars such as .55, percent of the entry such as 5%`),
    asks: asksLevel,
    async run(hearing, given) {
      const position = await positionMeant(hearing, given)
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
  usage: 'stop [SYMBOL] PRICE | PERCENT% | off',
  example: 'stop BYND 5%',
  detail:
    'The whole position is closed at the market as soon as the price touches the stop. A percentage is the loss on your average entry price. Its quantity is always what is open. Stop and target: one cancels the other. `trail` follows the price, `breakeven` moves it to your entry, `stop off` takes it away.',
})

export const setTarget = setLevel('target', {
  usage: 'target [SYMBOL] PRICE | PERCENT% | off',
  example: 'target BYND 40%',
  detail:
    'The whole position is closed at the market as soon as the price touches the target. A percentage is the profit on your average entry price. Its quantity is always what is open. Stop and target: one cancels the other. `target off` takes it away.',
})
