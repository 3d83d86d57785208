import type { Command } from '../commands/command.ts'
import { asksFirst } from '../language/classify.ts'
import { changesMoney } from '../language/effect.ts'
import { englishWords } from '../language/english.ts'
import { talkIn } from '../language/talk.ts'
import { longestCommand, type UnderstoodCommand, unwanted } from '../language/understand.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import type { Decision } from './decision.ts'
import type { Ears } from './ears.ts'
import { type HearingOutcome, refused, silence } from './outcome.ts'
import { notWhole } from './refusals.ts'
import type { Utterance } from './utterance.ts'

/**
 * Decides about a text that the grammar did not understand completely. An addressed text goes to the models, and then its writer
 * is pointed to help. The writer of a partial command is told which words were not understood. Other text is ignored.
 */
export function decideFurther(
  ears: Ears,
  utterance: Utterance,
  isAddressed: boolean,
  open?: PendingQuestion,
): Decision {
  const { text, partly } = utterance
  const quote = isAddressed ? ears.registry.byName('quote') : undefined
  const symbol = quote && symbolAlone(ears, text)
  if (quote && symbol) return { kind: 'run', registered: quote, given: { symbol }, open }
  const isOwnRefusal =
    partly?.leftover.length === 0 && partly.doubts.some((doubt) => doubt === 'text' || doubt === 'guess')
  if (isAddressed && partly && isOwnRefusal) return asWhole(partly)
  // A read-only command may run although a few of its words were not understood.
  if (isAddressed && partly && readsOn(ears, text, partly))
    return { kind: 'run', registered: partly.registered, given: partly.given, open }
  const otherwise = (): Decision => {
    if (isAddressed && partly?.leftover.length === 0) return asWhole(partly)
    if (partly && partly.leftover.length > 0)
      return { kind: 'say', outcome: refused(notWhole(partly), { command: partly.registered.name }) }
    return { kind: 'say', outcome: isAddressed ? notUnderstood(ears, text) : silence }
  }
  return isAddressed ? { kind: 'understand further', utterance, otherwise } : otherwise()
}

/** The symbol that is all of a text: `AAPL`, `$aapl`. An everyday word is one only in capitals. */
function symbolAlone({ parts: { market } }: Ears, text: string): string | undefined {
  const said = text.trim().replace(/[?!.]+$/, '')
  const word = said.replace(/^\$/, '')
  const isWord = said === word && word !== word.toUpperCase() && englishWords.has(word.toLowerCase())
  return isWord ? undefined : market.instrument(word.toUpperCase())?.symbol
}

/** Words without a meaning beside a command that shows something: they ask for nothing more, and nothing less. */
const idle = new Set(
  `me it is are be the for on of at in to with about this that here there going doing looking do does how what bro man dude sir guys pal
  boss chief buddy mate friend lol haha again quick ok okay good morning nice real ya yo like now please`.split(/\s+/),
)

/** Words of the length of bars, which charts and indicators read themselves. */
const bars = /^(\d+ ?[a-z]{1,2}|(minute|min|hour|day|week)s?|hourly|daily|weekly)$/

/** Is a text a read-only command at its beginning, with at most two words beside it, which mean nothing there? */
function readsOn({ registry }: Ears, text: string, understood: UnderstoodCommand<Command>): boolean {
  const { registered, leftover } = understood
  const begins = registry.match(text)?.registered === registered
  const isOfBars = registered.category === 'Indicators' || registered.name === 'chart'
  const isIdle = (word: string) => idle.has(word) || (isOfBars && bars.test(word))
  if (unwanted(understood).length > 0 || !leftover.every(isIdle)) return false
  return begins && !changesMoney(registered) && leftover.length <= 2 && talkIn(text) === undefined
}

/**
 * Treats a text with only understood words as a command, because it was addressed to the desk. A command that only refuses,
 * shows or asks runs at once; any other command is confirmed first.
 */
function asWhole(understood: UnderstoodCommand<Command>): Decision {
  const { registered, given, doubts } = understood
  const isHarmless =
    !changesMoney(registered) || doubts.includes('guess') || doubts.includes('text') || asksFirst(registered, given)
  const verdict = unwanted(understood).length > 0 ? 'refuses' : isHarmless ? 'acts' : 'confirms'
  return { kind: 'carry out', classified: { layer: 'command', understood, confidence: 0.5, verdict } }
}

/** Commands that sell a whole position or account. They are never suggested, because a suggestion is easily repeated. */
const emptying = new Set(['breaker', 'close', 'close all', 'scaleout', 'sell'])

function notUnderstood({ registry }: Ears, text: string): HearingOutcome {
  if (text.length > longestCommand) {
    const long = `🤷 That message has ${text.length} characters. I read commands of at most ${longestCommand}; nothing was done`
    return { replies: [{ text: long }], outcome: 'not_understood' }
  }
  const nearest = registry.nearest(text)
  const near = nearest && !emptying.has(nearest) ? nearest : undefined
  const instead = near ? `Did you mean \`${near}\`?` : 'Type `help` for what I understand'
  return { replies: [{ text: `🤷 I did not understand that. ${instead}` }], outcome: 'not_understood', reason: near }
}
