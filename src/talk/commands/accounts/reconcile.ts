import { dollarsText, durationText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { brokerText } from '../../../trading/accounts/rules/account-mode.ts'
import { freshLook } from '../../../trading/reconcile/fresh-look.ts'
import { type BooksReport, booksReport } from '../../../trading/reconcile/report.ts'
import { doubtActions, doubtLine, doubtWords } from '../../wording/doubt.ts'
import { othersHint, otherText } from '../../wording/orders-of-others.ts'
import { explanationText, frozenText, gapActions, gapText, gapWords, heldText } from '../../wording/reconcile.ts'
import type { Command } from '../command.ts'
import { linkedHere } from './linked-here.ts'

export const reconcile: Command = {
  name: 'reconcile',
  aliases: ['books'],
  phrases: [{ full: 'do the books agree, do books agree, check the books, compare with the broker' }],
  description: 'What your broker shows beside the desk’s books',
  category: 'Brokers',
  position: 251,
  effect: 'reads',
  usage: 'reconcile',
  example: 'reconcile',
  detail:
    'Looks at the linked account that you use here, now: what was found, by what it was explained, what is frozen, and what is not the desk’s. `adopt`, `ignore` and `did` answer a difference, `doubt` shows orders without an outcome.',
  needs: 'viewer',
  account: 'looks',
  options: [],
  async run(hearing) {
    const { parts } = hearing
    const account = await linkedHere(hearing)
    if (account instanceof Refusal) return account
    // The report says itself that the broker was silent.
    await freshLook(parts, account.id)
    const report = await booksReport(parts, account.id)
    const lines = linesOf(report, parts.clock.now())
    const title = `🔍 RECONCILE — ${account.name} (${brokerText(account)})`
    const actions = [...report.gaps.flatMap((gap) => gapActions(gap)), ...report.inDoubt.map(doubtActions)]
    return { replies: [{ text: [title, ...lines].join('\n'), actions }] }
  },
}

function linesOf(report: BooksReport, now: Date): string[] {
  const { looked, gaps, ended, external, others, actions, inDoubt, balance, agree } = report
  if (!looked) return ['The desk has not looked at it yet; it does so within a minute.']
  const ago = durationText(Math.max(0, now.getTime() - looked.lookedAt.getTime()))
  return [
    `Looked ${ago} ago: orders, executions, positions`,
    ...(looked.failed ? [`⚠️ The last question was not answered: ${looked.failed.because}`] : []),
    ...(balance?.blocked ? [`⚠️ The broker has blocked the account: ${balance.blocked}`] : []),
    ...(agree ? ['✓ Books agree'] : []),
    ...gaps.flatMap((gap) =>
      gap.state === 'seen'
        ? [`⏳ ${gapText(gap)} A second look will tell.`, `   ${gapWords(gap.symbol)}`]
        : [`🚨 ${gapText(gap)}`, `   ${frozenText(gap)}`, `   ${gapWords(gap.symbol)}`],
    ),
    ...inDoubt.flatMap((one) => [doubtLine(one, now), `   ${doubtWords(one)}`]),
    ...external.map(
      ({ symbol, signedQuantity }) =>
        `👁️ ${symbol}: ${heldText(signedQuantity)} is external, and not touched; \`adopt ${symbol}\` makes it a position of the desk`,
    ),
    ...others.map((order) => `👁️ ${otherText(order)} is open there, and not the desk’s; ${othersHint(order.symbol)}`),
    ...(others.length > 0 ? ['   It may keep exits of the desk in the symbol from being taken'] : []),
    ...actions.map(({ kind, symbol, state, cash }) => {
      const what = { split: 'split', symbol: 'new symbol', dividend: 'dividend', cash_in_lieu: 'cash', other: 'action' }
      const amount = cash ? ` ${dollarsText(cash.abs())}` : ''
      const how = { waiting: 'waits until the quantity shows it', applied: 'applied', noted: 'noted' }[state]
      return `🔀 ${symbol}: ${what[kind]}${amount}, ${how}`
    }),
    ...ended.map((gap) => `· ${gap.symbol}: a difference is over: ${explanationText[gap.explainedBy ?? 'agrees']}`),
  ]
}
