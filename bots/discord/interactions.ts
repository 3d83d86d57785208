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

/** "The desk is thinking": the first reply takes the place of it. */
export const thinking: APIInteractionResponse = { type: InteractionResponseType.DeferredChannelMessageWithSource }

/** A press is acknowledged without anything to be seen. */
export const noted: APIInteractionResponse = { type: InteractionResponseType.DeferredMessageUpdate }

/**
 * Acknowledges an interaction, for which there are three seconds; false when it is not acknowledged. It may have been
 * before: by another process that hears it too, or by a request whose answer was lost. Never throws.
 */
export async function acknowledge(
  client: Client<true>,
  interaction: { id: string; token: string },
  response: APIInteractionResponse,
  log: Logger,
): Promise<boolean> {
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
    return true
  } catch (error) {
    if (refusedWith(error, codes.alreadyAcknowledged)) return true
    log.warn({ interaction: interaction.id, reason: describe(error) }, 'an interaction could not be acknowledged')
    return false
  }
}
