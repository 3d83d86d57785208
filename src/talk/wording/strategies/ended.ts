import type { EndedRun } from '../../../strategies/runs/notices.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { linesIn } from '../../chat/columns.ts'
import type { Reply } from '../../chat/reply.ts'
import { backtestReply } from './backtest.ts'
import { hitActions, hitColumns, runActions, scoredOf } from './hits.ts'
import { changedParameters, dueText, runName, settingText } from './names.ts'
import { trustLine } from './past.ts'
import { errorsText, stateText } from './progress.ts'

/** The message about an ended run: its ranked hits, what was lacking, and what may come next. */
export function endedReply(ended: EndedRun): Pick<Reply, 'text' | 'columns' | 'actions' | 'kept'> {
  const { run, backtest } = ended
  if (backtest) return backtestReply(ended, backtest)
  if (run.state === 'completed') return completedReply(ended)
  const sign = run.state === 'cancelled' ? '🛑' : '⚠️'
  const because = run.state === 'error' && run.error ? [run.error] : []
  const goesOn =
    run.completedItems > 0
      ? `💡 \`results ${run.number}\` shows the ${run.completedItems} results so far, \`rerun ${run.number}\` runs it again`
      : `💡 \`rerun ${run.number}\` runs it again`
  return {
    text: [`${sign} ${runName(run)}: ${stateText(run)}`, ...because, goesOn].join('\n'),
    actions: runActions(run, false),
  }
}

function completedReply(ended: EndedRun): Pick<Reply, 'text' | 'columns' | 'actions'> {
  const { run } = ended
  const hits = scoredOf(ended.hits)
  const listed = hits.length > 0 ? hits : scoredOf(ended.nearest)
  const columns = hitColumns(listed)
  const more = run.passedCount - hits.length
  const typed = commandLine(ended)
  const lines = [
    `🏁 ${runName(run)}: ${stateText(run)}`,
    headLine(ended),
    ...(hits.length === 0 && listed.length > 0 ? ['The nearest:'] : []),
    ...linesIn(columns),
    ...(more > 0 ? [`… and ${more} more`] : []),
    ...gapLines(ended),
    trustLine(run.strategy, ended.isSimulated),
    ...(typed === undefined ? [] : [`💻 The same on the command line: \`${typed}\``]),
    `💡 ${nextSteps(ended, more > 0)}`,
  ]
  return {
    text: lines.join('\n'),
    ...(listed.length > 0 && { columns }),
    actions: [...hitActions(run, hits), ...runActions(run, more > 0)],
  }
}

function headLine({ run }: EndedRun): string {
  const of = run.totalItems === 1 ? '1 symbol' : `${run.totalItems ?? 0} symbols`
  const passed = run.passedCount === 0 ? `None of ${of} passed` : `${run.passedCount} of ${of} passed`
  const day = run.asOf ? [`as of ${run.asOf}`] : []
  return [passed, settingText(run), ...day, ...(run.due ? [`late: ${dueText(run.due)}`] : [])].join(' · ')
}

/** Symbols without a score, and data that was lacking, in a line each. */
function gapLines({ run, skipped, lacking }: Pick<EndedRun, 'run' | 'skipped' | 'lacking'>): string[] {
  const reasons = skipped.map(({ reason, symbols }) => `${reason} (${symbols})`).join(', ')
  const without = [
    ...(run.skippedCount > 0 ? [`${run.skippedCount} skipped${reasons ? `: ${reasons}` : ''}`] : []),
    ...(run.errorCount > 0
      ? [`${errorsText(run.errorCount)} (no bars could be had, or the screener failed on them)`]
      : []),
    ...(run.leftOut > 0
      ? [`${run.leftOut} of the list ${run.leftOut === 1 ? 'is' : 'are'} unknown to this market${unknownText(run)}`]
      : []),
  ]
  return [
    ...(without.length > 0 ? [`⚠️ Without a score: ${without.join(' · ')}`] : []),
    ...(lacking.length > 0
      ? [`⚠️ Lacking: ${lacking.map(({ what, symbols }) => `${what} (${symbols})`).join(', ')}`]
      : []),
  ]
}

/** The unknown symbols by name, as far as the run keeps them: `: FOO, BAR and 3 more`. */
function unknownText({ unknown, leftOut }: Run): string {
  if (unknown.length === 0) return ''
  const more = leftOut - unknown.length
  return `: ${unknown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/**
 * The command that gives the same list outside of the desk; undefined where it could not: without a folder of bars, or for symbols
 * that only the desk knows.
 */
function commandLine({ run, folder }: EndedRun): string | undefined {
  const { universe_source: source, tickers } = run.parameters
  const symbols = Array.isArray(tickers) ? `--tickers ${tickers.join(',')}` : universeFlags[String(source)]
  if (folder === undefined || symbols === undefined) return undefined
  const flags = changedParameters(run).map(([name, value]) => `--${name.replaceAll('_', '-')} ${String(value)}`)
  const asOf = run.asOf ? [`--as-of ${run.asOf}`] : []
  return ['npm run -s screen --', run.strategy, symbols, ...flags, `--bars ${quoted(folder)}`, ...asOf]
    .filter(Boolean)
    .join(' ')
}

const universeFlags: Record<string, string> = { market: '', sp500: '--universe sp500' }

/** A path as a shell reads it. */
const quoted = (path: string) => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)

function nextSteps({ run, hits }: EndedRun, hasMore: boolean): string {
  const first = hits[0]?.symbol
  return [
    ...(hasMore ? [`\`results ${run.number} next\` goes on`] : []),
    ...(first ? [`\`results ${run.number} ${first}\` shows how a score came about`] : []),
    `\`rerun ${run.number}\` runs it again`,
  ].join(', ')
}
