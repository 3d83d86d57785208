import {
  type Agent,
  type AgentWish,
  cutBy,
  type Decision,
  type EntryChecked,
  type Plan,
} from '../../../agents/rules/agent.ts'
import type { Wish } from '../../../backtest/engine/port.ts'
import { Big } from '../../../base/amounts.ts'
import { quantityText, shortPercentText } from '../../../base/format.ts'
import { reasonText } from '../not-traded.ts'

/** `AGENT 3 · trend` */
export const agentName = ({ id, name }: Pick<Agent, 'id' | 'name'>): string => `AGENT ${id} · ${name}`

/** `sma-cross (fast 10, slow 30, direction both) on AAPL, MSFT, at most 10% of the account in each` */
export function termsText({
  strategy,
  parameters,
  symbols,
  size,
}: Pick<Agent, 'strategy' | 'parameters' | 'symbols' | 'size'>): string {
  const own = Object.entries(parameters).map(([name, value]) => `${name} ${String(value)}`)
  const rule = own.length > 0 ? `${strategy} (${own.join(', ')})` : strategy
  return `${rule} on ${symbols.join(', ')}, at most ${shortPercentText(size)} of the account in each`
}

/** `backtest`, `paper`, `paper, paused`, `paper, halted`, `stopped` */
export const stateText = ({ state, pausedAt, halt }: Pick<Agent, 'state' | 'pausedAt' | 'halt'>): string =>
  state === 'stopped' ? state : [state, ...(halt ? ['halted'] : []), ...(pausedAt ? ['paused'] : [])].join(', ')

/** `sell 12 to close, then buy up to its size at the open` */
export function decisionText({ state, plan, code, because, quantity, entry }: Decision): string {
  const held = quantity.eq(0) ? 'out' : `${quantity.gt(0) ? 'long' : 'short'} ${quantityText(quantity)}`
  switch (state) {
    case 'none':
      return code === 'NO_POSITION' ? `${held}, wanted to close, and nothing was open any more` : `${held}, stays so`
    case 'missed':
      return code === 'NO_BARS'
        ? `${held}, no bar of this day`
        : code === 'PAUSED'
          ? `${held}, paused`
          : `${held}, missed`
    case 'rejected':
      return `${planText(plan)}✗ ${code ?? ''} — ${because ?? refusedText(entry)}`
    case 'taken': {
      const cut = cutBy(entry)
      return cut
        ? `${planText(plan)}✓ ordered ${quantityText(entry!.ordered)} of ${quantityText(entry!.wanted)}, ${cut.code} — ${reasonText(cut)}`
        : `${planText(plan)}✓ ordered`
    }
    default:
      return `${planText(plan)}${state === 'placing' ? 'being ordered' : 'at the next open'}`
  }
}

/** `Technology would be 43%, limit 40%`: the check that refuses an entry. */
export function refusedText(entry: EntryChecked | undefined): string {
  const refusing = entry?.checks.find(({ passes }) => !passes)
  return refusing ? reasonText(refusing) : ''
}

function planText(plan: Plan | undefined): string {
  if (!plan) return ''
  const { exit, enter } = plan
  const legs = [
    ...(exit ? [`${exit.side} ${quantityText(new Big(exit.units))} to close`] : []),
    ...(enter
      ? [
          `${enter.side} ${enter.units === undefined ? 'for its size' : quantityText(new Big(enter.units))}${levelsText(enter)}`,
        ]
      : []),
  ]
  return `${legs.join(', then ')}: `
}

function levelsText({ stopShare, targetShare }: NonNullable<Plan['enter']>): string {
  const levels = [
    ...(stopShare === undefined ? [] : [`stop ${shortPercentText(new Big(stopShare.toFixed(6)))}`]),
    ...(targetShare === undefined ? [] : [`target ${shortPercentText(new Big(targetShare.toFixed(6)))}`]),
  ]
  return levels.length > 0 ? ` (${levels.join(', ')})` : ''
}

/** `close, then sell` of wishes; `nothing` of none. */
export function wishesText(wishes: readonly AgentWish[]): string {
  const said = wishes.map(({ does, what }) => (does === 'order' ? (what as Wish).side : does))
  return said.length > 0 ? said.join(', then ') : 'nothing'
}
