import { rangeOf } from '../../runs/parameters.ts'
import { strategies } from '../../screeners/list.ts'
import type { Strategy } from '../../screeners/strategy.ts'
import { flagOf, parameterNames } from './command-line.ts'
import { type OwnFlag, ownFlags } from './own-flags.ts'

const heading = `npm run -s screen -- STRATEGY [--universe NAME|PATH] [--bars FOLDER] [--as-of DAY] [--json|--csv] …

Scores every symbol of a universe by its finished daily bars, without a desk, and prints those that pass, the best first.
It is a filter and no advice: docs/strategies.md says how each strategy did in the past.
`

const ending = `Exit codes: 0 done, with or without hits; 1 the bars cannot be read or the strategy failed; 2 the command line is wrong;
130 interrupted.

With --progress json each line on standard output that begins with PROGRESS: holds an event as JSON (event_type, timestamp,
run_id, stage, progress_percent, current_item, total_items, completed_items, message, metrics), and the results come after
the last of them. Without it a bar is drawn on standard error, when that is a terminal.
`

/** The help of the program, and of one strategy or all. */
export function helpText(strategy?: Strategy): string {
  const own = Object.entries(ownFlags).map(([name, flag]: [string, OwnFlag]) => ({
    flag: `--${name}${flag.value ? ` ${flag.value}` : ''}`,
    help: flag.help,
  }))
  const parts = [heading, strategy ? parametersText(strategy) : listText(), `Flags:\n${columns(own)}`, ending]
  return parts.join('\n')
}

/** The strategies, each with its summary. */
export function listText(): string {
  const lines = strategies.map(({ name, aliases, summary }) => ({
    flag: [name, ...aliases].join(', '),
    help: summary,
  }))
  return `Strategies:\n${columns(lines)}`
}

function parametersText(strategy: Strategy): string {
  const lines = parameterNames(strategy).map((name) => {
    const schema = strategy.parameters.shape[name]!
    const usual = schema.safeParse(undefined)
    const value = usual.success && usual.data !== undefined ? `; ${String(usual.data)} without it` : ''
    const about = (schema as { meta?: () => { description?: string } | undefined }).meta?.()?.description ?? name
    return { flag: flagOf(name), help: `${about} (${rangeOf(strategy, name)}${value})` }
  })
  return `${strategy.name}: ${strategy.summary}\n\nParameters:\n${columns(lines)}`
}

function columns(lines: readonly { flag: string; help: string }[]): string {
  const width = Math.max(...lines.map(({ flag }) => flag.length))
  return lines.map(({ flag, help }) => `  ${flag.padEnd(width)}  ${help}\n`).join('')
}
