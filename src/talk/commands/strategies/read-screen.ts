import { Refusal } from '../../../base/refusal.ts'
import { type Template, templatesOf } from '../../../strategies/runs/templates.ts'
import { strategies } from '../../../strategies/screeners/list.ts'
import type { Strategy } from '../../../strategies/screeners/strategy.ts'
import { parameterNames, type ScreenWords, screenFrom, slipIn, strategyNear } from '../../language/screen-words.ts'
import type { Given } from '../../language/slots.ts'
import { plain } from '../../language/words.ts'
import { type Ask, choose, type Hearing, numbered } from '../command.ts'

/** A screen that was read whole; its parameters are still as typed. */
export interface ReadScreen extends Omit<ScreenWords, 'strategy' | 'parameters'> {
  strategy: Strategy
  /** Typed values, over those of the template. */
  typed: Record<string, unknown>
  template?: Template
  /** Nothing was typed over the template, so that it counts as it will be. */
  isTemplateAlone: boolean
  /** The words, for the next question of the flow. */
  text: string
}

/** The strategies, and a member's templates in their shape: a template's name is one more name of its strategy. */
interface Known {
  all: Strategy[]
  templateOf(strategy: Strategy): Template | undefined
}

/** The screeners and templates that a member may name. */
async function knownTo({ parts, speaker }: Pick<Hearing, 'parts' | 'speaker'>): Promise<Known> {
  const templates = await templatesOf(parts.db, speaker.memberId)
  const own = templates.flatMap((template) => {
    const strategy = strategies.find(({ name }) => name === template.strategy)
    return strategy ? [{ template, named: { ...strategy, name: template.name, aliases: [] } as Strategy }] : []
  })
  return {
    all: [...strategies, ...own.map(({ named }) => named)],
    templateOf: (strategy) => own.find(({ named }) => named === strategy)?.template,
  }
}

/**
 * Reads the words of `screen` or `sweep`, with the answers so far: a screen, a question about words that were not understood, or a
 * refusal that names them. `nothing`: no screener is named, and nothing was in its place.
 */
export async function readScreen(
  hearing: Hearing,
  given: Given,
  command: 'screen' | 'sweep' = 'screen',
): Promise<ReadScreen | Ask | Refusal | 'nothing'> {
  const { all, templateOf } = await knownTo(hearing)
  const rest = plain(given.rest ?? '')
  const text = given.instead === 'yes' ? (given.meant ?? rest) : [given.strategy, rest].filter(Boolean).join(' ')
  if (text === '') return 'nothing'
  const isSymbol = (word: string) => hearing.parts.market.instrument(word) !== undefined
  const words = screenFrom(all, text, isSymbol)
  if (!words.strategy && words.name === undefined) return 'nothing'
  if (!words.strategy || words.unread.length > 0) {
    const meant = withoutSlips(all, text, isSymbol)
    return meant === undefined ? notUnderstood(all, words, command) : askInstead(command, meant)
  }
  if (words.doubled !== undefined) return saidTwice(words.doubled)
  if (words.universes) return twoUniverses(words.universes)
  const template = templateOf(words.strategy)
  const strategy = template ? strategies.find(({ name }) => name === template.strategy)! : words.strategy
  return {
    ...words,
    strategy,
    text,
    typed: { ...template?.parameters, ...withoutUniverse(template, words.parameters), ...words.parameters },
    ...(template && { template }),
    isTemplateAlone: template !== undefined && Object.keys(words.parameters).length === 0,
  }
}

/** A universe that is typed replaces the one of the template, and its symbols. */
function withoutUniverse(template: Template | undefined, typed: Record<string, string>): Record<string, undefined> {
  if (!template || !(typed.universe_source ?? typed.tickers ?? typed.file)) return {}
  return { universe_source: undefined, tickers: undefined, file: undefined }
}

/** Slips of one text that are put right; more make it another text. */
const mostSlips = 3

/** The text with its misspelled names put right; undefined when words stay that mean nothing, or may mean several things. */
function withoutSlips(known: Strategy[], text: string, isSymbol: (word: string) => boolean): string | undefined {
  let meant = text
  for (let slips = 0; slips <= mostSlips; slips++) {
    const words = screenFrom(known, meant, isSymbol)
    if (words.strategy && words.unread.length === 0) return slips > 0 ? meant : undefined
    const near = words.strategy ? undefined : strategyNear(known, words.name ?? '')
    const slip = near ? { said: words.name!, meant: near.aliases[0] ?? near.name } : slipIn(words)
    if (!slip) return undefined
    meant = meant.replace(slip.said, slip.meant)
  }
  return undefined
}

/** The refusal of words that mean nothing here, with those that do. */
function notUnderstood(
  known: Strategy[],
  { strategy, name = '', unread }: ScreenWords,
  command: 'screen' | 'sweep',
): Refusal {
  if (!strategy) {
    const names = known.map((one) => one.aliases[0] ?? one.name)
    const sentence = `I know no screener and no template "${name.slice(0, 40)}". Nothing was started.`
    return new Refusal('UNKNOWN_STRATEGY', sentence, `\`screen\` lists them: ${names.join(', ')}`)
  }
  const sentence = `I did not understand "${unread.join(' ').slice(0, 60)}". Nothing was started.`
  const names = parameterNames(strategy).join(', ')
  const isRange = command === 'sweep' && /^[\d.]+$/.test(unread[0] ?? '')
  const hint = isRange
    ? 'Values of a parameter are such as `min_score 60..80 by 5`'
    : (hintFor(unread) ?? `Parameters: ${names}; \`help screen\` tells more`)
  return new Refusal('NOT_UNDERSTOOD', sentence, hint)
}

/** The values that were wanted in the place of words that mean nothing; undefined when no word says which. */
function hintFor(unread: readonly string[]): string | undefined {
  const [first = ''] = unread
  if (unread.includes('priority')) return '`priority` takes low, normal or high'
  if (['every', 'each'].includes(first))
    return 'The exchange has no other days than `every weekday` and `every monday` to `every friday`'
  if (first === 'at' || /^\d{1,2}(:|am|pm)/.test(first))
    return 'A time is such as `at 4:15pm`, `at 16:15` or `at the close`'
  return undefined
}

function saidTwice(name: string): Refusal {
  return new Refusal('NOT_UNDERSTOOD', `\`${name}\` is said twice. Nothing was started.`, 'Say one value of it')
}

function twoUniverses([one, other]: [string, string]): Refusal {
  const sentence = `\`${one}\` and \`${other}\` are two universes. Nothing was started.`
  return new Refusal('NOT_UNDERSTOOD', sentence, 'Say one of them, or name symbols with `tickers`')
}

/** Asks whether these words were meant. */
function askInstead(command: 'screen' | 'sweep', meant: string): Ask {
  const text = [
    `🤔 Did you mean \`${command} ${meant}\`?`,
    numbered(['YES - Do it', 'NO - Leave it']),
    '',
    '💡 Reply with 1 or 2',
  ]
  const choices = [
    { value: 'yes', label: 'Yes', aliases: ['y', 'yep', 'yeah', 'ok'] },
    { value: 'no', label: 'No', aliases: ['n', 'nope'] },
  ]
  return choose('instead', 'Did you mean?', text.join('\n'), choices, { meant })
}
