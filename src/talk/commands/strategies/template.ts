import { Refusal } from '../../../base/refusal.ts'
import { schedulesOf } from '../../../strategies/runs/rows/schedules.ts'
import { dropTemplate, saveTemplate, type Template, templatesOf } from '../../../strategies/runs/templates.ts'
import { templateIn } from '../../language/screen-words.ts'
import { plain } from '../../language/words.ts'
import { settingText, titleOf } from '../../wording/strategies/names.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { runMeant, whichRun } from './run-meant.ts'

export const templates: Command = {
  name: 'template',
  aliases: ['templates', 'screen templates'],
  description: 'Keep a screen under a name of your own',
  category: 'Screeners',
  position: 406,
  effect: 'sets',
  usage: 'template [save NAME [N] | drop NAME]',
  example: 'template save tight 12',
  detail:
    'Keeps the screener and the parameters of a run (your last one, or run N) under a name. `screen NAME` runs it, `screen NAME min_score 80` with another value, `screen NAME every weekday at 4:15pm` on every exchange day. Alone it lists yours. A name that you have is replaced.',
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'what', type: 'text', description: 'save NAME, drop NAME' }],
  asks: () => false,
  async run(hearing, { words: given }) {
    const said = plain(given.rest ?? '')
    if (said === '' || said === 'list') return list(hearing)
    const [, saved, run] =
      /^save (?:as )?([a-z][a-z0-9_-]{0,39})(?: (?:of |from )?(?:run )?#?(\d{1,9}))?$/.exec(said) ?? []
    if (saved !== undefined) return save(hearing, saved, run === undefined ? undefined : Number(run))
    const [, dropped] = /^(?:drop|delete|remove) (\S{1,40})$/.exec(said) ?? []
    if (dropped !== undefined) return drop(hearing, dropped)
    const bad = /^save(?: as)?(?: (.*?))?(?: \d{1,9})?$/.exec(said)
    if (bad) return badName(bad[1] ?? '')
    if (/^(drop|delete|remove)$/.test(said)) return whichRun(said, 'template drop tight')
    return whichRun(said, 'template save tight 12')
  },
}

async function list({ parts, speaker }: Hearing): Promise<Outcome> {
  const own = await templatesOf(parts.db, speaker.memberId)
  if (own.length === 0)
    return say('🔎 You have no templates.\n💡 `template save NAME` keeps the screener and parameters of your last run')
  return say(
    [
      '🔎 YOUR TEMPLATES',
      ...own.map(lineOf),
      `💡 \`screen ${own[0]!.name}\` runs one, \`template drop ${own[0]!.name}\` drops it`,
    ].join('\n'),
  )
}

const lineOf = (one: Template) => `\`${one.name}\` · ${titleOf(one.strategy)} · ${settingText(one)}`

async function save(hearing: Hearing, name: string, number: number | undefined): Promise<Outcome> {
  const { parts, speaker } = hearing
  // A name that is read as something else could not be typed.
  if (templateIn(name) !== name) return badName(name)
  const run = await runMeant(hearing, number)
  if (run instanceof Refusal) return run
  if (run.kind !== 'screen')
    return new Refusal(
      'UNKNOWN_STRATEGY',
      `Run ${run.number} is a backtest, and a template keeps a screen. Nothing was saved.`,
      `\`rerun ${run.number}\` runs it again`,
    )
  const { strategy, parameters } = run
  const saved = await saveTemplate(parts, { memberId: speaker.memberId, name, strategy, parameters })
  if (saved instanceof Refusal) return saved.code === 'TEMPLATE_NAME' ? badName(name) : saved
  const { template, replaced } = saved
  return say(
    [
      `✓ Template ${lineOf(template)}`,
      ...(replaced
        ? [`It replaces the one that you had: ${titleOf(replaced.strategy)} · ${settingText(replaced)}`]
        : []),
      `💡 \`screen ${name}\` runs it, \`screen ${name} every weekday at 4:15pm\` by itself`,
    ].join('\n'),
  )
}

async function drop({ parts, speaker }: Hearing, name: string): Promise<Outcome> {
  const dropped = await dropTemplate(parts, speaker.memberId, name)
  if (dropped instanceof Refusal) return dropped
  const own = await schedulesOf(parts.db, speaker.memberId)
  const left = own.filter(({ templateName }) => templateName?.toLowerCase() === name.toLowerCase())
  return say([`✓ The template \`${name}\` is gone.`, ...schedulesLeft(left.map(({ number }) => number))].join('\n'))
}

/** A schedule has the values of its template from when it was made, and goes on with these. */
function schedulesLeft(numbers: number[]): string[] {
  const [first, ...more] = numbers
  if (first === undefined) return []
  const which = more.length === 0 ? `Schedule ${first} goes` : `Schedules ${numbers.join(', ')} go`
  return [
    `⏰ ${which} on with its values of then; \`screen schedule off ${first}\` ends ${more.length === 0 ? 'it' : 'one'}`,
  ]
}

function badName(name: string): Refusal {
  const said = name.replaceAll('"', '').slice(0, 40)
  const why = said === '' ? 'A template needs a name.' : `"${said}" cannot be the name of a template.`
  const sentence = `${why} Nothing was saved.`
  return new Refusal(
    'TEMPLATE_NAME',
    sentence,
    'A name is one word of letters, digits, - and _, and none that `screen` reads itself',
  )
}
