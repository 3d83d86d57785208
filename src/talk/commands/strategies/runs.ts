import { momentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { resultsOf } from '../../../strategies/runs/rows/results.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { isEnd } from '../../../strategies/runs/rules/run-state.ts'
import { type Columns, cell, linesIn } from '../../chat/columns.ts'
import { plain } from '../../language/words.ts'
import { hitActions, hitColumns, runActions, scoredOf } from '../../wording/strategies/hits.ts'
import { dueText, runName, settingText, titleOf } from '../../wording/strategies/names.ts'
import { barText, errorsText, stateText } from '../../wording/strategies/progress.ts'
import { cancelActions } from '../../wording/strategies/runs.ts'
import { partsText } from '../../wording/strategies/score-detail.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { queueText } from './queue-text.ts'
import { runMeant, runNumberIn, runsSeen, whichRun } from './run-meant.ts'
import { completedBacktest } from './show-backtest.ts'
import { statsText } from './stats-text.ts'

/** Runs of a page of the list. */
const onPage = 10
const mostPages = 100
/** Hits that `run 12` lists, and those of which it shows the parts of the score. */
const hitsShown = 5
const partsShown = 3

export const listRuns: Command = {
  name: 'runs',
  aliases: ['run', 'screener runs', 'my runs'],
  description: 'Your screens and backtests, one of them, or how they do',
  category: 'Screeners',
  position: 401,
  effect: 'reads',
  usage: 'runs [page P | stats | queue], run [N]',
  example: 'run 12',
  detail: `Your runs, the newest first, ${onPage} a page. \`run 12\` shows one: its progress, its best hits with the points of their parts, or the figures and the picture of a backtest. \`runs stats\` says how long runs take, how many fail, and how many hits they have. \`runs queue\` shows what works and waits, of everybody.`,
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'which', type: 'text', description: '12, stats, queue, page 2' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    const said = plain(given.rest ?? '')
    if (said === 'queue') return say(await queueText(hearing))
    if (/^stat(istic)?s$/.test(said)) return say(await statsText(hearing))
    const number = runNumberIn(said)
    if (number !== undefined) {
      const run = await runMeant(hearing, number)
      return run instanceof Refusal ? run : showRun(hearing, run)
    }
    const [whole, page = '1'] = /^(?:list|all)?(?:page (\d{1,6}))?$/.exec(said) ?? []
    return whole === undefined ? whichRun(said, 'run 12') : listPage(hearing, Number(page))
  },
}

async function listPage(hearing: Hearing, page: number): Promise<Outcome> {
  const begin = (page - 1) * onPage
  const all = page > 0 && page <= mostPages ? await runsSeen(hearing, { most: begin + onPage + 1 }) : []
  const runs = all.slice(begin)
  if (runs.length === 0 && page !== 1)
    return new Refusal('NO_PAGE', `There is no page ${page}.`, '`runs` shows the first one')
  if (runs.length === 0)
    return say('🔎 You have no runs yet.\n💡 `screen` lists the screeners, `screen breakout` starts one')
  const shown = runs.slice(0, onPage)
  const market = marketOf(shown)
  const columns = runColumns(shown, hearing.speaker.timeZone, market === undefined)
  const more = runs.length > onPage ? [`\`runs page ${page + 1}\` goes on`] : []
  const text = [
    market === undefined ? '🔎 YOUR RUNS' : `🔎 YOUR RUNS on ${market}`,
    ...linesIn(columns),
    `💡 ${[...more, `\`run ${shown[0]!.number}\` shows one`, '`runs stats` how they do'].join(', ')}`,
  ].join('\n')
  return { replies: [{ text, columns }] }
}

/** The one market over which all these runs went; undefined when it was not the same. */
function marketOf(runs: Run[]): string | undefined {
  const [market, another] = new Set(runs.flatMap(({ market }) => market ?? []))
  return another === undefined ? market : undefined
}

/** Runs in columns, a line each. */
function runColumns(runs: Run[], zone: string | undefined, namesMarkets: boolean): Columns {
  return {
    columns: [
      { head: 'Run', isAmount: true },
      { head: 'Strategy' },
      { head: 'Over' },
      { head: 'State' },
      { head: 'Hits', isAmount: true },
      { head: 'Asked for' },
    ],
    rows: runs.map((run) => [
      cell(`${run.number}.`),
      cell(run.templateName ?? titleOf(run.strategy)),
      cell([settingText(run), ...(namesMarkets && run.market ? [`on ${run.market}`] : [])].join(' '), '· '),
      cell(isEnd(run.state) ? run.state : `${run.state} ${Math.floor(run.progressPercent)}%`, '· '),
      cell(
        run.completedItems > 0 && run.kind === 'screen' ? String(run.passedCount) : undefined,
        '· ',
        run.passedCount === 1 ? ' hit' : ' hits',
      ),
      cell(momentText(run.askedAt, zone), '· '),
    ]),
  }
}

async function showRun(hearing: Hearing, run: Run): Promise<Outcome> {
  const completed = await completedBacktest(hearing, run)
  if (completed) return { replies: [completed] }
  const { parts, speaker } = hearing
  const hits = scoredOf(await resultsOf(parts.db, run.id, { outcomes: ['passed'], most: hitsShown }))
  const columns = hitColumns(hits)
  const isOver = isEnd(run.state)
  const zone = speaker.timeZone
  const text = [
    `${run.kind === 'backtest' ? '🧪' : '🔎'} ${runName(run)} · ${settingText(run)}`,
    `${isOver ? '' : `${barText(run.progressPercent)} · `}${stateText(run)}${dayText(run)}`,
    ...(run.error ? [`⚠️ ${run.error}`] : []),
    timesText(run, zone),
    ...(run.completedItems > 0 && run.kind === 'screen' ? [countsText(run)] : []),
    ...linesIn(columns),
    ...hits.slice(0, partsShown).map(({ symbol, items }) => `${symbol}: ${partsText(items)}`),
    `💡 ${stepsOf(run, hits[0]?.symbol)}`,
  ].join('\n')
  const actions = isOver
    ? run.kind === 'backtest'
      ? runActions(run, false)
      : [...hitActions(run, hits), ...runActions(run, run.passedCount > hits.length)]
    : cancelActions(run)
  return { replies: [{ text, ...(hits.length > 0 && { columns }), actions }] }
}

/** The day and the market of the bars. */
function dayText({ asOf, market }: Run): string {
  return `${asOf ? ` · as of ${asOf}` : ''}${market ? ` · ${market}` : ''}`
}

function timesText(
  { askedAt, startedAt, attempt, templateName, priority, due }: Run,
  zone: string | undefined,
): string {
  return [
    `Asked for ${momentText(askedAt, zone)}`,
    ...(due ? [dueText(due)] : []),
    ...(startedAt ? [`began ${momentText(startedAt, zone)}`] : []),
    ...(attempt > 1 ? [`taken up ${attempt - 1} ${attempt === 2 ? 'time' : 'times'}`] : []),
    ...(templateName ? [`template ${templateName}`] : []),
    ...(priority === 'normal' ? [] : [`${priority} priority`]),
  ].join(' · ')
}

function countsText({ completedItems, totalItems, passedCount, skippedCount, errorCount }: Run): string {
  return [
    `${passedCount} passed of ${completedItems}${totalItems && totalItems > completedItems ? ` (of ${totalItems})` : ''}`,
    ...(skippedCount > 0 ? [`${skippedCount} skipped`] : []),
    ...(errorCount > 0 ? [errorsText(errorCount)] : []),
  ].join(' · ')
}

function stepsOf(run: Run, best: string | undefined): string {
  const { kind, number, state } = run
  if (kind === 'backtest')
    return isEnd(state) ? `\`rerun ${number}\` runs it again` : `\`cancel run ${number}\` ends it`
  if (!isEnd(state)) return `\`results ${number}\` lists the hits so far, \`cancel run ${number}\` ends it`
  const one = best ? [`\`results ${number} ${best}\` shows how a score came about`] : []
  const all = run.completedItems > 0 ? [`\`results ${number}\` lists all`] : []
  return [...all, ...one, `\`rerun ${number}\` runs it again`].join(', ')
}
