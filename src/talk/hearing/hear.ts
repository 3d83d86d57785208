import { Refusal } from '../../base/refusal.ts'
import { hearOnce, noteOutcome } from '../../trading/accounts/rows/audit.ts'
import { findSpeaker, meet, type Speaker } from '../../trading/accounts/rows/members.ts'
import { isOrderedAlready } from '../../trading/orders/rows/orders.ts'
import { cleaned, type Inbound } from '../chat/inbound.ts'
import { placeKey } from '../chat/place.ts'
import type { Reply } from '../chat/reply.ts'
import type { Command, Hearing } from '../commands/command.ts'
import { hearGrammar } from '../language/classify.ts'
import type { Registry } from '../language/registry.ts'
import type { Asked } from '../questions/questions.ts'
import { pressed, type Typed, typed } from './answer.ts'
import { answerAgain } from './answered.ts'
import { addressed, concerns, isMeant } from './concerns.ts'
import { classifierOf, type Ears } from './ears.ts'
import { floodOf, tellNext } from './flood.ts'
import { refused } from './heard.ts'

/** Hears one message: who, where, a pending question or a command, and what comes of it. Never throws. */
export async function hear(ears: Ears, arrived: Inbound): Promise<Reply[]> {
  const { parts } = ears
  const inbound = cleaned(arrived)
  let isForDesk = addressed(inbound)
  let acting = false
  try {
    const [asked] = await Promise.all([askedIn(ears, inbound), ears.refresh()])
    const again = asked.answered.find(({ answered }) => answered.inboundId === inbound.id)
    const text = textOf(ears.registry, inbound)
    const said: Typed | undefined =
      text === undefined
        ? undefined
        : { text, isAddressed: addressed(inbound), ...hearGrammar(classifierOf(ears), text) }
    if (!again && !(await concerns(ears, inbound, said, asked.pending))) {
      if (!said || !(await isMeant(ears, inbound, said))) return []
      said.isAddressed = true
    }
    isForDesk = true
    const speaker = await speakerOf(ears, inbound)
    const flood = again ? undefined : await floodOf(ears, speaker, inbound, said, asked)
    if (flood === 'silent') return []
    if (!(await hearOnce(parts.db, inbound.id, speaker, text ?? pressText(inbound), parts.clock.now()))) {
      if (flood) await tellNext(ears, speaker)
      return []
    }
    acting = true
    const channel = inbound.kind === 'message' ? inbound.channel : undefined
    const { id: inboundId, place } = inbound
    const hearing: Hearing = {
      parts,
      guardian: ears.guardian,
      registry: ears.registry,
      speaker,
      place,
      channel,
      inboundId,
      isOwner: ears.isOwner,
    }
    const heard = await (again
      ? answerAgain(ears, hearing, again)
      : flood
        ? refused(flood.refusal, { private: true })
        : said === undefined
          ? pressed(ears, hearing, inbound, asked)
          : isLate(ears, inbound)
            ? refused(tooLate)
            : typed(ears, hearing, said, asked))
    await noteOutcome(parts.db, inbound.id, heard, parts.clock.now())
    return heard.replies
  } catch (cause) {
    // Heard once more after the process died over it: the order is there, and the outbox posts what came of it.
    if (acting && isOrderedAlready(cause)) return []
    parts.log.error({ err: cause, inbound: inbound.id }, 'a message could not be heard to its end')
    const failed = { outcome: 'failed' as const, reason: cause instanceof Error ? cause.message : String(cause) }
    if (acting) await noteOutcome(parts.db, inbound.id, failed, parts.clock.now()).catch(() => {})
    // Talk of which it could not be found out whether it is for the desk.
    if (!isForDesk) return []
    // In private to whoever pressed: a question that may still be open keeps its buttons.
    return [{ text: acting ? halfway : unheard, private: inbound.kind === 'press' }]
  }
}

const unheard =
  '⚠️ The desk could not look that up: its database does not answer, or gave an error. Nothing was done.\n💡 Try again in a moment; what runs in the background is taken up within seconds when the database is back'
const halfway =
  '⚠️ The desk could not finish that: it may be done, in part, or not at all. What it had begun it takes up by itself; no order is sent twice.\n💡 Look at `positions` and `tasks` before you try again'

/** What was written longer ago than this is not acted on: who saw nothing happen may have said it again since. */
const lateMs = 60_000

function isLate({ parts: { clock } }: Ears, inbound: Inbound): boolean {
  const writtenAt = inbound.kind === 'message' ? inbound.writtenAt : undefined
  return writtenAt !== undefined && clock.now().getTime() - writtenAt.getTime() > lateMs
}

const tooLate = new Refusal(
  'TOO_LATE',
  'That was written more than a minute ago, and reached me only now: it is too late to act on it.',
  'Look at `positions` and `tasks`, and say it again if you still mean it',
)

/** What was typed; a platform's command becomes the same words. Undefined for a press. */
function textOf(registry: Registry<Command>, inbound: Inbound): string | undefined {
  if (inbound.kind === 'press') return undefined
  if (inbound.kind === 'message') return inbound.text
  const options = registry.byName(inbound.command)?.command.options ?? []
  const words = options.flatMap(({ name, before, type }) => {
    const value = inbound.options[name]
    if (!value) return []
    return [before ?? '', type === 'member' && /^\w+$/.test(value) ? `<@${value}>` : value]
  })
  return [inbound.command, ...words].filter(Boolean).join(' ')
}

const pressText = (inbound: Inbound) => (inbound.kind === 'press' ? `[pressed ${inbound.answer}]` : '')

/** What was asked in a conversation; a short memory that is away has forgotten it. */
async function askedIn({ parts, questions }: Ears, { place }: Inbound): Promise<Asked> {
  try {
    return await questions.inConversation(placeKey(place))
  } catch (cause) {
    parts.log.warn({ err: cause }, 'pending questions could not be read')
    return { pending: [], answered: [], isUnknown: true }
  }
}

async function speakerOf({ parts, isOwner }: Ears, { author, place }: Inbound): Promise<Speaker> {
  const known = await findSpeaker(parts.db, author, place)
  return known ?? meet(parts.db, author, place, isOwner(author.id))
}
