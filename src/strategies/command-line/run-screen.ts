import path from 'node:path'
import { dayAfter } from '../../base/zone.ts'
import { nyse } from '../../market/calendar.ts'
import { MarketError } from '../../market/spec.ts'
import { type BarSource, NoBars } from '../engine/bar-source.ts'
import { folderBars } from '../engine/bars/folder-bars.ts'
import { screen } from '../engine/screen.ts'
import { rank } from '../screeners/rank.ts'
import { readResult, type WrittenResult } from '../screeners/written-result.ts'
import { barsFolder } from './bars-folder.ts'
import { barLine } from './progress/bar.ts'
import { createTracker, eventOf, type Step, type Tracker } from './progress/tracker.ts'
import { jsonText, resultsCsv } from './results/data.ts'
import { type Screened, summaryOf } from './results/screened.ts'
import { tableText } from './results/table.ts'
import { chosenUniverse } from './universe.ts'
import { readCommandLine, type WantedScreen } from './usage/command-line.ts'
import { helpText, listText } from './usage/help.ts'
import { UsageError } from './usage/usage-error.ts'

/** The surroundings of a command. */
export interface Terminal {
  /** `MARKET` of the environment. */
  market?: string
  /** The folder in which the command was typed. */
  cwd: string
  /** The folder of the project: `MARKET` and the lists of universes are relative to it. */
  root: string
  /** Writes to standard output, and to standard error. */
  print(text: string): void
  note(text: string): void
  /** The width of standard error as a terminal; undefined when it is none. */
  columns(): number | undefined
  /** Milliseconds. */
  clock(): number
  runId: string
  /** Ctrl-C: its reason is thrown. */
  signal: AbortSignal
}

/** The command was interrupted, with the signal's exit code. */
export class Interrupted extends Error {
  override name = 'Interrupted'
  readonly exitCode: number

  constructor(exitCode: number) {
    super('interrupted')
    this.exitCode = exitCode
  }
}

const exitCodes = { done: 0, failed: 1, wrongUsage: 2 } as const

/** Carries out a command line and returns its exit code. Every fault is told as a sentence. */
export async function runScreen(args: readonly string[], terminal: Terminal): Promise<number> {
  const progress: { text?: string } = {}
  try {
    const wanted = readCommandLine(args)
    if (wanted.kind === 'help') terminal.print(helpText(wanted.strategy))
    else if (wanted.kind === 'list') terminal.print(listText())
    else return await screenWanted(wanted, terminal, progress)
    return exitCodes.done
  } catch (error) {
    if (error instanceof Interrupted) {
      terminal.note(`Interrupted${progress.text ? ` ${progress.text}` : ''}. Nothing was kept.\n`)
      return error.exitCode
    }
    if (error instanceof UsageError) {
      terminal.note(`${error.message}\nnpm run -s screen -- --help says how.\n`)
      return exitCodes.wrongUsage
    }
    if (error instanceof MarketError || error instanceof NoBars) terminal.note(`${sentenceOf(error)}\n`)
    else terminal.note(`The screen failed: ${error instanceof Error ? error.message : String(error)}\n`)
    return exitCodes.failed
  }
}

async function screenWanted(wanted: WantedScreen, terminal: Terminal, told: { text?: string }): Promise<number> {
  const show = wanted.progress === 'json' ? lines(terminal) : bar(terminal)
  const tracker = createTracker(wanted.strategy.stages, terminal.clock, (step) => {
    const { stage, scored, passed, done, of } = tracker.now
    told.text =
      stage === 'analysis' || stage === 'ranking'
        ? `after ${scored} of ${of} symbols; ${passed} passed`
        : `before any score, at ${done} of ${of} symbols`
    show(step, tracker.now)
  })
  tracker.start()
  const screened = await screenWith(wanted, terminal, tracker, told).catch((error) => {
    show(error instanceof Interrupted ? 'cancelled' : 'error', tracker.now)
    throw error
  })
  show('stage_completed', tracker.now)
  show('completed', tracker.now, summaryOf(screened))
  printResults(screened, wanted, terminal)
  const hasScore = screened.ranked.some(({ outcome }) => outcome === 'passed' || outcome === 'failed')
  return hasScore ? exitCodes.done : exitCodes.failed
}

async function screenWith(
  wanted: WantedScreen,
  terminal: Terminal,
  tracker: Tracker,
  told: { text?: string },
): Promise<Screened> {
  const { strategy, parameters } = wanted
  const { signal, cwd, root } = terminal
  const folder = barsFolder(wanted.bars, terminal)
  told.text = `while ${folder} was read`
  const source = await readBars(folder, terminal)
  const universe = await chosenUniverse(source, wanted, { cwd, lists: path.join(root, 'universes') })
  const asOf = await asOfDay(source, wanted.asOf)
  if (wanted.asOf !== undefined && asOf !== wanted.asOf)
    terminal.note(`${wanted.asOf} has no bars: the last day before it is ${asOf}, and counts.\n`)
  const all: WrittenResult[] = []
  const hooks = {
    stage: tracker.stage,
    at: tracker.at,
    results: async (batch: WrittenResult[]) => {
      all.push(...batch)
      tracker.results(batch)
    },
  }
  const screening = { strategy: strategy.name, parameters, symbols: universe.symbols, asOf, done: new Set<string>() }
  await screen(source, screening, hooks, { threads: Number(parameters.max_workers ?? 1), signal })
  return { strategy, parameters, universe, bars: source.name, asOf, ranked: rank(all.map(readResult)) }
}

function printResults(screened: Screened, { format, top }: WantedScreen, { print, note }: Terminal): void {
  if (format === 'table') {
    print(tableText(screened, top))
    return
  }
  print(format === 'json' ? jsonText(screened, top) : resultsCsv(screened, top))
  note(`${summaryOf(screened)}\n`)
}

/** Reads the folder, and tells of the rows and files that it leaves out. */
async function readBars(folder: string, { note, columns, signal }: Terminal): Promise<BarSource> {
  const leftOut: string[] = []
  const log = {
    info: () => {},
    warn: (fields: object, message: string) => {
      const { file, rows, first = [] } = fields as { file: string; rows?: number; first?: string[] }
      leftOut.push(
        rows
          ? `${rows} ${rows === 1 ? 'row' : 'rows'} of ${path.basename(file)} (${first[0]}${rows > 1 ? ', …' : ''})`
          : `${path.basename(file)}: ${message.replace('replay: left out, ', '')}`,
      )
    },
  }
  const isTerminal = columns() !== undefined
  if (isTerminal) note(`Reading ${folder} …`)
  const source = await orAborted(folderBars(folder, log), signal).finally(() => isTerminal && note(clearLine))
  const more = leftOut.length > mostNamed ? ` and of ${leftOut.length - mostNamed} more files` : ''
  if (leftOut.length > 0) note(`Left out: ${leftOut.slice(0, mostNamed).join('; ')}${more}.\n`)
  return source
}

const mostNamed = 3

/** The outcome of a work, or the reason of the signal as soon as that is aborted; nobody waits for the work then. */
async function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort))
}

async function asOfDay(source: BarSource, day: string | undefined): Promise<string> {
  const last = await source.lastDay()
  if (day === undefined) return last
  if (day > last && hasSessionBetween(last, day) && (await isAfterAll(source, day))) {
    throw new UsageError(`--as-of ${day} is after the last bar: most symbols of ${source.name} end on ${last}.`)
  }
  return lastDayBy(source, day)
}

/** Has the exchange a session after a day, up to and with another? A weekend behind the last bars lacks none. */
function hasSessionBetween(last: string, day: string): boolean {
  for (let at = dayAfter(last, 1); at <= day; at = dayAfter(at, 1)) if (nyse.sessionOf(at)) return true
  return false
}

/** The last day up to and with one on which any symbol has a bar: of a Saturday the Friday before. The day itself where there is none. */
async function lastDayBy(source: BarSource, day: string): Promise<string> {
  let last: string | undefined
  for (const symbol of source.symbols()) {
    const own = (await source.daily(symbol, 1, day))?.days.at(-1)
    if (own === day) return day
    if (own !== undefined && (last === undefined || own > last)) last = own
  }
  return last ?? day
}

/** Is a day after the last bar of every symbol? */
async function isAfterAll(source: BarSource, day: string): Promise<boolean> {
  for (const symbol of source.symbols()) {
    const last = (await source.daily(symbol, 1, '9999-12-31'))?.days.at(-1)
    if (last !== undefined && last >= day) return false
  }
  return true
}

type Show = (step: Step, progress: Parameters<typeof eventOf>[1], message?: string) => void

/** Every step as a line for programs. */
function lines({ print, runId }: Terminal): Show {
  return (step, progress, message) => {
    const event = eventOf(step, progress, { runId, at: new Date(), ...(message && { message }) })
    print(`PROGRESS:${JSON.stringify(event)}\n`)
  }
}

/** Milliseconds between two drawings of the bar. */
const redrawEvery = 100
const clearLine = '\r\x1b[2K'

/** A bar on a terminal, and nothing elsewhere. It is taken away at the end. */
function bar({ note, columns, clock }: Terminal): Show {
  let drawn = Number.NEGATIVE_INFINITY
  return (step, progress) => {
    const width = columns()
    if (width === undefined || step === 'started') return
    if (['completed', 'error', 'cancelled'].includes(step)) return note(clearLine)
    const now = clock()
    if (now - drawn < redrawEvery) return
    drawn = now
    note(`${clearLine}${barLine(progress, width)}`)
  }
}

/** The sentence of an error of the market, without the variable that was not set. */
function sentenceOf({ message }: Error): string {
  const text = message.replace(/^MARKET=replay: /, '')
  return `${text[0]!.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
