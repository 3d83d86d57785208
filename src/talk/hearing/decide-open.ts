import { Refusal } from '../../base/refusal.ts'
import { knownSymbol } from '../commands/symbol.ts'
import { readSlots } from '../language/slots.ts'
import { answerInWords, slotsInAnswer } from '../questions/answer-in-words.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import { isSmallTalk } from '../questions/small-talk.ts'
import { answerTo, numberedAnswer, takesBack } from '../questions/typed-answer.ts'
import type { Decision } from './decision.ts'
import { choiceIn, classifierOf, type Ears, isOvertaken } from './ears.ts'
import { refused } from './outcome.ts'
import { notWhole } from './refusals.ts'
import type { Utterance } from './utterance.ts'

/** Questions that were put at nearly the same time, in milliseconds, may have been shown in any order. */
const nearlyMs = 10_000

/**
 * Decides about a text while a question to its writer is open. `background` are the writer's other open questions. Undefined
 * when the text is no matter of the question.
 */
export function decideOpen(
  ears: Ears,
  open: PendingQuestion,
  background: PendingQuestion[],
  utterance: Utterance,
  isAddressed: boolean,
): Decision | undefined {
  const { text, partly } = utterance
  // `hi` beside a question is small talk.
  const isHello = isSmallTalk(text) && utterance.decided?.understood?.registered.command.greets
  const decided = isHello ? undefined : utterance.decided
  const { question } = open
  const isChoice = question.kind === 'choice'
  if (takesBack(question, text) && !(decided && isOvertaken(open))) return takeBack(open, utterance)
  if (isOvertaken(open)) return isAnswerLike(ears, open, utterance) ? showAgain(open) : undefined
  // A partial command is not treated as an answer: telling its fault helps more.
  const isAsked = isSymbol(ears, open, text)
  const isCommand =
    !isAsked && (decided !== undefined || (partly !== undefined && ears.registry.match(text) !== undefined))
  if (!isChoice && !isCommand && !isAsked && isSmallTalk(text)) return { kind: 'remind', asked: open, isAddressed }
  const answer = isCommand ? answerTo(question, text) : answerInWords(question, text)
  if (answer !== undefined && (isChoice || !isCommand)) {
    const others = isChoice ? shownBeside(open, background, text) : []
    if (others.length > 0) return showBeside(open, others)
    return ofOtherSymbol(ears, open, text) ?? { kind: 'answer', asked: open, answer: { answer } }
  }
  if (decided) return undefined
  const amended = withOtherPart(ears, open, text)
  if (amended) return amended
  // The open question stays. A question about the partial command would replace it.
  if (!isChoice && partly && partly.leftover.length > 0)
    return { kind: 'say', outcome: refused(notWhole(partly), { command: partly.registered.name }) }
  if (partly) return undefined
  if (isSmallTalk(text)) return { kind: 'remind', asked: open, isAddressed }
  return { kind: 'ask again', asked: open, reason: notAChoice }
}

const notAChoice = '⚠️ That is not one of the choices. `never mind` closes the question.'

/** Could the text be an answer to a question that other commands have overtaken? */
function isAnswerLike(ears: Ears, { question }: PendingQuestion, { text, decided }: Utterance): boolean {
  if (decided) return false
  if (question.kind === 'choice') return answerInWords(question, text) !== undefined
  return (
    /^[$@]?\s*[\d.]/.test(text.trim()) || slotsInAnswer(question, text, classifierOf(ears).knowsSymbol) !== undefined
  )
}

/** Shows an open question again before its answer counts: its member has said other things since, or sees it no more. */
export function showAgain(open: PendingQuestion): Decision {
  const since = open.isOffScreen ? 'The desk was started anew' : 'You said other things'
  const reason = `⚠️ ${since} since that question. Nothing was done; here it is again.`
  // A question of the background stays beside the one that is put in its place.
  const changed = `⚠️ ${since} since that question, and what it showed may have changed. Nothing was done.`
  return { kind: 'ask again', asked: open, reason, changed, ...(open.isBackground && { beside: [open.question.id] }) }
}

/** Questions of the background that the same number answers, and that may have been shown after the open one. */
function shownBeside(open: PendingQuestion, background: PendingQuestion[], text: string): PendingQuestion[] {
  if (numberedAnswer(open.question, text) === undefined) return []
  return background.filter(
    (one) =>
      choiceIn(one, text) !== undefined &&
      !open.beside?.includes(one.question.id) &&
      (one.askedAt ?? 0) > (open.askedAt ?? 0) - nearlyMs,
  )
}

/** Shows a question again that a number may not have meant. The next number is for it, unless another question comes. */
function showBeside(open: PendingQuestion, others: PendingQuestion[]): Decision {
  const { command } = others[0]!
  const reason = `⚠️ Two questions are open here: this one, and one of \`${command}\`, which \`${command}\` shows. Nothing was done; a number is for this one now.`
  const beside = [...(open.beside ?? []), ...others.map(({ question }) => question.id)]
  return { kind: 'ask again', asked: open, reason, beside }
}

/**
 * Decides about an answer that names another symbol than its question. An answer with an amount is repeated back as an order of
 * its own; any other one is refused. Undefined when it names no other symbol.
 */
function ofOtherSymbol(ears: Ears, open: PendingQuestion, text: string): Decision | undefined {
  const { question, given, command } = open
  const { knowsSymbol } = classifierOf(ears)
  const named = slotsInAnswer(question, text, knowsSymbol)?.symbol
  if (named === undefined || given.symbol === undefined || question.name === 'symbol') return undefined
  const known = knownSymbol(ears.parts.market, named)
  if (known instanceof Refusal) return { kind: 'ask again', asked: open, reason: known.text }
  if (known === given.symbol) return undefined
  const registered = ears.registry.byName(command)
  if (registered && (question.name === 'quantity' || question.name === 'part')) {
    const { [question.name]: _, ...said } = given
    const whole = { ...said, ...readSlots(text, knowsSymbol).given, symbol: known }
    const understood = { registered, given: whole, leftover: [], doubts: [] }
    return { kind: 'carry out', classified: { layer: 'command', understood, confidence: 0.8, verdict: 'confirms' } }
  }
  const sentence = `That names ${known}, and the question is about ${given.symbol}. Nothing was done.`
  const refusal = new Refusal('ANOTHER_SYMBOL', sentence, `Answer for ${given.symbol}, or say \`never mind\``)
  return { kind: 'ask again', asked: open, reason: refusal.text }
}

/** Decides about `half` beside the question for the speed of a scaleout: it is asked again for that part, or begun with a speed. */
function withOtherPart(ears: Ears, { question, given, command }: PendingQuestion, text: string): Decision | undefined {
  const registered = ears.registry.byName(command)
  if (!registered || command !== 'scaleout' || question.name !== 'speed') return undefined
  const { given: said, leftover } = readSlots(text, classifierOf(ears).knowsSymbol)
  // A bare number is rather a choice that is not there.
  const { fraction, speed, ...others } = said
  if (leftover.length > 0 || fraction === undefined || Object.keys(others).length > 0) return undefined
  const { fraction: _, quantity: __, ...before } = given
  return { kind: 'run', registered, given: { ...before, ...said } }
}

/** Closes a question at the member's wish. `cancel` and `stop` are also commands, so the reply mentions that. */
function takeBack(asked: PendingQuestion, { decided }: Utterance): Decision {
  const { command } = asked
  const name = decided?.understood?.registered.name
  const instead = name ? `\n💡 That answered the question. For the command \`${name}\`, say it again` : ''
  const text = `OK, never mind: \`${command}\` asks no more. Nothing was done.${instead}`
  return { kind: 'close question', asked, outcome: { replies: [{ text }], outcome: 'done', command } }
}

/** Is a text in capitals a symbol of the market that answers a question for one? `SO` is then no scaleout. */
function isSymbol({ parts: { market } }: Ears, { question: { kind, name } }: PendingQuestion, text: string): boolean {
  const said = text.trim().replace(/^\$/, '')
  return kind === 'text' && name === 'symbol' && said === said.toUpperCase() && market.instrument(said) !== undefined
}
