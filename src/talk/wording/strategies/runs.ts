import { durationText } from '../../../base/format.ts'
import type { RunNotice } from '../../../strategies/runs/notices.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { isEnd } from '../../../strategies/runs/rules/run-state.ts'
import { codeGoodMs } from '../../../trading/accounts/rows/emails.ts'
import type { WatchSentences } from '../../../watch/notices.ts'
import type { Action } from '../../chat/action.ts'
import { linesIn } from '../../chat/columns.ts'
import type { WordingOf } from '../wording-of.ts'
import { endedReply } from './ended.ts'
import { scoredOf, scoreText } from './hits.ts'
import { runName, titleOf } from './names.ts'
import { barText, followHeading, hitsText, stateText } from './progress.ts'
import { sweepColumns } from './sweeps.ts'

export const runWording: WordingOf<RunNotice> = {
  'run.queued': ({ run, position, expectedStart, now }) => {
    const wait = Math.max(1000, expectedStart.getTime() - now.getTime())
    const before = position === 1 ? '1 run is' : `${position} runs are`
    const state =
      position === 0 ? 'starts now' : `${before} before it, it is expected to start in about ${durationText(wait)}`
    return {
      text: [followHeading(run), `${barText(0)} · ${state}`, `💡 \`cancel run ${run.number}\` ends it`].join('\n'),
      actions: cancelActions(run),
    }
  },

  'run.progress': ({ run, hits }) => {
    const best = scoredOf(hits).map(({ symbol, score }) => `${symbol} ${scoreText(score)}`)
    const found = run.passedCount > 0 ? [[hitsText(run), best.join(', ')].filter(Boolean).join(': ')] : []
    const lines = [followHeading(run), `${barText(run.progressPercent)} · ${stateText(run)}`]
    if (isEnd(run.state)) return { text: lines.join('\n'), actions: [] }
    const cancel = run.state === 'cancelling' ? [] : [`💡 \`cancel run ${run.number}\` ends it`]
    return { text: [...lines, ...found, ...cancel].join('\n'), actions: cancelActions(run) }
  },

  'run.line': ({ run }) => {
    const hits = run.passedCount > 0 && !isEnd(run.state) ? ` · ${hitsText(run)}` : ''
    return `${run.kind === 'backtest' ? '🧪' : '🔎'} RUN ${run.number} ${barText(run.progressPercent)} · ${stateText(run)}${hits}`
  },

  'run.ended': (ended) => ofMember(endedReply(ended)),

  'run.told': (ended) => {
    const { text, columns, kept } = endedReply(ended)
    return { text, ...(columns && { columns }), ...(kept && { kept }) }
  },

  'run.untold': ({ run, by, because, attempts }) => {
    const how = by === 'email' ? 'by e-mail' : 'to its webhook'
    const tried = attempts === 1 ? '' : ` It was tried ${attempts} times.`
    const lines = [
      `⚠️ ${runName(run)}: its end could not be told ${how}, because ${because}.${tried} It is not tried again.`,
      `💡 \`${run.kind === 'backtest' ? 'run' : 'results'} ${run.number}\` shows it`,
    ]
    return ofMember({ text: lines.join('\n') })
  },

  'email.code': ({ code }) =>
    [
      `${code} is your code`,
      '',
      `Say \`email ${code}\` to the desk within ${codeGoodMs / 60_000} minutes. Then it can write to this address when a run ends.`,
      'Nobody at the desk asks for this code. If you did not ask for it, there is nothing to do.',
    ].join('\n'),

  'email.undelivered': ({ because }) =>
    ofMember({
      text: `⚠️ Your code was not sent, because ${because}. Your address was not changed.\n💡 Look at the address, and say \`email you@example.com\` again`,
    }),

  'sweep.ended': ({ parameter, runs }) => {
    const columns = sweepColumns(parameter, runs)
    const [first, second] = runs.map(({ run }) => run.number)
    const text = [
      `🏁 SWEEP · ${titleOf(runs[0]?.run.strategy ?? '')} · ${parameter}`,
      ...linesIn(columns),
      ...(second === undefined ? [] : [`💡 \`compare run ${first} ${second}\` shows which symbols differ`]),
    ].join('\n')
    return ofMember({ text, columns })
  },

  'schedule.refused': ({ number, strategy, templateName, refusal }) =>
    [
      `⚠️ SCHEDULE ${number} · ${templateName ?? titleOf(strategy)} was due and did not run`,
      refusal.text.replace(/^⚠️ /, ''),
      `💡 It tries again at its next time; \`screen schedule off ${number}\` ends it`,
    ].join('\n'),
}

/** A message that is posted later than the words that it answers names its member among several people. */
const ofMember = (said: WatchSentences): WatchSentences => ({ ...said, ofMember: 'always' })

/** The button that ends a run; none without an account, by which a press is known for its member's. */
export function cancelActions({ accountId, number }: Run): Action[][] {
  if (accountId === undefined) return []
  const options = { run: String(number) }
  return [[{ label: `Cancel run ${number}`, command: 'cancel run', options, account: accountId, ends: true }]]
}
