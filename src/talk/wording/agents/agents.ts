import type { AgentNotice } from '../../../agents/notices.ts'
import { type AgentBacktest, cutBy } from '../../../agents/rules/agent.ts'
import { Big } from '../../../base/amounts.ts'
import { dollarsText, percentText, profitText, quantityText } from '../../../base/format.ts'
import { reasonText } from '../not-traded.ts'
import type { WordingOf } from '../wording-of.ts'
import { agentName, decisionText, refusedText, wishesText } from './words.ts'

export const agentWording: WordingOf<AgentNotice> = {
  'agent.begins': ({ agent, backtest, caution }) =>
    [
      `🤖 ${agentName(agent)}: its backtest is done, and it trades PAPER from the next close on`,
      backtestText(backtest),
      ...backtest.lacking.map((one) => `⚠️ ${one}`),
      ...(caution === undefined ? [] : [`⚠️ ${caution}`]),
      `💡 \`agent ${agent.id}\` shows it, \`agent ${agent.id} pause\` lets it rest`,
    ].join('\n'),

  'agent.waits': ({ agent, because }) =>
    [
      `⚠️ ${agentName(agent)} stays in its backtest: ${because}`,
      `💡 It tries again every ten minutes; \`agent ${agent.id} stop\` ends it`,
    ].join('\n'),

  'agent.day': ({ agent, day, decisions, equity, dayBefore, realized, orders, missed, differences }) => {
    const change = dayBefore?.gt(0) ? ` (${percentText(equity.div(dayBefore).minus(1))})` : ''
    const done =
      orders === 0
        ? 'no orders yet'
        : `${orders} ${orders === 1 ? 'order' : 'orders'}, ${profitText(realized)} realized`
    return [
      `🤖 ${agentName(agent)} · close of ${day} · PAPER`,
      ...(missed.length > 0
        ? [
            `⚠️ Missed ${missed.length === 1 ? missed[0] : `${missed.length} days, ${missed[0]} to ${missed.at(-1)}`}: the desk was not there in time`,
          ]
        : []),
      ...decisions.map((one) => `${one.symbol}: ${decisionText(one)}`),
      ...differences.map(
        ({ symbol, day: on, kept, now }) =>
          `⚠️ ${symbol} would be decided otherwise on ${on} by the bars of today: then ${wishesText(kept)}, now ${wishesText(now)}`,
      ),
      `Account ${dollarsText(equity)}${change} · the agent: ${done}`,
    ].join('\n')
  },

  'agent.rejected': ({ agent, decision: { symbol, day, entry }, code, because }) =>
    [
      `✗ Not traded: ${code} — ${because ?? refusedText(entry)}`,
      `${agentName(agent)} · ${symbol} · close of ${day}`,
      `💡 \`why agent ${agent.id}\` shows its decisions`,
    ].join('\n'),

  'agent.cut': ({ agent, decision: { symbol, day, entry } }) =>
    [
      `✂️ ${quantityText(entry!.ordered)} ${symbol} instead of ${quantityText(entry!.wanted)}: ${cutBy(entry)!.code} — ${reasonText(cutBy(entry)!)}`,
      `${agentName(agent)} · ${symbol} · close of ${day}`,
    ].join('\n'),

  'agent.halted': ({ agent, by }) =>
    [
      `🛑 ${agentName(agent)} is halted: ${by.code} — ${reasonText(by, 'is')}`,
      'It opens nothing. Its exits, stops and targets go on.',
      `💡 An owner lets it go on: \`agent ${agent.id} resume\``,
    ].join('\n'),
}

/** `2012-12-06 to 2017-01-03, 1,260 days: +12.30%, buy and hold +40.10% · 31 trades, 45.16% won · Sharpe 0.42 · max drawdown -11.20%` */
export function backtestText({ from, to, days, ...figures }: AgentBacktest): string {
  const { returnPct, heldReturnPct, trades, winRatePct, sharpe, maxDrawdownPct } = figures
  return [
    `Backtest ${from} to ${to}, ${days} days: ${percentOf(returnPct)}, buy and hold ${percentOf(heldReturnPct)}`,
    `${trades} ${trades === 1 ? 'trade' : 'trades'}${winRatePct === null ? '' : `, ${winRatePct.toFixed(2)}% won`}`,
    `Sharpe ${sharpe === null ? 'none' : sharpe.toFixed(2)}`,
    `max drawdown ${percentOf(maxDrawdownPct)}`,
  ].join(' · ')
}

const percentOf = (percent: number | null) =>
  percent === null ? 'none' : percentText(new Big(percent.toFixed(4)).div(100))
