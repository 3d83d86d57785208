import type { BacktestStrategy } from '../backtest/engine/port.ts'
import { breakout } from '../backtest/strategies/breakout.ts'
import { policyStrategy } from '../backtest/strategies/policy/policy.ts'
import { smaCross } from '../backtest/strategies/sma-cross.ts'
import { Refusal } from '../base/refusal.ts'
import { policyName, stateOf } from '../prediction/forecaster/live/state.ts'
import { farNumbers } from '../prediction/policy/far.ts'
import { stateNames } from '../prediction/policy/layout.ts'
import type { AgentParts } from './parts.ts'
import type { ModelFacts } from './rules/facts.ts'

/** The name of the policy among the strategies of agents. */
const policy = 'policy'

const others = [smaCross, breakout] as unknown as readonly BacktestStrategy[]

/** The names by which an agent can trade. */
export const agentStrategyNames = [policy, ...others.map(({ name }) => name)] as const

/** The strategy that an agent goes by, with the hash of its model; `onlyExits` says why it may open nothing now. */
export interface AgentStrategy {
  strategy: BacktestStrategy
  modelHash?: string
  onlyExits?: { code: string; because: string }
  /** The fitness of its model for a state, by the names of its numbers. */
  modelFacts?(numbers: Readonly<Record<string, number>>): ModelFacts
  /** A sentence about what was shown of it. */
  caution?: string
}

/**
 * The strategy of a name: the same code that a backtest plays. Refused with `UNKNOWN_STRATEGY`, and with `MODEL_REFUSED` or `MODEL_OFF` when
 * the policy is not to be used. A policy that the desk switched off still closes what an agent has opened by it.
 */
export async function agentStrategyOf(
  { db, policy: model }: Pick<AgentParts, 'db' | 'policy'>,
  name: string,
  /** The day after which it decides; absent when an agent begins. */
  day?: string,
): Promise<AgentStrategy | Refusal> {
  if (name !== policy) {
    const strategy = others.find((one) => one.name === name || one.aliases.includes(name))
    if (strategy) return { strategy }
    const sentence = `An agent cannot trade with "${name.slice(0, 40)}". Nothing was done.`
    return new Refusal('UNKNOWN_STRATEGY', sentence, `It trades with ${agentStrategyNames.join(', ')}`)
  }
  const opened = model.open()
  if (typeof opened === 'string')
    return new Refusal(
      'MODEL_REFUSED',
      'The policy on this machine does not match its card, so it is not used.',
      'The log says what differs',
    )
  const { card } = opened
  const off = await stateOf(db, card.hash, policyName)
  if (off && (day === undefined || off.code === 'BY_OWNER'))
    return new Refusal(
      'MODEL_OFF',
      `The policy is switched off (${off.code}): ${off.because}.`,
      'An owner switches it on again with `model on policy`',
    )
  const isExpired = day !== undefined && day > card.expires
  const expired = { code: 'MODEL_EXPIRED', because: `The policy was good until ${card.expires}` }
  const onlyExits = off ?? (isExpired ? expired : undefined)
  return {
    strategy: policyStrategy(() => opened),
    modelHash: card.hash,
    ...(onlyExits && { onlyExits }),
    modelFacts: (numbers) => {
      const state = stateNames.map((one) => numbers[one] ?? 0)
      // The desk watches the ranges that a policy told, and switches it off by them.
      return { isExpired, far: farNumbers(card, state).length / stateNames.length, coverage: { held: 0, of: 0 } }
    },
    ...(!card.verdict.isShown && {
      caution: 'No edge is shown in the tests of the policy (`signal`, docs/policy.md).',
    }),
  }
}
