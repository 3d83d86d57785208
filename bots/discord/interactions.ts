import {
  type APIInteractionResponse,
  type APIInteractionResponseDeferredChannelMessageWithSource,
  type Client,
  InteractionResponseType,
  MessageFlags,
  makeURLSearchParams,
  Routes,
} from 'discord.js'
import type { Logger } from 'pino'
import { codes, describe, refusedWith, wasAnswered } from './failure.ts'
import { type Body, render } from './render.ts'

/** The token for answers to an interaction; it is valid for 15 minutes, and a secret for as long. */
export interface Token {
  application: string
  value: string
}

/** The placeholder "The desk is thinking"; the first reply replaces it. */
export const thinking: APIInteractionResponseDeferredChannelMessageWithSource = {
  type: InteractionResponseType.DeferredChannelMessageWithSource,
}

/** The same placeholder, and all that replaces it, for the person alone. */
export const thinkingAlone: APIInteractionResponseDeferredChannelMessageWithSource = {
  ...thinking,
  data: { flags: MessageFlags.Ephemeral },
}

/** Answers a sent form with a fault, for the person alone. The question stays open. */
export function aloneWith(fault: string): APIInteractionResponse {
  const [{ content, flags, allowed_mentions }] = render({ text: `⚠️ ${fault}\n💡 Press the button again` }) as [Body]
  const data = { content, allowed_mentions, flags: flags | MessageFlags.Ephemeral }
  return { type: InteractionResponseType.ChannelMessageWithSource, data }
}

/** Acknowledges a press and shows nothing. */
export const noted: APIInteractionResponse = { type: InteractionResponseType.DeferredMessageUpdate }

/**
 * Acknowledges an interaction, which Discord allows for three seconds; false if that failed. An interaction that is
 * acknowledged already counts as acknowledged: another process hears it too, or the answer to a request was lost. Never
 * throws.
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
