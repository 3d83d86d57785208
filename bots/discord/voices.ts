import { type APIMessage, type Client, DiscordAPIError, MessageFlags, Routes } from 'discord.js'
import type { Place } from '../../src/talk/chat/place.ts'
import type { Posted } from '../../src/talk/chat/reply.ts'
import { postOnce, untilAnswered } from './channel.ts'
import type { Token } from './interactions.ts'
import { sendWithPictures } from './pictures.ts'
import { type Body, render } from './render.ts'
import { placeOf } from './to-inbound.ts'

/** How the replies to one event reach the person it came from. */
export interface Voice {
  /**
   * Says one reply, which is these messages, and answers where the last of them is. In public, what is said again with
   * its key is out once. Throws the library's errors.
   */
  say(bodies: Body[], how: { private: boolean; key: string }): Promise<Posted>
}

/**
 * Answers something that was typed, in its channel. What is private goes to the author as a direct message: nothing else
 * is private there. If they do not take any, the channel is told only that there was something for them. Where the desk
 * may not write, the answer is a direct message as well.
 */
export function typedVoice(client: Client<true>, message: { id: string; author: string; place: Place }): Voice {
  const { place } = message
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
      // Without buttons: the question is asked there, and not in the direct message.
      return inDirect([...bodies.map(({ components: _, ...body }) => body), ...closed], key)
    }
  }
  return {
    async say(bodies, { private: isPrivate, key }) {
      if (!isPrivate || place.workspace === '') return inPublic(bodies, key)
      try {
        return await inDirect(bodies, key)
      } catch (error) {
        if (!closedTo(error)) throw error
        const notice = unreachable.map((each) => ({ ...each, message_reference: { message_id: message.id } }))
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

/**
 * Answers a slash command, whose placeholder the first reply fills, or a press, which has none. What is private is seen
 * by the person alone. Public replies after the first go through the channel, where a nonce keeps them from doubling.
 * Without a reply the placeholder stays: another process that heard the command may just have filled it.
 */
export function interactionVoice(
  client: Client<true>,
  interaction: { token: Token; place: Place; placeholder: boolean },
): Voice {
  const { token, place } = interaction
  let placeholder = interaction.placeholder
  return {
    async say(bodies, how) {
      let message = ''
      for (const [part, body] of bodies.entries()) {
        message = how.private ? await sayPrivately(body) : await sayToAll(body, { key: how.key, part })
      }
      return { message, place }
    },
  }

  async function sayPrivately(body: Body): Promise<string> {
    // The first message after a public placeholder would be as public as that.
    if (placeholder) await takePlaceholderAway()
    return followUp({ ...body, flags: body.flags | MessageFlags.Ephemeral })
  }

  async function sayToAll(body: Body, nonce: { key: string; part: number }): Promise<string> {
    if (placeholder) {
      placeholder = false
      const fill = (message: object) =>
        untilAnswered(() => client.rest.patch(original(token), { ...message, auth: false }))
      return ((await sendWithPictures(body, fill)) as APIMessage).id
    }
    try {
      return (await postOnce(client.rest, place.channel, body, nonce)).id
    } catch (error) {
      // Not allowed to write here: an answer to what was just pressed still is.
      if (closedTo(error)) return followUp(body)
      throw error
    }
  }

  async function takePlaceholderAway(): Promise<void> {
    placeholder = false
    await client.rest.delete(original(token), { auth: false })
  }

  async function followUp(body: Body): Promise<string> {
    const route = Routes.webhook(token.application, token.value)
    const send = (message: object) => client.rest.post(route, { ...message, auth: false })
    return ((await sendWithPictures(body, send)) as APIMessage).id
  }
}

/** Takes the buttons off the message on which one was pressed. */
export async function removeButtons(client: Client<true>, token: Token): Promise<void> {
  await client.rest.patch(original(token), { body: { components: [] }, auth: false })
}

function original(token: Token) {
  return Routes.webhookMessage(token.application, token.value, '@original')
}

/** Discord says that the desk may not write there, or that there is no such place. */
function closedTo(error: unknown): boolean {
  return error instanceof DiscordAPIError && (error.status === 403 || error.status === 404)
}
