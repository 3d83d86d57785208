import { Refusal } from '../../../base/refusal.ts'
import { type RankedResult, type Outcome as ResultOutcome, resultsOf } from '../../../strategies/runs/rows/results.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { isEnd } from '../../../strategies/runs/rules/run-state.ts'
import { linesIn } from '../../chat/columns.ts'
import { plain } from '../../language/words.ts'
import { hitActions, hitColumns, runActions, scoredOf } from '../../wording/strategies/hits.ts'
import { runName, settingText } from '../../wording/strategies/names.ts'
import { barText, stateText } from '../../wording/strategies/progress.ts'
import { scoreDetail } from '../../wording/strategies/score-detail.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { type List, lastShown, lists, noteShown } from './last-shown.ts'
import { runMeant, whichRun } from './run-meant.ts'
import { showTrades } from './trades-page.ts'

/** Results of a page. */
const onPage = 10

export const showResults: Command = {
  name: 'results',
  aliases: ['screen results', 'run results'],
  description: 'The ranked hits of a run, page by page',
  category: 'Screeners',
  position: 402,
  effect: 'reads',
  usage: 'results [N] [next | page P | failed | skipped | SYMBOL]',
  example: 'results 12 next',
  detail: `The hits of a run by their score, ${onPage} a page, also while it runs. \`next\` goes on where you were. \`failed\` lists what did not pass, the nearest first, \`skipped\` what could not be scored. A symbol (\`results 12 NVDA\`) shows how its score came about: the points of every part, the conditions, and what was lacking. Of a backtest it lists the trades.`,
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'what', type: 'text', description: '12, 12 next, 12 NVDA' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    const { said, number, wanted } = resultWords(given.rest ?? '')
    const run = await runMeant(hearing, number)
    if (run instanceof Refusal) return run
    if (wanted === undefined) return whichRun(said, `results ${run.number} next`)
    if (run.kind === 'backtest')
      return 'symbol' in wanted ? whichRun(said, `results ${run.number} next`) : showTrades(hearing, run, wanted)
    return 'symbol' in wanted ? showSymbol(hearing, run, wanted.symbol) : showPage(hearing, run, wanted)
  },
}

/** A page of results, or a symbol. */
type Wanted = { list: List; page?: number; isNext?: true } | { symbol: string }

const outcomesOf: Record<List, readonly ResultOutcome[]> = {
  passed: ['passed'],
  failed: ['failed'],
  skipped: ['skipped', 'error'],
}

/** Reads the words behind `results`: the number of a run, if they name one, and the page or the symbol. */
export function resultWords(words: string): { said: string; number?: number; wanted?: Wanted } {
  const said = plain(words)
  const [, digits, how = said] = /^(?:(?:of|for|from) )?(?:the )?(?:run )?#?(\d{1,9})\b[, ]*(.*)$/.exec(said) ?? []
  return { said, number: digits === undefined ? undefined : Number(digits), wanted: wantedIn(how) }
}

/** Reads the words behind a run's number; undefined when they mean nothing here. */
function wantedIn(how: string): Wanted | undefined {
  const [whole, said, next, page] =
    /^(passed|failed|skipped|errors?)?(?:^| |$)(?:(next|more)|page (\d{1,6}))?$/.exec(how) ?? []
  if (whole === undefined)
    return /^\$?[a-z][a-z0-9./-]{0,19}$/.test(how) ? { symbol: how.replace(/^\$/, '').toUpperCase() } : undefined
  const list = lists.find((one) => one === said) ?? (said?.startsWith('error') ? 'skipped' : 'passed')
  return { list, ...(next && { isNext: true as const }), ...(page !== undefined && { page: Number(page) }) }
}

async function showPage(
  hearing: Hearing,
  run: Run,
  { list, page, isNext }: Extract<Wanted, { list: List }>,
): Promise<Outcome> {
  if (page === 0) return noPage(run, 0)
  const { parts } = hearing
  const after = isNext ? await lastShown(hearing, run, list) : ((page ?? 1) - 1) * onPage
  const outcomes = outcomesOf[list]
  // Ranks go on over all outcomes, so a page is counted from the first rank of its list.
  const [first] = await resultsOf(parts.db, run.id, { outcomes, most: 1 })
  const from = (first?.rank ?? 1) - 1 + after
  const results = await resultsOf(parts.db, run.id, { outcomes, after: from, most: onPage + 1 })
  const shown = results.slice(0, onPage)
  if (shown.length === 0) return nothingMore(run, list, after, page)
  await noteShown(hearing, run, list, after + shown.length)
  const hasMore = results.length > onPage
  return { replies: [pageReply(run, list, shown, { after, hasMore })] }
}

function pageReply(
  run: Run,
  list: List,
  shown: RankedResult[],
  { after, hasMore }: { after: number; hasMore: boolean },
) {
  const scored = scoredOf(shown)
  const columns = hitColumns(scored)
  const goesOn = `results ${run.number}${list === 'passed' ? '' : ` ${list}`} next`
  const lines = [
    heading(run, list, after, shown.length),
    ...linesIn(columns),
    ...shown.flatMap((one) => ('reason' in one ? [`${one.symbol} · ${one.reason}`] : [])),
    ...(hasMore
      ? [`💡 \`${goesOn}\` goes on, \`results ${run.number} ${shown[0]!.symbol}\` shows how a score came about`]
      : [`💡 \`results ${run.number} ${shown[0]!.symbol}\` shows how a score came about`].slice(
          scored.length > 0 ? 0 : 1,
        )),
  ]
  const actions = list === 'passed' ? hitActions(run, scored) : []
  return {
    text: lines.join('\n'),
    ...(scored.length > 0 && { columns }),
    actions: [...actions, ...runActions(run, hasMore && list === 'passed')],
  }
}

const listNames: Record<List, string> = { passed: 'passed', failed: 'did not pass', skipped: 'without a score' }

function heading(run: Run, list: List, after: number, count: number): string {
  const isPart = isEnd(run.state) && run.state !== 'completed'
  const soFar = `${barText(run.progressPercent)}, ranks may still move`
  const state = isPart ? ` · ⚠️ only a part: ${stateText(run)}` : isEnd(run.state) ? '' : ` · ${soFar}`
  return `🔎 ${runName(run)} · ${settingText(run)} · ${listNames[list]}, ${after + 1} to ${after + count}${state}`
}

function nothingMore(run: Run, list: List, after: number, page: number | undefined): Outcome {
  if (page !== undefined && page > 1) return noPage(run, page)
  const isOver = isEnd(run.state)
  const others =
    list === 'passed' && run.completedItems > 0 ? `, \`results ${run.number} failed\` lists what did not` : ''
  const what = list === 'skipped' ? 'was skipped' : list === 'failed' ? 'failed' : 'passed'
  const said =
    isOver && run.completedItems === 0
      ? `Nothing was scored in run ${run.number}.`
      : after > 0
        ? `That was all that ${what} in run ${run.number}.`
        : `Nothing ${what} in run ${run.number}${isOver ? '' : ' so far'}.`
  return say(`🔎 ${said}\n💡 ${runName(run)}: ${stateText(run)}${others}`)
}

const noPage = (run: Run, page: number) =>
  new Refusal(
    'NO_PAGE',
    `There is no page ${page} of run ${run.number}.`,
    `\`results ${run.number}\` shows the first one`,
  )

async function showSymbol({ parts }: Hearing, run: Run, symbol: string): Promise<Outcome> {
  const known = parts.market.instrument(symbol)?.symbol ?? symbol
  const [result] = await resultsOf(parts.db, run.id, { symbol: known, most: 1 })
  if (result) return { replies: [scoreDetail(run, result)] }
  const isOver = isEnd(run.state)
  const sentence = `Run ${run.number} has no result of ${known.slice(0, 20)}${isOver ? '' : ' yet'}.`
  const instead = isOver ? `It went over ${settingText(run)}: ${stateText(run)}` : `${runName(run)}: ${stateText(run)}`
  return new Refusal('NO_RESULT', sentence, instead)
}
