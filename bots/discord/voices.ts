import { type APIMessage, type Client, DiscordAPIError, MessageFlags, Routes } from 'discord.js'
import type { Place } from '../../src/talk/chat/place.ts'
import type { Posted } from '../../src/talk/chat/reply.ts'
import { postOnce, untilAnswered } from './channel.ts'
import { codes, refusedWith } from './failure.ts'
import type { Token } from './interactions.ts'
import { sendWithPictures } from './pictures.ts'
import { type Body, render } from './render.ts'
import { placeOf } from './to-inbound.ts'

/** The way in which the replies to one event reach its author. */
export interface Voice {
  /**
   * Says one reply in these messages, and returns the address of the last. A public reply that is said again with its
   * key is posted once. Throws the library's errors.
   */
  say(bodies: Body[], how: { private: boolean; key: string }): Promise<Posted>
  /** Deletes the message that is answered. False where the desk may not. */
  remove?(): Promise<boolean>
}

/**
 * Answers a typed message in its channel. A private reply goes to the author as a direct message, since nothing else is
 * private there. If the author accepts none, the channel only hears that there was an answer for them. Where the desk
 * may not write, the answer is a direct message as well.
 */
export function typedVoice(client: Client<true>, message: { id: string; author: string; place: Place }): Voice {
  const { place } = message
  let isRemoved = false
  const inChannel = async (bodies: Body[], channel: string, key: string) => {
    let last = ''
    for (const [part, body] of bodies.entries()) {
      last = (await postOnce(client.rest, channel, body, { key, part })).id
    }
    return last
  }
  const inDirect = async (bodies: Body[], key: string) => {
    const body = { recipient_id: message.author }
    const { id } = (await client.rest.post(Routes.userChannels(), { body })) as { id: string }
    return { message: await inChannel(bodies, id, key), place: placeOf(null, id) }
  }
  const inPublic = async (bodies: Body[], key: string) => {
    try {
      return { message: await inChannel(bodies, place.channel, key), place }
    } catch (error) {
      if (!closedTo(error) || place.workspace === '') throw error
      // Without buttons: the question belongs to that channel, not to the direct message.
      const posted = await inDirect(
        bodies.map(({ components: _, ...body }) => body),
        key,
      )
      // The hint is a message of its own, and not the one that an edit of the reply replaces later.
      await inDirect(closed, `${key}-hint`)
      return posted
    }
  }
  return {
    async remove() {
      // Nobody deletes the messages of others in a direct message.
      if (place.workspace === '') return false
      try {
        await client.rest.delete(Routes.channelMessage(place.channel, message.id))
        isRemoved = true
      } catch (error) {
        if (refusedWith(error, codes.unknownMessage)) isRemoved = true
        else if (!closedTo(error)) throw error
      }
      return isRemoved
    },
    async say(bodies, { private: isPrivate, key }) {
      if (!isPrivate || place.workspace === '') return inPublic(bodies, key)
      try {
        return await inDirect(bodies, key)
      } catch (error) {
        if (!closedTo(error)) throw error
        const notice = unreachable.map((each) => ({
          ...each,
          ...(!isRemoved && { message_reference: { message_id: message.id } }),
        }))
        return { message: await inChannel(notice, place.channel, key), place }
      }
    },
  }
}

const closed = render({
  text: '⚠️ I may not write where you asked this. Allow me to send messages there, or use /trade.',
})

const unreachable = render({
  text: 'The answer to this is for you alone, and you do not take direct messages here. Allow them, or use /trade.',
})

const [answeredAlone] = render({ text: '🔒 The answer is for the one who asked alone.' })

/**
 * Answers a slash command, whose placeholder the first reply fills, or a press, which has none. Only the person sees
 * private replies. Public replies after the first go through the channel, where a nonce prevents doubles. The placeholder
 * of an interaction that is for the person alone is private, and so is all that follows (`isAlone`). Without a
 * reply the placeholder stays: another process that heard the command may just have filled it.
 */
export function interactionVoice(
  client: Client<true>,
  interaction: { token: Token; place: Place; placeholder: boolean; isAlone?: boolean },
): Voice {
  const { token, place, isAlone = false } = interaction
  let placeholder = interaction.placeholder
  return {
    async say(bodies, how) {
      let message = ''
      for (const [part, body] of bodies.entries()) {
        message = how.private || isAlone ? await sayPrivately(body) : await sayToAll(body, { key: how.key, part })
      }
      return { message, place }
    },
  }

  async function sayPrivately(body: Body): Promise<string> {
    if (placeholder && isAlone) return fill(body)
    // The first message after a public placeholder is public too.
    if (placeholder) await takePlaceholderAway()
    return followUp({ ...body, flags: body.flags | MessageFlags.Ephemeral })
  }

  async function sayToAll(body: Body, nonce: { key: string; part: number }): Promise<string> {
    if (placeholder) return fill(body)
    try {
      return (await postOnce(client.rest, place.channel, body, nonce)).id
    } catch (error) {
      // A desk without permission to write here may still answer the interaction.
      if (closedTo(error)) return followUp(body)
      throw error
    }
  }

  async function fill(body: Body): Promise<string> {
    placeholder = false
    const change = (message: object) =>
      untilAnswered(() => client.rest.patch(original(token), { ...message, auth: false }))
    return ((await sendWithPictures(body, change)) as APIMessage).id
  }

  /** Takes the public placeholder away. If that fails, a public sentence fills it, since the next message would do so. */
  async function takePlaceholderAway(): Promise<void> {
    placeholder = false
    try {
      await untilAnswered(() => client.rest.delete(original(token), { auth: false }))
    } catch (error) {
      if (error instanceof DiscordAPIError && error.status === 404) return
      await untilAnswered(() => client.rest.patch(original(token), { body: answeredAlone, auth: false }))
    }
  }

  async function followUp(body: Body): Promise<string> {
    const route = Routes.webhook(token.application, token.value)
    const send = (message: object) => client.rest.post(route, { ...message, auth: false })
    return ((await sendWithPictures(body, send)) as APIMessage).id
  }
}

/** Takes the buttons off the message of the pressed button. */
export async function removeButtons(client: Client<true>, token: Token): Promise<void> {
  await client.rest.patch(original(token), { body: { components: [] }, auth: false })
}

function original(token: Token) {
  return Routes.webhookMessage(token.application, token.value, '@original')
}

/** Whether Discord says that the desk may not write there, or that the place does not exist. */
function closedTo(error: unknown): boolean {
  return error instanceof DiscordAPIError && (error.status === 403 || error.status === 404)
}
