import { Big } from '../../../base/amounts.ts'
import { averageText, profitText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { tradesOf } from '../../../strategies/runs/rows/reports.ts'
import type { NumberedTrade } from '../../../strategies/runs/rules/report.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { isEnd } from '../../../strategies/runs/rules/run-state.ts'
import { type Columns, cell, linesIn } from '../../chat/columns.ts'
import { returnText } from '../../wording/strategies/backtest.ts'
import { runName, settingText } from '../../wording/strategies/names.ts'
import { barText, stateText } from '../../wording/strategies/progress.ts'
import { type Hearing, type Outcome, say } from '../command.ts'
import { lastShown, noteShown } from './last-shown.ts'

/** Trades of a page. */
const onPage = 10

/** A page of the trades of a backtest; the next one goes on where the member was. */
export async function showTrades(
  hearing: Hearing,
  run: Run,
  { page, isNext }: { page?: number; isNext?: true },
): Promise<Outcome> {
  if (!isEnd(run.state)) return say(`🧪 ${runName(run)}: ${barText(run.progressPercent)} · ${stateText(run)}`)
  const after = isNext ? await lastShown(hearing, run, 'trades') : ((page ?? 1) - 1) * onPage
  const found = after < 0 ? [] : await tradesOf(hearing.parts.db, run.id, { after, most: onPage + 1 })
  const shown = found.slice(0, onPage)
  if (shown.length === 0) return noMore(run, after, page)
  await noteShown(hearing, run, 'trades', after + shown.length)
  const columns = tradeColumns(shown)
  const text = [
    `🧪 ${runName(run)} · ${settingText(run)} · trades ${after + 1} to ${after + shown.length}`,
    ...linesIn(columns),
    `💡 ${found.length > onPage ? `\`results ${run.number} next\` goes on, ` : ''}\`run ${run.number}\` shows its figures`,
  ].join('\n')
  return { replies: [{ text, columns }] }
}

function tradeColumns(trades: NumberedTrade[]): Columns {
  const price = (value: number) => averageText(new Big(value))
  return {
    columns: [
      { head: 'Trade', isAmount: true },
      { head: 'Symbol' },
      { head: 'Side' },
      { head: 'Units', isAmount: true },
      { head: 'From' },
      { head: 'To' },
      { head: 'Prices' },
      { head: 'Profit', isAmount: true },
      { head: 'Return', isAmount: true },
      { head: 'Exit' },
    ],
    rows: trades.map((one) => [
      cell(`${one.number}.`),
      cell(one.symbol),
      cell(one.side),
      cell(quantityText(new Big(one.quantity))),
      cell(one.entryDay, '· '),
      cell(one.exitDay, '→ '),
      cell(`${price(one.entryPrice)} → ${price(one.exitPrice)}`, '· '),
      cell(profitText(new Big(one.profit)), '· '),
      cell(returnText(100 * one.returned)),
      cell(one.reason, '· '),
    ]),
  }
}

function noMore(run: Run, after: number, page: number | undefined): Outcome {
  const { number } = run
  if (page !== undefined && page !== 1)
    return new Refusal(
      'NO_PAGE',
      `There is no page ${page} of run ${number}.`,
      `\`results ${number}\` shows the first one`,
    )
  const said = after > 0 ? `Those were all trades of run ${number}.` : `Run ${number} made no trades.`
  return say(`🧪 ${said}\n💡 ${runName(run)}: ${stateText(run)}, \`run ${number}\` shows its figures`)
}
