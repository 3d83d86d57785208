import { runnableBacktests } from '../../../backtest/runs/runnable.ts'
import { Refusal } from '../../../base/refusal.ts'
import { type BacktestWords, backtestFrom, backtestSlip } from '../../language/backtest-words.ts'
import type { Given } from '../../language/slots.ts'
import { type Command, choose, enter, type Hearing, numbered, type Outcome, say } from '../command.ts'
import { askFor, correctionsIn, parametersOf } from './corrections.ts'
import { startRun } from './start.ts'

const examples = [
  '`backtest sma-cross GOOG 2004..2013`',
  '`backtest bracket BYND stop 5% target 10%`',
  '`backtest buy-and-hold SPY last 3 years`',
]

export const backtest: Command = {
  name: 'backtest',
  aliases: ['back test', 'backtests'],
  phrases: [{ full: 'run backtest, start backtest, new backtest, list backtests' }],
  description: 'Play a strategy over recorded days',
  category: 'Screeners',
  position: 408,
  effect: 'sets',
  usage: 'backtest [STRATEGY] [SYMBOL …] [FROM..TO | last N years] [PARAMETER VALUE …]',
  example: 'backtest sma-cross GOOG 2004..2013',
  detail: detailText(),
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'what', type: 'text', description: 'sma-cross GOOG 2004..2013 fast 10 slow 30' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    if (given.instead === 'no') return say('OK, nothing was started.')
    const text =
      given.instead === 'yes'
        ? (given.meant ?? '')
        : [given.strategy, given.rest, given.over].filter(Boolean).join(' ').trim()
    const { market, runs } = hearing.parts
    const known = new Set(runs.bars.symbols())
    const words = backtestFrom(text, (word) => known.has(word) || market.instrument(word) !== undefined)
    return start(hearing, given, text, words)
  },
}

/** Asks for what is missing or wrong, and starts the run. */
async function start(hearing: Hearing, given: Given, text: string, words: BacktestWords): Promise<Outcome> {
  const { strategy, parameters, unread, doubled } = words
  if (unread.length > 0) return notUnderstood(text, words)
  if (!strategy) return askWhich(text)
  if (doubled !== undefined)
    return new Refusal(
      'NOT_UNDERSTOOD',
      `\`${doubled}\` is said twice. Nothing was started.`,
      'Say one value of it; days are such as `2004..2013`',
    )
  const corrected = correctionsIn(given)
  if (parameters.tickers === undefined && corrected.tickers === undefined)
    return askSymbols(hearing, text, strategy.title)
  const read = { strategy, text, typed: parameters }
  const values = parametersOf(read, given)
  if (values instanceof Refusal || 'ask' in values) return values
  const started = await startRun(hearing, { kind: 'backtest', strategy: strategy.name, parameters: values.values })
  return started instanceof Refusal ? (askFor(read, started, corrected) ?? started) : started
}

/** Lists the strategies, and asks which one. */
function askWhich(rest: string): Outcome {
  const text = [
    '🧪 BACKTESTS play a strategy over recorded days, and say what it would have made',
    numbered(runnableBacktests.map(({ title, name, summary }) => `${title} (\`${name}\`) - ${summary}`)),
    '',
    `💡 Reply with a number, or say it at once: ${examples.join(', ')}`,
  ].join('\n')
  const choices = runnableBacktests.map(({ name, title, aliases }) => ({
    value: name,
    label: title,
    aliases: [...aliases],
  }))
  return choose('strategy', 'Which strategy?', text, choices, rest === '' ? {} : { rest })
}

function askSymbols({ speaker }: Hearing, text: string, title: string): Outcome {
  const example = speaker.symbol ?? 'SPY'
  const question = [
    `❓ ${title}: over which symbols?`,
    `💡 Reply with one or several, such as \`${example}\`; days and parameters may follow: \`${example} last 3 years\``,
  ].join('\n')
  return enter('over', 'text', 'Which symbols?', question, { rest: text })
}

function notUnderstood(text: string, words: BacktestWords): Outcome {
  const slip = backtestSlip(words)
  if (slip) {
    const meant = text.replace(slip.said, slip.meant)
    const question = [
      `🤔 Did you mean \`backtest ${meant}\`?`,
      numbered(['YES - Do it', 'NO - Leave it']),
      '',
      '💡 Reply with 1 or 2',
    ].join('\n')
    const choices = [
      { value: 'yes', label: 'Yes', aliases: ['y', 'yep', 'yeah', 'ok'] },
      { value: 'no', label: 'No', aliases: ['n', 'nope'] },
    ]
    return choose('instead', 'Did you mean?', question, choices, { meant })
  }
  const { strategy, unread } = words
  const sentence = `I did not understand "${unread.join(' ').slice(0, 60)}": it is no symbol of this market${strategy ? `, and no parameter of ${strategy.name}` : ''}. Nothing was started.`
  const instead = strategy
    ? `Parameters: ${Object.keys(strategy.parameters.shape)
        .filter((name) => name !== 'tickers')
        .join(', ')}`
    : `For example ${examples.join(', ')}`
  return new Refusal('NOT_UNDERSTOOD', sentence, instead)
}

/** A function, because the list of strategies is read when the desk has loaded. */
function detailText(): string {
  return [
    'Plays a strategy over finished daily bars in the background, and tells its figures beside buy-and-hold with a picture.',
    ...runnableBacktests.map(({ name, summary }) => `\`${name}\`: ${summary}.`),
    'Days are such as `2004..2013`, `2015-03-01..2016`, `since 2010` or `last 3 years`; without them all days count. Money and costs have names: `cash 10000`, `commission 0.1`, `slippage 5`, `spread 2`, `fee 1`, `borrow 3`; without them nothing costs anything.',
    'The message in the thread follows the run; `cancel run N` ends it, `results N` lists its trades, `compare run N M` puts two beside each other. Simulated fills are not live fills, and the past is no promise (docs/backtest.md).',
  ].join('\n')
}
