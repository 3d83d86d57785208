import { Big } from '../../../base/amounts.ts'
import { percentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { announcePosition } from '../../../infra/db/announce.ts'
import {
  setThreshold,
  type ThresholdName,
  thresholdsOf,
  validThreshold,
} from '../../../trading/accounts/rows/thresholds.ts'
import type { Thresholds } from '../../../trading/accounts/rules/thresholds.ts'
import { openPositions } from '../../../trading/positions/rows/positions.ts'
import { numberIn } from '../../language/words.ts'
import { type Command, type Hearing, say } from '../command.ts'

/** A threshold by its word: its text, and its bounds from src/trading/accounts/rows/thresholds.ts. */
interface Setting {
  word: string
  name: ThresholdName
  /** The unit of the typed and the shown number. */
  unit: 'percent' | 'number' | 'hours'
  says(thresholds: Thresholds): string
  bounds: string
}

const percent = (share: Big) => percentText(share).slice(1)

const settings: Setting[] = [
  {
    word: 'stop',
    name: 'stop',
    unit: 'percent',
    says: ({ stop }) => `told when the price is within ${percent(stop)} of the stop`,
    bounds: '0.01% to 50%',
  },
  {
    word: 'target',
    name: 'target',
    unit: 'percent',
    says: ({ target }) => `told when the price is within ${percent(target)} of the target`,
    bounds: '0.01% to 50%',
  },
  {
    word: 'milestones',
    name: 'milestones',
    unit: 'percent',
    says: ({ milestones }) => `told when P&L crosses ${milestones.map(percent).join(', ')}`,
    bounds: 'up to twenty, 0.01% to 10000%',
  },
  {
    word: 'decay',
    name: 'decayHours',
    unit: 'hours',
    says: ({ decayHours }) => `told when a position is open for longer than ${decayHours} h, then once a day`,
    bounds: '1 to 100000 hours',
  },
  {
    word: 'correlation',
    name: 'correlation',
    unit: 'number',
    says: ({ correlation }) => `noted when your positions correlate by more than ${correlation} on average`,
    bounds: '0.01 to 1',
  },
  {
    word: 'volatility',
    name: 'volatility',
    unit: 'number',
    says: ({ volatility }) => `noted when volatility is over ${volatility} times its own mean`,
    bounds: '1 to 100',
  },
  {
    word: 'loss',
    name: 'dayLoss',
    unit: 'percent',
    says: ({ dayLoss }) => `the circuit breaker trips when you lose ${percent(dayLoss)} in a day`,
    bounds: '0.01% to 100%',
  },
]

const words = settings.map(({ word }) => word).join(', ')

export const setThresholds: Command = {
  name: 'thresholds',
  aliases: ['threshold'],
  description: 'From where on you are told of something',
  category: 'Risk',
  position: 230,
  effect: 'sets',
  usage: 'thresholds [NAME VALUE]',
  example: 'thresholds stop 3%',
  detail: `From where on you are told of something, for your own account. \`thresholds\` shows them, \`thresholds loss 4%\` or \`thresholds milestones 10% 25%\` changes one, \`thresholds stop default\` takes it back. Names: ${words}.`,
  needs: 'viewer',
  account: 'sets',
  options: [{ name: 'threshold', type: 'text', description: `${words}, and a value` }],
  async run(hearing, { words: given }) {
    const [word = '', ...values] = (given.rest ?? '').split(/[\s,]+/).filter(Boolean)
    if (word === '') return say(await thresholdsText(hearing))
    if (hearing.speaker.role === 'viewer') {
      return new Refusal('NOT_ALLOWED', 'You are a viewer: you may look, but not change thresholds. Nothing was done.')
    }
    const setting = settings.find((one) => one.word === word || one.word === `${word}s`)
    if (!setting) {
      return new Refusal('NO_SUCH_THRESHOLD', 'There is no such threshold. Nothing was changed.', `Names are ${words}`)
    }
    const isDefault = values.length === 1 && values[0] === 'default'
    const value = isDefault ? undefined : valueFrom(setting, values)
    if (!isDefault && (value === undefined || !validThreshold(setting.name, value))) {
      return new Refusal(
        'THRESHOLD_OUT_OF_BOUNDS',
        `\`${setting.word}\` takes ${setting.bounds}. Nothing was changed.`,
        `For example \`thresholds ${setting.word} ${exampleOf(setting)}\`, or \`thresholds ${setting.word} default\``,
      )
    }
    const { parts, speaker } = hearing
    await setThreshold(parts.db, speaker.accountId, setting.name, value)
    for (const { id } of await openPositions(parts.db, speaker.accountId)) await announcePosition(parts, id)
    return say(`✓ ${setting.word}: ${setting.says(await thresholdsOf(parts.db, speaker.accountId))}`)
  },
}

async function thresholdsText({ parts, speaker }: Hearing): Promise<string> {
  const thresholds = await thresholdsOf(parts.db, speaker.accountId)
  const lines = settings.map((setting) => `${setting.word} · ${setting.says(thresholds)}`)
  return ['⚙️ THRESHOLDS', ...lines, '💡 Change one with `thresholds stop 3%`'].join('\n')
}

/** The typed value in its stored form: decimals as strings, percentages as shares of one. */
function valueFrom({ name, unit }: Setting, values: string[]): string | string[] | undefined {
  const numbers = values.map((value) => numberIn(value.replace(/(?<=\d)(%|h|x)$/, '')))
  if (numbers.length === 0 || numbers.some((number) => number === undefined)) return undefined
  const stored = numbers.map((number) => (unit === 'percent' ? new Big(number!).div(100) : new Big(number!)).toFixed())
  if (name === 'milestones') return stored
  return stored.length === 1 ? stored[0] : undefined
}

const exampleOf = ({ unit, name }: Setting) =>
  unit === 'percent' ? '4%' : unit === 'hours' ? '48' : name === 'correlation' ? '0.7' : '2.5'
