import type { Client } from 'discord.js'
import type { Logger } from 'pino'
import type { HearingDesk } from '../../src/talk/chat/door.ts'
import type { Inbound } from '../../src/talk/chat/inbound.ts'
import { type Posted, type Reply, rowKey } from '../../src/talk/chat/reply.ts'
import { canHoldThreads, openThread } from './channel.ts'
import { describe } from './failure.ts'
import { createLanes } from './in-order.ts'
import { render } from './render.ts'
import type { Voice } from './voices.ts'

const trouble = '⚠️ Something went wrong here. Look before you try it again.'

/** Something that was heard, and how it is answered. */
export interface Heard {
  inbound: Inbound
  voice: Voice
  /** For an interaction. One that is not acknowledged has failed for the person who used it: it is not acted on. */
  acknowledged?: Promise<boolean>
  /** Called with the desk's replies before they are said. */
  replied?(replies: Reply[]): Promise<void>
}

/** Takes what was heard to the desk and says its replies; never throws. What one person says in one place stays in order. */
export function createAnswering(client: Client<true>, desk: HearingDesk, log: Logger): (heard: Heard) => Promise<void> {
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
    let leftToOutbox = false
    for (const [at, reply] of replies.entries()) {
      // What the outbox posts later comes before all that has a row behind it.
      const isOut = !(leftToOutbox && reply.row !== undefined) && (await give(inbound, voice, reply, at))
      if (isOut || reply.row === undefined) continue
      leftToOutbox = true
      await note(inbound, () => desk.undelivered(reply.row!))
    }
    await aside
  }

  /** Posts a reply, and answers whether it is out. */
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
    // The outbox's key for the same row: should this process die before it can note it, Discord takes only one of both.
    const key = reply.row === undefined ? `${inbound.id}-${at}` : rowKey(reply.row)
    const posted = await voice.say(render(reply), { private: reply.private ?? false, key })
    if (reply.thread === undefined || reply.private || !(await canHoldThreads(client, posted.place.channel)))
      return posted
    const thread = await openThread(client.rest, posted.place.channel, posted.message, reply.thread, log)
    return thread ? { ...posted, place: { ...posted.place, channel: thread } } : posted
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
