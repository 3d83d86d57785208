import type { Client } from 'discord.js'
import type { Logger } from 'pino'
import type { HearingDesk } from '../../src/talk/chat/door.ts'
import type { Inbound } from '../../src/talk/chat/inbound.ts'
import { type Posted, type Reply, rowKey } from '../../src/talk/chat/reply.ts'
import type { ShownQuestions } from '../../src/talk/chat/shown-questions.ts'
import { canHoldThreads, openThread } from './channel.ts'
import { describe } from './failure.ts'
import { createLanes } from './in-order.ts'
import { removeButtonsOf } from './poster.ts'
import { render } from './render.ts'
import type { Voice } from './voices.ts'

const trouble = '⚠️ Something went wrong here. Look before you try it again.'

/** An inbound event, and how to answer it. */
export interface Heard {
  inbound: Inbound
  voice: Voice
  /** Set for an interaction. The desk does not act on one that is not acknowledged: it has failed for the person. */
  acknowledged?: Promise<boolean>
  /** Called with the desk's replies before they are said. */
  replied?(replies: Reply[]): Promise<void>
}

/**
 * Hands each event to the desk and says its replies; never throws. The events of one person in one place stay in order.
 */
export function createAnswering(
  client: Client<true>,
  desk: HearingDesk,
  shown: ShownQuestions,
  log: Logger,
): (heard: Heard) => Promise<void> {
  const hearing = createLanes()
  const saying = createLanes()

  return async (heard) => {
    const lane = `${heard.inbound.place.channel}:${heard.inbound.author.id}`
    const replies = hearing(lane, () => hear(heard))
    await saying(lane, async () => say(heard, await replies))
  }

  async function hear({ inbound, acknowledged }: Heard): Promise<Reply[] | undefined> {
    try {
      if ((await acknowledged) === false) return undefined
      return await desk.hear(inbound)
    } catch (error) {
      log.error({ inbound: inbound.id, err: error }, 'the desk failed to answer')
      const interaction = inbound.kind !== 'message'
      return interaction || inbound.addressed ? [{ text: trouble, private: interaction }] : []
    }
  }

  async function say({ inbound, voice, replied }: Heard, replies: Reply[] | undefined): Promise<void> {
    if (!replies) return
    const aside = attempt(inbound, 'a message could not be brought up to date', () => replied?.(replies))
    for (const settled of shown.settledBy(replies))
      await attempt(inbound, 'the buttons of an answered question stay', () => removeButtonsOf(client, settled))
    let leftToOutbox = false
    for (const [at, reply] of replies.entries()) {
      // Later replies with a row wait behind the one that the outbox posts, so that the order stays.
      const isOut = !(leftToOutbox && reply.row !== undefined) && (await give(inbound, voice, reply, at))
      if (isOut || reply.row === undefined) continue
      leftToOutbox = true
      await note(inbound, () => desk.undelivered(reply.row!))
    }
    await aside
  }

  /** Posts a reply, and returns whether it is out. */
  async function give(inbound: Inbound, voice: Voice, reply: Reply, at: number): Promise<boolean> {
    const { row } = reply
    const posted = await attempt(inbound, 'a reply could not be posted', () => post(inbound, voice, reply, at))
    if (posted && row !== undefined) await note(inbound, () => desk.delivered(row, posted))
    return posted !== undefined
  }

  async function note(inbound: Inbound, outcome: () => Promise<void>): Promise<void> {
    await attempt(inbound, 'the desk could not note what became of a reply', outcome)
  }

  async function post(inbound: Inbound, voice: Voice, reply: Reply, at: number): Promise<Posted> {
    // The outbox uses the same key for this row: if this process dies before it notes the post, Discord takes only one.
    const key = reply.row === undefined ? `${inbound.id}-${at}` : rowKey(reply.row)
    const removed = reply.ifRemoved !== undefined && (await removal(inbound, voice)) ? reply.ifRemoved : undefined
    // A message that is gone gives nothing away, so its writer need not take direct messages to learn of it.
    const said = removed === undefined ? reply : { ...reply, text: removed, private: false }
    const posted = await voice.say(render(said), { private: said.private ?? false, key })
    shown.note(reply, posted)
    if (reply.thread === undefined || reply.private || !(await canHoldThreads(client, posted.place.channel)))
      return posted
    const thread = await openThread(client.rest, posted.place.channel, posted.message, reply.thread, log)
    return thread ? { ...posted, place: { ...posted.place, channel: thread } } : posted
  }

  async function removal(inbound: Inbound, voice: Voice): Promise<boolean> {
    const isGone = await attempt(inbound, 'a message with a secret could not be deleted', () => voice.remove?.())
    return isGone ?? false
  }

  async function attempt<T>(
    inbound: Inbound,
    failure: string,
    act: () => Promise<T> | undefined,
  ): Promise<T | undefined> {
    try {
      return await act()
    } catch (error) {
      log.warn({ inbound: inbound.id, reason: describe(error) }, failure)
      return undefined
    }
  }
}
