import {
  type APIInteractionResponse,
  type Client,
  InteractionResponseType,
  makeURLSearchParams,
  Routes,
} from 'discord.js'
import type { Logger } from 'pino'
import { codes, describe, refusedWith, wasAnswered } from './failure.ts'

/** What an interaction is answered with; good for 15 minutes, and a secret as long. */
export interface Token {
  application: string
  value: string
}

/** Acknowledged just now; or earlier, by another delivery or a request whose answer was lost; or not at all. */
export type Acknowledgement = 'now' | 'before' | 'failed'

/** "The desk is thinking": the first reply takes the place of it. */
export const thinking: APIInteractionResponse = { type: InteractionResponseType.DeferredChannelMessageWithSource }

/** A press is acknowledged without anything to be seen. */
export const noted: APIInteractionResponse = { type: InteractionResponseType.DeferredMessageUpdate }

/** Acknowledges an interaction, for which there are three seconds. Never throws. */
export async function acknowledge(
  client: Client<true>,
  interaction: { id: string; token: string },
  response: APIInteractionResponse,
  log: Logger,
): Promise<Acknowledgement> {
  const respond = () =>
    client.rest.post(Routes.interactionCallback(interaction.id, interaction.token), {
      body: response,
      auth: false,
      query: makeURLSearchParams({ with_response: false }),
    })
  try {
    await respond().catch((error) => {
      if (wasAnswered(error)) throw error
      return respond()
    })
    return 'now'
  } catch (error) {
    if (refusedWith(error, codes.alreadyAcknowledged)) return 'before'
    log.warn({ interaction: interaction.id, reason: describe(error) }, 'an interaction could not be acknowledged')
    return 'failed'
  }
}
