import { Refusal } from '../../../base/refusal.ts'
import { templatesOf } from '../../../strategies/runs/templates.ts'
import { strategies } from '../../../strategies/screeners/list.ts'
import type { Given } from '../../language/slots.ts'
import { plain } from '../../language/words.ts'
import { titleOf } from '../../wording/strategies/names.ts'
import { pastLine } from '../../wording/strategies/past.ts'
import { type Command, choose, type Hearing, numbered, type Outcome, say } from '../command.ts'
import { parametersOf } from './corrections.ts'
import { queueText } from './queue-text.ts'
import { readScreen } from './read-screen.ts'
import { scheduleScreen, schedules, whichSchedule } from './schedules.ts'
import { start } from './start.ts'

export const screen: Command = {
  name: 'screen',
  aliases: ['screener', 'screeners'],
  phrases: [
    {
      full: `run screen, run screener, start screen, start screener, new screen, list screeners, which screeners are there,
        what screeners are there, scan market, screen market, screen stocks`,
    },
    { says: 'queue', full: 'screener queue, run queue' },
    { says: 'breakout', full: 'find breakouts, scan for breakouts, find me breakouts, show me breakouts' },
  ],
  description: 'Look through many symbols for those that fit a strategy',
  category: 'Screeners',
  position: 400,
  effect: 'sets',
  usage:
    'screen [STRATEGY | TEMPLATE] [UNIVERSE] [PARAMETER VALUE …] [every weekday at TIME] | queue | schedules | schedule off N',
  example: 'screen breakout sp500 min_score 60',
  detail: detailText(),
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'what', type: 'text', description: 'breakout sp500 min_score 60' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    const said = plain(given.rest ?? '')
    if (given.instead === 'no') return say('OK, nothing was started.')
    if (said === 'queue') return say(await queueText(hearing))
    const ended = /^schedules?(?: list| (off|end|cancel)(?: (\d{1,6}|all))?)?$/.exec(said)
    if (ended?.[1] !== undefined && ended[2] === undefined) return whichSchedule()
    if (ended) return schedules(hearing, ended[2])
    return screenWith(hearing, given)
  },
}

/** Reads the words, asks for what is missing or wrong, and starts the run or keeps its schedule. */
async function screenWith(hearing: Hearing, given: Given): Promise<Outcome> {
  const read = await readScreen(hearing, given)
  if (read === 'nothing') return askWhich(hearing, given)
  if (read instanceof Refusal || 'ask' in read) return read
  const parameters = parametersOf(read, given)
  if (parameters instanceof Refusal || 'ask' in parameters) return parameters
  const asked = { ...read, parameters: parameters.values }
  return read.recurrence ? scheduleScreen(hearing, asked, given) : start(hearing, asked, given)
}

/** Lists the screeners, and asks which one. */
async function askWhich({ parts, speaker }: Hearing, given: Given): Promise<Outcome> {
  const templates = await templatesOf(parts.db, speaker.memberId)
  const lines = strategies.map(({ title, summary }) => `${title} - ${summary}`)
  const names = templates.map(({ name, strategy }) => `\`${name}\` (${titleOf(strategy)})`)
  const text = [
    '🔎 SCREENERS',
    numbered(lines),
    ...(names.length > 0 ? [`Your templates: ${names.join(', ')}`] : []),
    '',
    `💡 Reply with a number, or say more at once: \`${screen.example}\``,
  ].join('\n')
  const choices = strategies.map(({ name, aliases, title }) => {
    return { value: aliases[0] ?? name, label: title, aliases: [name, ...aliases] }
  })
  return choose('strategy', 'Which screener?', text, choices, given)
}

/** A function, because the list of screeners is read when the desk has loaded. */
function detailText(): string {
  const named = strategies.map(({ name, aliases, summary }) => {
    const past = pastLine(name)
    return `\`${aliases[0] ?? name}\`: ${summary}${past === undefined ? '' : ` (${past})`}.`
  })
  return [
    `Goes over all symbols of a universe in the background, and lists those that pass by their score.`,
    ...named,
    'Each is a filter and no edge: the difference is small beside its deviation (docs/strategies.md).',
    'Universes are `market` (all of it, unless you say another), `sp500`, `watchlist`, `positions` and `file NAME`; `tickers AMD NVDA` names symbols. `min_score 60` sets a parameter; a wrong value is asked for again with its range.',
    'The message in the thread follows the run; `cancel run N` ends it, `results N` goes on with its list. `priority high`, `notify` (a direct message at the end) and `email` (a mail to your confirmed address) may stand in any place.',
  ].join('\n')
}
