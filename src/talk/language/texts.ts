import { isAgent } from './agent-words.ts'
import { isBacktest } from './backtest-words.ts'
import { englishWords } from './english.ts'
import type { Handler, Registry } from './registry.ts'
import { isScreen, isSweep } from './screen-words.ts'

/** A run of a screener by its number: `12`, `run 12`, `#12`; also a number that no run has. */
const run = String.raw`(the )?(run )?#?-?\d{1,9}`

/** A list of results, and where it goes on: `next`, `failed page 2`. */
const list = String.raw`((passed|failed|skipped|errors?)( (next|more|page \d{1,6}))?|next|more|page \d{1,6})`

/** The words behind `results` that name a run or a list. A symbol alone is of the last run, unless it is a word of every day. */
const results = new RegExp(`^((of|for|from) )?${run}(,? ${list}|,? \\$?[a-z][a-z0-9./-]{0,19})?$|^${list}$`)

/** The valid forms of text behind commands that take only text. Other text is an ordinary sentence that begins like a command. */
const forms: Record<string, { test(rest: string): boolean }> = {
  dashboard: /^(please|here|now)$/,
  sessions: /^(list|(end|close|revoke) (all|\d+))$/,
  token: /^(list|(new|make|create) .+|(end|revoke|delete) \S+|(allow|deny) .+)$/,
  hook: /^(list|new|(end|revoke|delete) (all|\d+))$/,
  mute: /^((for )?\d+(\.\d+)? ?[a-z]{1,7}|[a-z]+[._][a-z._]+|(stop|target|volume|volatility|position|milestone|correlation) [a-z ]{3,20}|all|alerts)$/,
  unmute:
    /^([a-z]+[._][a-z._]+|(stop|target|volume|volatility|position|milestone|correlation) [a-z ]{3,20}|all|alerts|here)$/,
  quiet: /^(off|on|(hours )?(from )?\d{1,2}(:\d\d)?.{0,40})$/,
  alerts: /^(off|on|here( (critical|high|medium|low))?|(critical|high|medium|low))$/,
  guardian: /^((auto|ask|on|off|mode|status)( please| pls| plz| now)?|[a-z.-]{1,9} \d{1,2})$/,
  model: /^(off|on) [a-z-]{1,20}( (please|pls|plz|now))?$/,
  models: /^(list|please|pls|here|now)$/,
  thresholds: /^[a-z]{2,12}( (default|[\d.,%hx ]{1,60}))?$/,
  limits:
    /^((<@!?\w{1,40}(\|[^>]{0,80})?>|discord:\d+|slack:\w+:\w+|@\S{1,40})( |$))?((orders?|working|scheduled|size|units?)( (off|default|\$?[\d.,]{1,20}[km]?))?)?$/,
  confirm: /^(above .{1,20}|default|nothing|never|off|everything|always|\$?[\d.,]+[km]?)$/,
  timezone: /^([a-z]+\/[a-z_/+-]+|utc|gmt|[a-z]{2,4}|default|[a-z]+( [a-z]+)?|utc ?[+-]\d{1,2})$/,
  email: /^(off|\d{6}|<?[^\s@]{1,64}@[^\s@]{3,200}>?)$/,
  notify: /^(on|off|me|here|dm|yes|no|always|never|status)$/,
  alias: /^(list|.{1,40}(=|:| means ).{1,80})$/,
  unalias: /^\S+( \S+){0,3}$/,
  use: /^[a-z][a-z0-9_-]{0,19}$/,
  account: /^(new|open)( [a-z0-9$.,_'"-]{1,60}){0,8}$/,
  split: /^\$?\S{1,20} [\d.,]{1,20} ?(:| for |-for-) ?[\d.,]{1,20}(,? (cash|at|@).{1,20})?$/,
  rename: /^\$?\S{1,20} ((to|as|into|=|->|→|is now) )?\$?\S{1,20}$/,
  agents: /^(list|all|please|pls)$/,
  agent: /^(list|#?\d{1,9}( (pause|rest|resume|go on|stop|end))?)$/,
  'agent new': { test: isAgent },
  'why agent': /^#?\d{1,9}( \$?[a-z][a-z0-9./-]{0,19})?$/,
  backtest: { test: isBacktest },
  screen: { test: isScreen },
  sweep: { test: isSweep },
  runs: new RegExp(`^(stats|statistics|queue|list|all|page \\d{1,6}|${run})$`),
  results: {
    test: (rest) => results.test(rest) || (/^\$?[a-z][a-z0-9./-]{0,9}$/.test(rest) && !englishWords.has(rest)),
  },
  'cancel run': new RegExp(`^(${run}|all)$`),
  'compare run': new RegExp(`^(runs )?${run}(,? ?((and|with|to|against|vs\\.?) )?${run})?$`),
  template: /^(list|(save|drop|delete|remove)( .{1,120})?)$/,
  rerun: new RegExp(`^${run}$`),
}

/** Is this text valid behind the command? A command without a form takes any text. */
export function takesText(command: string, rest: string): boolean {
  return rest === '' || (forms[command]?.test(rest) ?? true)
}

/** Commands whose text names a thing that people have named themselves. */
const ofNames = new Set(['token', 'use', 'account', 'unlink', 'template'])

/** Does a text name such a thing, in the form of its command? */
export function namesOwn(registry: Pick<Registry<Handler>, 'match'>, text: string): boolean {
  const match = registry.match(text)
  return (
    match !== undefined &&
    match.rest !== '' &&
    ofNames.has(match.registered.name) &&
    takesText(match.registered.name, match.rest)
  )
}

const toDesk =
  /\b(yourself|urself|the (desk|bot)|for now|for (a|the) (bit|while|sec|second|moment)|please|pls|plz|thanks|thx)\b/g

/** Commands that count only with text in their form, because everyday sentences begin with the same words. */
const onlyInForm = new Set(
  ['use', 'account', 'model', 'models', 'token', 'hook', 'sessions', 'dashboard'].concat([
    'runs',
    'results',
    'cancel run',
    'compare run',
    'template',
    'rerun',
    'agent',
    'agents',
    'agent new',
    'why agent',
  ]),
)

/** Commands whose name alone, as a question, is rather said to the others: `why?`, `results?`. */
export const asksOthers: ReadonlySet<string> = new Set(['why', 'runs', 'results'])

/** Does a sentence only begin like a command? `use a limit order` names no account. */
export function isOtherSentence(command: string, rest: string): boolean {
  return onlyInForm.has(command) && !takesText(command, rest)
}

/** `limits for trading here`, `limits on my account` */
const ofLimits =
  /^((for|of|on|in) )?((this|my|the) account|(my )?trading|here|now|today|please|pls)( here| now| please| pls)?$/

/** Removes meaningless words from the text behind a command: `mute yourself for now` is `mute`. */
export function meantOf(command: string, rest: string): string {
  if (command === 'use') return accountIn(rest)
  if (command === 'limits') return rest.replace(ofLimits, '').trim()
  if (command !== 'mute') return rest
  return rest.replace(toDesk, ' ').replace(/\s+/g, ' ').trim()
}

/** Extracts the account's name: `the swing account here` names swing. */
function accountIn(rest: string): string {
  const bare = rest.replace(/^(my|the|account) /, '').replace(/( account)?( here| now| please| pls)?$/, '')
  return bare.replace(/^["'`]+|["'`]+$/g, '')
}
