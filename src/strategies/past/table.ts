import { strategies } from '../screeners/list.ts'
import type { Figures } from './figures.ts'
import type { Measured } from './measure.ts'

/** The past of all strategies as a table in Markdown. */
export function tableOf(measured: Measured): string {
  const rows = strategies.flatMap(({ name }) => {
    const past = measured.strategies[name]
    if (!past) return []
    return [
      row(`\`${name}\`, ${past.horizon} days`, past.all),
      row('… months in which SPY rose', past.rose),
      row('… months in which SPY fell', past.fell),
    ]
  })
  return [
    `${measured.stocks} stocks, every trading day from ${measured.from} to ${measured.to}.`,
    '',
    '| | stock-days | pass | a day | return (all) | excess (all) | deviation | middle half | beat SPY (all) |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function row(title: string, { stockDays, passed, passedADay, chosen, all }: Figures): string {
  const cells = [
    title,
    stockDays.toLocaleString('en-US'),
    `${passed.toLocaleString('en-US')}, ${percent(passed / stockDays, 1)}`,
    String(passedADay),
    `${percent(chosen.return)} (${percent(all.return)})`,
    `${percent(chosen.excess)} (${percent(all.excess)})`,
    percent(chosen.deviation, 1),
    `${percent(chosen.quarter, 1)} to ${percent(chosen.threeQuarters, 1)}`,
    `${percent(chosen.positive, 0)} (${percent(all.positive, 0)})`,
  ]
  return `| ${cells.join(' | ')} |`
}

/** A share as a percentage: `-0.36%`. */
export function percent(share: number, decimals = 2): string {
  const text = (share * 100).toFixed(decimals)
  return `${Number(text) === 0 ? text.replace('-', '') : text}%`
}
