import { Big } from '../../base/amounts.ts'
import { dollarsText, shortPercentText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Week } from './ramp.ts'

/** The limits that a number describes. Shares are of one: `0.1` is 10% of the equity. */
export interface Amounts {
  /** The most of the equity in one symbol. */
  size: Big
  /** The most of the equity that is lost if all stops are touched. */
  heat: Big
  /** The most of the equity in all symbols, long and short added up. */
  exposure: Big
  /** The most dollars in all symbols. */
  deployed: Big
  /** The most of the equity in one sector. */
  sector: Big
  /** The highest correlation: of the book as a whole, and of two symbols. */
  correlation: Big
  /** The highest volatility of a symbol a year, as a share of its price. */
  volatility: Big
  /** The loss of a day that halts, as a share of the equity at its open. */
  dayLoss: Big
  /** The fall from the highest equity that halts, as a share of that. */
  drawdown: Big
  /** Orders that open or add, in a day. */
  trades: Big
  /** Seconds between two of them. */
  pause: Big
  /** Minutes after the open, and before the close, without such orders. */
  afterOpen: Big
  beforeClose: Big
  /** Seconds after which a price is too old. */
  priceAge: Big
  /** Failures of a service in a row that halt. */
  failures: Big
}

/** The limits of an agent, for every order that opens or adds. Exits are never limited. */
export interface AgentLimits extends Amounts {
  /** The only symbols that it may trade; absent means any. */
  symbols?: readonly string[]
  /** It may sell short. */
  shorts: boolean
}

export type LimitName = keyof Amounts

/** The changes that owners made to the limits of an account. An absent one is the default. */
export type LimitEdits = Partial<AgentLimits>

const big = (limits: Record<LimitName, string>) =>
  Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, new Big(value)])) as unknown as Amounts

/** The limits of the first day, and of the first week. */
const first = {
  ...big({
    ...{ size: '0.10', heat: '0.06', exposure: '0.30', deployed: '2000', sector: '0.40', correlation: '0.8' },
    ...{ volatility: '0.80', dayLoss: '0.02', drawdown: '0.15', trades: '5', pause: '300' },
    ...{ afterOpen: '30', beforeClose: '30', priceAge: '60', failures: '3' },
  }),
  symbols: ['AAPL', 'MSFT', 'GOOGL'],
  shorts: false,
} as const satisfies AgentLimits

/** The limits that loosen by the week: size, exposure, and dollars. */
const ramp: Record<Week, Pick<Amounts, 'size' | 'exposure' | 'deployed'>> = {
  1: { size: new Big('0.10'), exposure: new Big('0.30'), deployed: new Big(2_000) },
  2: { size: new Big('0.15'), exposure: new Big('0.50'), deployed: new Big(5_000) },
  3: { size: new Big('0.15'), exposure: new Big('0.50'), deployed: new Big(7_000) },
  4: { size: new Big('0.20'), exposure: new Big('0.50'), deployed: new Big(10_000) },
}

/** The loosest values that owners can give. No edit goes beyond them. */
export const ceilings: Amounts = {
  ...first,
  ...ramp[4],
  ...{ dayLoss: new Big('0.05'), trades: new Big(20), pause: new Big(60) },
  ...{ afterOpen: new Big(5), beforeClose: new Big(5), priceAge: new Big(300) },
}

/** Limits that are looser the smaller they are. */
const looserBelow: ReadonlySet<LimitName> = new Set<LimitName>(['pause', 'afterOpen', 'beforeClose'])

/** The tightest values: a smaller share, or a longer pause, would only be a slip of the finger. Zero is allowed: nothing opens then. */
const longest: Partial<Amounts> = { pause: new Big(86_400), afterOpen: new Big(390), beforeClose: new Big(390) }

/** The limits with real money in a week of the ramp: the defaults, with the edits of owners as far as the ceilings of that week go. */
export function liveLimits(week: Week, edits: LimitEdits = {}): AgentLimits {
  const defaults: AgentLimits = { ...first, ...ramp[week] }
  const loosest: Amounts = week === 1 ? first : { ...ceilings, ...ramp[week] }
  const limits: AgentLimits = { ...defaults, shorts: week > 1 && edits.shorts === true }
  for (const name of limitNames) limits[name] = tighter(name, edits[name] ?? defaults[name], loosest[name])
  const symbols = edits.symbols ?? first.symbols
  limits.symbols =
    week === 1 ? symbols.filter((symbol) => (first.symbols as readonly string[]).includes(symbol)) : symbols
  return limits
}

/**
 * The limits on paper: shares as in the last week of the ramp, and neither a cap in dollars nor a list of symbols. There is no pause: an
 * agent decides once a day, for all of its symbols at the same close, and each of these decisions is due at the same open.
 */
export const paperLimits: AgentLimits = {
  ...{ ...first, ...ramp[4], deployed: new Big('1e12'), trades: new Big(20), pause: new Big(0) },
  ...{ afterOpen: new Big(0), beforeClose: new Big(0), shorts: true, symbols: undefined },
}

/** The names of all limits that are numbers. */
export const limitNames = Object.keys(ceilings).filter((name) => name !== 'symbols' && name !== 'shorts') as LimitName[]

/** The refusal of a limit that an owner wants; undefined when it may be. The refusal names the ceiling. */
export function limitRefusal(name: LimitName, value: Big): Refusal | undefined {
  const ceiling = ceilings[name]
  const isBelow = looserBelow.has(name)
  const bound = (word: string, most: Big) =>
    new Refusal(
      'LIMIT_OUT_OF_BOUNDS',
      `The limit ${name} is ${word} ${limitText(name, most)}, for everybody. Nothing was done.`,
      `Say one that is ${word} ${limitText(name, most)}`,
    )
  if (isBelow && value.lt(ceiling)) return bound('at least', ceiling)
  if (isBelow && value.gt(longest[name]!)) return bound('at most', longest[name]!)
  if (!isBelow && value.gt(ceiling)) return bound('at most', ceiling)
  return value.lt(0) ? bound('at least', new Big(0)) : undefined
}

/** A limit with its unit: `10%`, `$2,000.00`, `300 s`, `5`. */
export function limitText(name: LimitName, value: Big): string {
  return unitText[units[name]](value)
}

export type Unit = 'share' | 'dollars' | 'seconds' | 'minutes' | 'plain'

/** The unit of each limit. */
export const units: Record<LimitName, Unit> = {
  ...{ size: 'share', heat: 'share', exposure: 'share', deployed: 'dollars', sector: 'share', correlation: 'plain' },
  ...{ volatility: 'share', dayLoss: 'share', drawdown: 'share', trades: 'plain', pause: 'seconds' },
  ...{ afterOpen: 'minutes', beforeClose: 'minutes', priceAge: 'seconds', failures: 'plain' },
}

/** An amount in each unit, as people read it. */
export const unitText: Record<Unit, (value: Big) => string> = {
  share: shortPercentText,
  dollars: dollarsText,
  seconds: (value) => `${value.toFixed()} s`,
  minutes: (value) => `${value.toFixed()} min`,
  plain: (value) => value.round(2).toFixed(),
}

/** The tighter of two values of a limit. */
function tighter(name: LimitName, a: Big, b: Big): Big {
  return a.lt(b) === looserBelow.has(name) ? b : a
}
