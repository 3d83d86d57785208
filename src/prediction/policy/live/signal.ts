import { Refusal } from '../../../base/refusal.ts'
import type { Columns } from '../../../strategies/screeners/strategy.ts'
import { endIfUnfit } from '../../forecaster/live/fitness.ts'
import { keepTold, type Told } from '../../forecaster/live/rows.ts'
import { type OffReason, policyName, stateOf } from '../../forecaster/live/state.ts'
import { barsFor } from '../../forecaster/predict.ts'
import type { SignalParts } from '../../parts.ts'
import { type Action, directions, likeliest, sizes, stopShare } from '../action.ts'
import type { PolicyCard } from '../card.ts'
import { farNumbers } from '../far.ts'
import { stateCount, stateNames } from '../layout.ts'
import type { PolicyModel } from '../model.ts'
import { type Holding, nothingHeld, onlyHeld, writeHolding } from '../state/holding.ts'
import { leastStateBars, stateBars, stateRows } from '../state/rows.ts'
import { watchedPolicy } from './watched.ts'

/** A position in the symbol, as numbers for a state: estimates, and no money. */
export interface SignalHolding {
  /** The signed share of the equity. */
  weight: number
  /** Dollars a unit. */
  entry: number
  /** The day on which it was opened: `2026-11-30`. */
  since: string
}

/** A number of the state that decided: how much likelier the choice is with it than with its usual value, as a difference of logs. */
export interface Driver {
  name: string
  value: number
  usual: number
  effect: number
}

/** The decision of a policy after the close of a day. */
export interface Signal {
  symbol: string
  day: string
  /** Dollars. */
  close: number
  action: Action
  /** The chances of its direction and of its size. */
  chances: [number, number]
  /** Days until a position is closed whatever comes, and the distance of its stop as a share of the entry. */
  exit: number
  stop: number
  /** The position has been held for as many days. */
  isOver: boolean
  drivers: Driver[]
  /** Numbers of the state further than five deviations from all that the policy met. */
  far: string[]
  missing: string[]
  /** The market's last day is past the day on the card. */
  isExpired: boolean
  /** The size of the move of a day, as a logarithm of the price, that nine in ten shall stay within. */
  range90: number
  card: PolicyCard
}

const mostDrivers = 3

/**
 * The policy's decision about a symbol after its last finished day, kept so that its fitness can be counted. Nothing is traded. It refuses when the policy is off or
 * refused, and when bars are too few, too old or not sound.
 */
export async function signalFor(
  parts: SignalParts,
  symbol: string,
  held: SignalHolding | undefined,
): Promise<Signal | Refusal> {
  const model = parts.policy.open()
  if (typeof model === 'string') return policyRefused()
  const off = await stateOf(parts.db, model.card.hash, policyName)
  if (off) return policyOff(off)
  const found = await barsFor(parts, symbol, { most: stateBars, least: leastStateBars, what: 'A signal' })
  if (found instanceof Refusal) return found
  const ended = await endIfUnfit(parts, watchedPolicy(model.card), found.day)
  if (ended) return policyOff(ended)
  const signal = soundSignal(parts, model, symbol, found, held)
  if (signal instanceof Refusal) return signal
  await keepTold(parts.db, parts.runs.bars.name, toldBySignal(signal), parts.clock.now())
  return signal
}

function soundSignal(
  parts: SignalParts,
  model: PolicyModel,
  symbol: string,
  found: Parameters<typeof signalOf>[2],
  held: SignalHolding | undefined,
): Signal | Refusal {
  try {
    return signalOf(model, symbol, found, held)
  } catch (cause) {
    parts.log.warn({ err: cause, symbol }, 'there is no signal from these bars')
    const sentence = `The last daily bars of ${symbol} have prices of zero or none, so nothing follows from them.`
    return new Refusal('TOO_FEW_BARS', sentence)
  }
}

/** A signal as it is kept, with the 90% range of the next day. */
function toldBySignal({ card, symbol, day, far, range90 }: Signal): Told {
  const range = { lower90: Math.expm1(-range90), upper90: Math.expm1(range90) }
  return {
    ...{ model: card.hash, symbol, day, far: far.length },
    ranges: [{ horizon: 1, lower68: null, upper68: null, ...range }],
  }
}

/** The decision from bars: it reads nothing else. */
export function signalOf(
  { card, baseline, network }: PolicyModel,
  symbol: string,
  { bars, market, day }: { bars: Columns; market?: Columns; day: string },
  held: SignalHolding | undefined,
): Signal {
  const count = bars.days.length
  const input = { bars, trainedTo: card.trainedTo, hasRays: card.rays, ...(market && { market }) }
  const rows = stateRows(input, baseline, { from: count - 1 })
  const state = rows.values.slice(0, stateCount)
  const stop = stopShare({ reach: rows.reach[0]!, risk: rows.risk[0]! })
  const holding = holdingOf(bars, held, stop)
  writeHolding(holding, rows.sigma[0]!, state)
  const results = network()
  const { action, chances } = likeliest(results(state))
  return {
    ...{ symbol, day: bars.days[count - 1]!, close: bars.close[count - 1]!, action, chances },
    ...{ exit: rows.exit[0]!, stop, isOver: holding.held !== undefined && holding.held >= rows.exit[0]! },
    drivers: driversOf(card, results, state, action),
    far: farNumbers(card, state),
    missing: market ? [] : ['bars of SPY'],
    isExpired: day > card.expires,
    range90: rows.range90[0]!,
    card,
  }
}

/** The holding of an account with this position alone, as the policy was trained. */
function holdingOf({ days, high, low, close }: Columns, held: SignalHolding | undefined, stop: number): Holding {
  if (!held) return nothingHeld
  const { weight, entry, since } = held
  const sign = Math.sign(weight)
  const move = (price: number) => sign * (price / entry - 1)
  const last = days.length - 1
  let [best, worst, bars] = [0, 0, 0]
  for (let at = last; at >= 0 && days[at]! >= since; at--, bars++) {
    best = Math.max(best, move(sign > 0 ? high[at]! : low[at]!))
    worst = Math.min(worst, move(sign > 0 ? low[at]! : high[at]!))
  }
  return {
    ...{ ...nothingHeld, ...onlyHeld(weight), heat: Math.abs(weight) * stop },
    ...{ held: bars, sinceTrade: bars, unrealized: move(close[last]!), best, worst },
  }
}

/** The numbers without which the choice would be the least likely, or the likeliest, beside their usual values. */
function driversOf(
  { usual }: PolicyCard,
  results: (state: Float64Array) => Float64Array,
  state: Float64Array,
  action: Action,
): Driver[] {
  const log = (own: Float64Array) => {
    const { logs } = likeliest(results(own))
    const size = action.direction === 'HOLD' ? 0 : logs[directions.length + sizes.indexOf(action.size as 0)]!
    return logs[directions.indexOf(action.direction)]! + size
  }
  const whole = log(state)
  return stateNames
    .map((name, at) => {
      const other = Float64Array.from(state)
      other[at] = usual[at]!.mean
      return { name, value: state[at]!, usual: usual[at]!.mean, effect: whole - log(other) }
    })
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, mostDrivers)
    .filter(({ effect }) => Math.abs(effect) > 0.01)
}

function policyRefused(): Refusal {
  const sentence = 'The policy on this machine does not match its card, so it is not used.'
  const instead = 'The log says what differs; `npm run train:policy -- --bars FOLDER` makes it anew'
  return new Refusal('MODEL_REFUSED', sentence, instead)
}

function policyOff({ code, because }: OffReason): Refusal {
  const sentence = `The policy is switched off (${code}): ${because}.`
  return new Refusal('MODEL_OFF', sentence, 'An owner switches it on again with `model on policy`')
}
