import path from 'node:path'
import type { MarketLog } from '../../market/log.ts'
import { MarketError } from '../../market/spec.ts'
import { barsFolder } from '../../strategies/command-line/bars-folder.ts'
import { UsageError } from '../../strategies/command-line/usage/usage-error.ts'
import { type BarSource, NoBars } from '../../strategies/engine/bar-source.ts'
import { folderBars } from '../../strategies/engine/bars/folder-bars.ts'
import { lookahead } from '../checks/lookahead.ts'
import { recursive } from '../checks/recursive.ts'
import { heldCurve } from '../engine/held.ts'
import { simulate, type Traded } from '../engine/simulate.ts'
import { figuresOf } from '../figures/figures.ts'
import { backtestOf, jumpIn, tooShort } from '../test-of.ts'
import { readCommandLine, type WantedRun } from './command-line.ts'
import { helpText, listText } from './help.ts'
import { jsonText, tableText } from './results.ts'

/** The surroundings of a command. */
export interface Terminal {
  /** `MARKET` of the environment. */
  market?: string
  /** The folder in which the command was typed. */
  cwd: string
  /** The folder of the project: `MARKET` is relative to it. */
  root: string
  /** Writes to standard output, and to standard error. */
  print(text: string): void
  note(text: string): void
}

/** The symbol whose bars stand for the market, and a day after all others. */
const marketSymbol = 'SPY'
const lastOfDays = '9999-12-31'

const exitCodes = { done: 0, failed: 1, wrongUsage: 2, found: 3 } as const

/** Carries out a command line and returns its exit code. Every fault is told as a sentence. */
export async function runBacktest(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const wanted = readCommandLine(args)
    if (wanted.kind === 'run') return await play(wanted, terminal)
    terminal.print(wanted.kind === 'help' ? helpText(wanted.strategy) : listText())
    return exitCodes.done
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.note(`${error.message}\nnpm run -s backtest -- --help says how.\n`)
      return exitCodes.wrongUsage
    }
    const message = error instanceof Error ? error.message : String(error)
    if (error instanceof MarketError || error instanceof NoBars)
      terminal.note(`${message}.\n`.replace(/\.\.\n$/, '.\n'))
    else terminal.note(`The run failed: ${message}\n`)
    return exitCodes.failed
  }
}

async function play(wanted: WantedRun, terminal: Terminal): Promise<number> {
  const { strategy, parameters, numbers, from, to } = wanted
  const source = await folderBars(barsFolder(wanted.bars, terminal), leftOutLog(wanted.symbols, terminal))
  const market = strategy.readsMarket && (await source.daily(marketSymbol, Number.MAX_SAFE_INTEGER, to ?? lastOfDays))
  const test = backtestOf({ strategy, parameters, symbols: await symbolsOf(wanted, source), market, from, numbers })
  for (const { symbol, bars } of test.symbols) noteJumps(symbol, bars, terminal)
  const caution = strategy.caution?.(wanted.symbols, from ?? '')
  if (caution) terminal.note(`${caution}\n`)
  const outcome = simulate(test)
  const figures = figuresOf(outcome, heldCurve(test.symbols, from))
  const checks = wanted.check ? { lookahead: lookahead(test), recursive: recursive(test) } : undefined
  const finished = { wanted, source: source.name, outcome, figures, ...(checks && { checks }) }
  terminal.print(wanted.json ? jsonText(finished) : tableText(finished))
  return checks?.lookahead || checks?.recursive ? exitCodes.found : exitCodes.done
}

/** The bars of the wanted symbols up to the last day. Refuses a run in which nothing could be decided. */
async function symbolsOf(
  { strategy, parameters, symbols, from = '', to = lastOfDays }: WantedRun,
  source: BarSource,
): Promise<Traded[]> {
  const traded: Traded[] = []
  for (const symbol of symbols) {
    const bars = await source.daily(symbol, Number.MAX_SAFE_INTEGER, to)
    if (!bars) throw new UsageError(`${source.name} has no bars of ${symbol}.`)
    const short = tooShort(strategy, parameters, { symbol, bars }, from)
    if (short) throw new UsageError(short)
    traded.push({ symbol, bars })
  }
  return traded
}

/** Tells of rows of the wanted symbols that cannot be used. */
function leftOutLog(symbols: readonly string[], { note }: Terminal): MarketLog {
  return {
    info: () => {},
    warn: (fields: object) => {
      const { file = '', rows } = fields as { file?: string; rows?: number }
      const name = path.basename(file)
      if (rows && symbols.includes(name.slice(0, -'.csv'.length).toUpperCase()))
        note(`Left out: ${rows} ${rows === 1 ? 'row' : 'rows'} of ${name}.\n`)
    },
  }
}

/** Tells of opens that look like a split. */
function noteJumps(symbol: string, bars: Traded['bars'], { note }: Terminal): void {
  const jump = jumpIn(symbol, bars)
  if (jump) note(`${jump}\n`)
}
