import { rangeOf } from '../../strategies/runs/parameters.ts'
import type { BacktestStrategy } from '../engine/port.ts'
import { backtestStrategies } from '../strategies/list.ts'
import { parameterNames } from './command-line.ts'
import { type OwnFlag, ownFlags } from './flags.ts'

const heading = `npm run -s backtest -- STRATEGY SYMBOL … [--bars FOLDER] [--from DAY] [--to DAY] [--json] …

Plays a strategy over recorded daily bars, without a desk, and prints what it would have made. Simulated fills are not live
fills, and the past is no promise: docs/backtest.md says what is simulated and what is not.
`

const ending = `Exit codes: 0 done; 1 the bars cannot be read or the run failed; 2 the command line is wrong; 3 a check found something.
`

/** The help of the program, and of one strategy or all. */
export function helpText(strategy?: BacktestStrategy): string {
  const own = Object.entries(ownFlags).map(([name, flag]: [string, OwnFlag]) => ({
    flag: `--${name}${flag.value ? ` ${flag.value}` : ''}`,
    help: flag.number && flag.number.usual > 0 ? `${flag.help} (${flag.number.usual} without it)` : flag.help,
  }))
  return [heading, strategy ? parametersText(strategy) : listText(), `Flags:\n${columns(own)}`, ending].join('\n')
}

/** The strategies, each with its summary. */
export function listText(): string {
  return `Strategies:\n${columns(backtestStrategies.map(({ name, summary }) => ({ flag: name, help: summary })))}`
}

function parametersText(strategy: BacktestStrategy): string {
  const lines = parameterNames(strategy).map((name) => {
    const key = name.replaceAll('-', '_')
    const schema = strategy.parameters.shape[key]!
    const usual = schema.safeParse(undefined)
    const about = (schema as { meta?: () => { description?: string } | undefined }).meta?.()?.description ?? name
    return { flag: `--${name}`, help: `${about} (${rangeOf(strategy, key)}; ${String(usual.data)} without it)` }
  })
  return `${strategy.name}: ${strategy.summary}\n\nParameters:\n${lines.length > 0 ? columns(lines) : '  none\n'}`
}

function columns(lines: readonly { flag: string; help: string }[]): string {
  const width = Math.max(...lines.map(({ flag }) => flag.length))
  return lines.map(({ flag, help }) => `  ${flag.padEnd(width)}  ${help}\n`).join('')
}
