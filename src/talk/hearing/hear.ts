import { Refusal } from '../../base/refusal.ts'
import { hearOnce, noteOutcome } from '../../trading/accounts/rows/audit.ts'
import type { Speaker } from '../../trading/accounts/rows/members.ts'
import { isOrderedAlready } from '../../trading/orders/rows/orders.ts'
import { cleaned, type Inbound } from '../chat/inbound.ts'
import type { Reply } from '../chat/reply.ts'
import type { Hearing } from '../commands/command.ts'
import { act } from './act.ts'
import { decide } from './decide.ts'
import type { Ears } from './ears.ts'
import { floodOf, tellNext } from './flood.ts'
import { withLinkQuestion } from './link-question.ts'
import { locate } from './locate.ts'
import { refused } from './outcome.ts'
import { withPresent } from './present-questions.ts'
import { speakerOf } from './pressed-action.ts'
import { inPrivate } from './private-answer.ts'
import { isAddressed, relevanceOf } from './relevance.ts'
import { secretRefusal, withheld, withoutSecret } from './secrets.ts'
import { withSettled } from './settled.ts'
import { type Utterance, utteranceOf } from './utterance.ts'

/** Hears one message: locates it, understands it, decides, acts, and returns the replies. Never throws. */
export async function hear(ears: Ears, arrived: Inbound): Promise<Reply[]> {
  const { db, clock, log } = ears.parts
  const whole = cleaned(arrived)
  const secret = withoutSecret(whole)
  const inbound = secret?.inbound ?? whole
  let isForDesk = isAddressed(inbound)
  let isActing = false
  let utterance: Utterance | undefined
  let hearing: Hearing | undefined
  try {
    if (secret) {
      isForDesk = true
      return await hearSecret(ears, inbound, secret.revokedAt)
    }
    const message = await locate(ears, inbound)
    utterance = utteranceOf(ears, inbound)
    const isRepeated = message.answeredQuestion !== undefined
    const relevance = isRepeated ? 'addressed' : await relevanceOf(ears, message, utterance)
    if (relevance === 'talk') return []
    isForDesk = true
    const speaker = await message.speaker()
    const flood = isRepeated ? undefined : await floodOf(ears, speaker, message, utterance)
    if (flood === 'silent') return []
    if (!(await hearOnce(db, inbound.id, speaker, typedIn(inbound, utterance), clock.now()))) {
      if (flood) await tellNext(ears, speaker)
      return []
    }
    isActing = true
    const meant = await speakerOf(ears, inbound, speaker)
    hearing = hearingOf(ears, inbound, meant instanceof Refusal ? speaker : meant, utterance?.isPrivate)
    const outcome = flood
      ? refused(flood.refusal, { private: true })
      : meant instanceof Refusal
        ? refused(meant, { private: true })
        : await act(
            ears,
            hearing,
            decide(
              ears,
              speaker.memberId,
              await withLinkQuestion(ears, await withPresent(ears, message, speaker, utterance), speaker, utterance),
              utterance,
              relevance === 'addressed',
            ),
          )
    await noteOutcome(db, inbound.id, outcome, clock.now())
    const { replies } = utterance?.isPrivate ? inPrivate(outcome) : outcome
    return await withSettled(ears, message, speaker.memberId, replies)
  } catch (cause) {
    // A repeated message after a crash: the order exists already, and the outbox posts its result.
    if (isActing && isOrderedAlready(cause)) return []
    log.error({ err: cause, inbound: inbound.id }, 'a message could not be heard to its end')
    const failed = { outcome: 'failed' as const, reason: cause instanceof Error ? cause.message : String(cause) }
    if (isActing) await noteOutcome(db, inbound.id, failed, clock.now()).catch(() => {})
    // It is unknown whether the message was for the desk, so the desk stays silent.
    if (!isForDesk) return []
    // A private reply to a press leaves the buttons of a question that may still be open.
    return [
      {
        text: !isActing ? unheard : onlyReads(hearing, utterance) ? notShown : halfway,
        private: inbound.kind === 'press',
      },
    ]
  }
}

/** Answers a message with a secret. The audit knows that there was one, and nothing else keeps or reads it. */
async function hearSecret(ears: Ears, inbound: Inbound, revokedAt: string): Promise<Reply[]> {
  const { db, clock } = ears.parts
  const speaker = await (await locate(ears, inbound)).speaker()
  if (!(await hearOnce(db, inbound.id, speaker, withheld, clock.now()))) return []
  const outcome = refused(secretRefusal(revokedAt, false), { private: true })
  await noteOutcome(db, inbound.id, outcome, clock.now())
  const ifRemoved = secretRefusal(revokedAt, true).text
  return outcome.replies.map((reply) => (inbound.kind === 'message' ? { ...reply, ifRemoved } : reply))
}

const unheard =
  '⚠️ The desk could not look that up: its database does not answer, or gave an error. Nothing was done.\n💡 Try again in a moment; what runs in the background is taken up within seconds when the database is back'
const notShown =
  '⚠️ The desk could not show that: the market, its database or another server that it asks does not answer, or gave an error. Nothing was done.\n💡 Try again in a moment'
const halfway =
  '⚠️ The desk could not finish that: it may be done, in part, or not at all. What it had begun it takes up by itself; no order is sent twice.\n💡 Look at `positions` and `tasks` before you try again'

/** Was nothing but reading begun, or, when nothing was begun, do the words ask for nothing else? Then nothing can be done in part. */
function onlyReads(hearing: Hearing | undefined, utterance: Utterance | undefined): boolean {
  const meant = utterance?.decided?.understood?.registered.command.effect
  return (hearing?.began ?? meant) === 'reads'
}

/** The text of a message for the audit, as it was typed. */
function typedIn(inbound: Inbound, utterance: Utterance | undefined): string {
  if (inbound.kind === 'press') return `[pressed ${inbound.answer}]`
  return inbound.kind === 'message' ? inbound.text : (utterance?.text ?? '')
}

/** Makes the hearing that commands receive. */
function hearingOf(
  { parts, guardian, registry, isOwner }: Ears,
  inbound: Inbound,
  speaker: Speaker,
  isPrivate = false,
): Hearing {
  const { id: inboundId, place, byProgram } = inbound
  const channel = inbound.kind === 'message' ? inbound.channel : undefined
  return { parts, guardian, registry, speaker, place, channel, inboundId, byProgram, isPrivate, isOwner }
}
