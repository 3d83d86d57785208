import { Big } from '../../../base/amounts.ts'
import { averageText, priceText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { averageEntryPrice } from '../../../trading/positions/rules/position.ts'
import { loosens } from '../../../trading/protection/loosens.ts'
import type { ProtectionKind } from '../../../trading/protection/rows/protective-orders.ts'
import { priceAtReturn } from '../../../trading/protection/rules/protection.ts'
import type { WantedLevel } from '../../../trading/protection/wanted-level.ts'
import { restated } from '../../language/restate.ts'
import type { Given } from '../../language/slots.ts'
import { trailsText } from '../../wording/levels.ts'
import { type Ask, type Command, choose, enter, type Hearing, numbered, type Outcome, say } from '../command.ts'
import { positionMeant } from '../symbol.ts'
import { autoOption, proposeStop, wantsAuto } from './auto-stop.ts'
import { type EverywhereState, everywhereState, offOfSeveral, setEverywhere } from './everywhere.ts'
import { levelOptions, setLevels, takeAway } from './level.ts'
import { asksLevel, levelFrom, typedLevel } from './level-words.ts'
import { setPart } from './part-level.ts'

/** The questions for a level, for the builder and the commands. */
export const levelQuestions: Record<ProtectionKind, { title: string; text: string }> = {
  stop: { title: 'Stop loss price', text: 'Enter stop loss price:' },
  target: { title: 'Take profit price', text: 'Enter take profit price:' },
}

function setLevel(
  kind: ProtectionKind,
  about: Omit<Command, 'needs' | 'account' | 'options' | 'asks' | 'state' | 'run'>,
): Command {
  return {
    ...about,
    needs: 'trader',
    account: 'changes',
    options: [...levelOptions('Dollars such as .55, or 5%; .55 for half'), ...(kind === 'stop' ? [autoOption] : [])],
    asks: asksLevel,
    state: everywhereState,
    async run(hearing, slots, shown?: EverywhereState) {
      const { words: given } = slots
      if (given.scope !== undefined) return ofEverything(hearing, kind, given, shown)
      const position = await positionMeant(hearing, slots)
      if (position instanceof Refusal || 'ask' in position) return position
      if (given.sure === 'no' || given.proposed === 'no') return say('OK, the stop stays as it is.')
      if (kind === 'stop' && wantsAuto(given)) return proposeStop(hearing, position, given)
      if (given.off !== undefined) return takeAway(hearing, position, kind, given)
      const text = given.level ?? typedLevel(given)
      if (text === undefined) {
        const { title, text: question } = levelQuestions[kind]
        const asked = `${question}\n${percentHint(kind, position)}`
        return enter('level', 'number', title, asked, { ...given, symbol: position.symbol })
      }
      const level = levelFrom(kind, text)
      if (level instanceof Refusal) return level
      if (given.part !== undefined) return setPart(hearing, position, level, slots)
      const doubt = given.sure === undefined && (await loosening(hearing, position, level, given))
      return doubt || setLevels(hearing, position, [level])
    },
  }
}

/** Says that a percentage is allowed, and of what, with its price for this position. */
function percentHint(kind: ProtectionKind, position: Position): string {
  const share = new Big(kind === 'stop' ? '-0.05' : '0.05')
  const entry = averageText(averageEntryPrice(position))
  return `💡 Dollars, or a percentage of your entry ${entry}: 5% is ${priceText(priceAtReturn(position, share))}`
}

/** `stop 5% on everything`: the level of every open position. */
async function ofEverything(
  hearing: Hearing,
  kind: ProtectionKind,
  given: Given,
  shown: EverywhereState | undefined,
): Promise<Outcome> {
  if (given.off !== undefined) return offOfSeveral(kind)
  const text = given.level ?? typedLevel(given)
  if (text === undefined) return enter('level', 'number', `${kind} in percent`, `❓ At how many percent?`, given)
  const level = levelFrom(kind, text)
  if (level instanceof Refusal) return level
  return setEverywhere(hearing, { level, said: `${kind} ${text.trim().slice(0, 20)}` }, given, shown)
}

/** The question about a stop that would take the place of a tighter one that trails; undefined when it would not. */
async function loosening(
  { parts }: Hearing,
  position: Position,
  level: WantedLevel,
  given: Given,
): Promise<Ask | Refusal | undefined> {
  const loose = await loosens(parts, position, level)
  if (!loose || loose instanceof Refusal) return loose
  const { stop, price } = loose
  const text = [
    `🤔 LOOSEN THE STOP? ${positionText(position)}`,
    `It is at ${priceText(stop.price)}${trailsText(stop)}. One at ${priceText(price)} saves less, and stays there.`,
    numbered(['YES - Set it there', 'NO - Leave it']),
    '',
    '💡 Reply with 1 or 2',
  ].join('\n')
  const choices = [
    { value: 'yes', label: 'YES', aliases: ['y', 'ok'] },
    { value: 'no', label: 'NO', aliases: ['n'] },
  ]
  const { percent: _, fraction: __, rest: ___, ...agreed } = given
  return choose('sure', 'Loosen the stop?', text, choices, {
    ...agreed,
    symbol: position.symbol,
    level: price.toFixed(),
  })
}

export const setStop = setLevel('stop', {
  name: 'stop',
  aliases: ['sl', 'stop loss', 'stoploss'],
  phrases: [
    {
      full: `stop loss, set stop, put stop, move stop, raise stop, lower stop, tighten stop, set stop loss,
        put stop loss, place stop, move stop loss, move sl, set sl, put sl, add stop, change stop, bump stop,
        trail stop up, stp, loss cut, stop-loss, set stop-loss, put in stop, stop order`,
      thin: 'stop out, stop me out',
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
  restate: ({ off, ...given }) =>
    restated(off ? 'take the stop off' : 'set a stop', given, { joint: off ? ' of ' : ' for ', price: 'at' }),
  usage: 'stop [SYMBOL] PRICE | PERCENT% [for QTY | half] [on everything] | auto | off',
  example: 'stop BYND 5%',
  detail:
    'The whole position is closed at the market as soon as the price touches the stop. A percentage is the loss on your average entry price. Its quantity is always what is open; `stop .55 for half` closes only that part. Stop and target: one cancels the other. `trail` follows the price, `breakeven` moves it to your entry, `stop off` takes it away. `stop auto` proposes the end of the 68% range of 21 days from `forecast`, and asks. `stop 5% on everything` lists every open position with its stop, and sets them after a yes.',
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
  restate: ({ off, ...given }) =>
    restated(off ? 'take the target off' : 'set a target', given, { joint: off ? ' of ' : ' for ', price: 'at' }),
  usage: 'target [SYMBOL] PRICE | PERCENT% [for QTY | half] [on everything] | off',
  example: 'target BYND 40%',
  detail:
    'The whole position is closed at the market as soon as the price touches the target. A percentage is the profit on your average entry price. Its quantity is always what is open. Stop and target: one cancels the other. `target .75 for half` closes only that part, and `target .90` then the rest; there may be several. `target off` takes all of them away, `target .75 off` the one at that price.',
})
