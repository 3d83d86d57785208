import type { Command } from '../commands/command.ts'
import { asksFirst } from '../language/classify.ts'
import { changesMoney } from '../language/effect.ts'
import { noSymbols } from '../language/english.ts'
import { talkIn } from '../language/talk.ts'
import { type Understood, unwanted } from '../language/understand.ts'
import type { Decision } from './decision.ts'
import type { Ears } from './ears.ts'
import { type HearingOutcome, refused, silence } from './outcome.ts'
import { notWhole } from './refusals.ts'
import type { Utterance } from './utterance.ts'

/**
 * Decides about a text that the grammar did not understand whole: it goes to the models when it was said to the desk; else
 * its writer is told what was not understood of a command, or where to find help.
 */
export function decideFurther(ears: Ears, utterance: Utterance, isAddressed: boolean): Decision {
  const { text, partly } = utterance
  const isOwnRefusal =
    partly?.leftover.length === 0 && partly.doubts.some((doubt) => doubt === 'text' || doubt === 'guess')
  if (isAddressed && partly && isOwnRefusal) return asWhole(partly)
  // A command that only shows, and reads its words itself, need not be understood whole.
  if (isAddressed && partly && readsOn(ears, text, partly))
    return { kind: 'run', registered: partly.registered, given: partly.given }
  const otherwise = (): Decision => {
    if (isAddressed && partly?.leftover.length === 0) return asWhole(partly)
    if (partly && partly.leftover.length > 0)
      return { kind: 'say', outcome: refused(notWhole(partly), { command: partly.registered.name }) }
    return { kind: 'say', outcome: isAddressed ? notUnderstood(ears, text) : silence }
  }
  return isAddressed ? { kind: 'understand further', utterance, otherwise } : otherwise()
}

/** Does a text begin with a command that only shows, with few words behind it that the grammar made nothing of? */
function readsOn({ registry }: Ears, text: string, { registered, given, leftover }: Understood<Command>): boolean {
  const begins = registry.match(text)?.registered === registered
  // A word that may be a symbol is never answered with the figures of the thread's.
  const isNamed = (given.symbol ?? given.symbols) !== undefined
  if (!isNamed && !leftover.every((word) => noSymbols.has(word) || /^\d/.test(word))) return false
  return begins && !changesMoney(registered) && leftover.length <= 2 && talkIn(text) === undefined
}

/** A command of which every word is understood, and which says little: to the desk it is one. It may refuse, show or ask; whatever does more is asked about. */
function asWhole(understood: Understood<Command>): Decision {
  const { registered, given, doubts } = understood
  const isHarmless =
    !changesMoney(registered) || doubts.includes('guess') || doubts.includes('text') || asksFirst(registered, given)
  const verdict = unwanted(understood).length > 0 ? 'refuses' : isHarmless ? 'acts' : 'confirms'
  return { kind: 'carry out', classified: { layer: 'command', understood, confidence: 0.5, verdict } }
}

function notUnderstood({ registry }: Ears, text: string): HearingOutcome {
  const near = registry.nearest(text)
  const instead = near ? `Did you mean \`${near}\`?` : 'Type `help` for what I understand'
  return { replies: [{ text: `🤷 I did not understand that. ${instead}` }], outcome: 'not_understood', reason: near }
}
