import {
  type AutocompleteInteraction,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Client,
  ComponentType,
  Events,
  type Interaction,
  InteractionResponseType,
  type Message,
  type MessageContextMenuCommandInteraction,
  type ModalSubmitInteraction,
  type StringSelectMenuInteraction,
} from 'discord.js'
import type { Logger } from 'pino'
import type { PressedAction } from '../../src/talk/chat/action.ts'
import type { ConnectionNews } from '../../src/talk/chat/connection.ts'
import { type Door, type HearingDesk, PostFailed, suggestionText } from '../../src/talk/chat/door.ts'
import type { Reply } from '../../src/talk/chat/reply.ts'
import { createShownQuestions, noting } from '../../src/talk/chat/shown-questions.ts'
import { createAnswering } from './answer.ts'
import { type Pressed, readPressed, shorten } from './buttons.ts'
import { connect } from './client.ts'
import { readCommand, registerCommands, slashNames } from './commands.ts'
import { describe } from './failure.ts'
import { acknowledge, aloneWith, noted, type Token, thinking, thinkingAlone } from './interactions.ts'
import { limits } from './limits.ts'
import { answerForm, writtenAnswers } from './modal.ts'
import { createPoster, removeButtonsOf } from './poster.ts'
import { fromAction, fromCommand, fromMessage, fromPress, fromShortcut, person, placeOf } from './to-inbound.ts'
import { createUnderway } from './underway.ts'
import { interactionVoice, removeButtons, typedVoice } from './voices.ts'

/** The options of a Discord door. */
export interface DiscordOptions {
  desk: HearingDesk
  token: string
  /** Base URL of Discord's API, such as `http://127.0.0.1:4000/api`; default Discord's own. */
  api?: string
  log: Logger
  /** Hears when the connection breaks, is restored, or is lost. */
  news?: ConnectionNews
}

/** Opens the desk on Discord: connected, listening, `/trade` registered. Throws `DiscordStartFailed`. */
export async function startDiscord({ desk, token, api, log, news }: DiscordOptions): Promise<Door> {
  const underway = createUnderway()
  const shown = createShownQuestions()
  const client = await connect({ token, api, log, news, listen: (connecting) => listen(connecting as Client<true>) })
  await register()
  log.info({ bot: client.user.id, guilds: client.guilds.cache.size }, 'the desk is on Discord')

  return {
    poster: noting(
      createPoster(client, log, async (task) => {
        if (underway.ended) throw new PostFailed('later', 'the door to Discord is closed')
        return underway.begin(task)
      }),
      shown,
      (settled) =>
        removeButtonsOf(client, settled).catch((error) =>
          log.warn({ reason: describe(error) }, 'the buttons of an answered question stay'),
        ),
    ),
    async close() {
      await underway.end(limits.closing)
      client.removeAllListeners(Events.ShardReconnecting)
      await client.destroy()
    },
  }

  function listen(client: Client<true>): void {
    const answer = createAnswering(client, desk, shown, log)
    const on = <T>(event: (given: T) => Promise<void>) => {
      return (given: T) => {
        if (underway.ended) return
        underway
          .begin(async () => event(given))
          .catch((error) => log.warn({ reason: describe(error) }, 'an event from Discord was not understood'))
      }
    }
    // After a broken connection Discord delivers the messages that were written meanwhile.
    let connectedSince = 0
    client.on(Events.ShardReconnecting, () => {
      connectedSince = Number.POSITIVE_INFINITY
    })
    for (const back of [Events.ShardResume, Events.ShardReady] as const) {
      client.on(back, () => {
        connectedSince = Date.now()
      })
    }
    client.on(Events.MessageCreate, on(onMessage))
    client.on(Events.InteractionCreate, on(onInteraction))

    async function onMessage(message: Message): Promise<void> {
      const inbound = fromMessage(message, client.user.id, message.createdTimestamp < connectedSince)
      if (!inbound) return
      const { id, author } = message
      await answer({ inbound, voice: typedVoice(client, { id, author: author.id, place: inbound.place }) })
    }

    async function onInteraction(interaction: Interaction): Promise<void> {
      if (interaction.isAutocomplete()) return suggest(interaction)
      if (interaction.isChatInputCommand()) return isOurs(interaction) ? command(interaction) : undefined
      if (interaction.isMessageContextMenuCommand()) return shortcut(interaction)
      if (interaction.isButton() || interaction.isStringSelectMenu() || interaction.isModalSubmit())
        return press(interaction)
    }

    /** Other programs may have slash commands in the same application. */
    function isOurs({ commandName }: ChatInputCommandInteraction): boolean {
      return slashNames(desk.commands()).has(commandName)
    }

    async function command(interaction: ChatInputCommandInteraction): Promise<void> {
      const inbound = fromCommand(interaction, desk.commands())
      const isAlone = inbound.options.private === 'true'
      const acknowledged = acknowledge(client, interaction, isAlone ? thinkingAlone : thinking, log)
      const { place } = inbound
      const how = { token: tokenOf(interaction), place, placeholder: true, isAlone }
      const voice = interactionVoice(client, how)
      await answer({ inbound, voice, acknowledged })
    }

    async function shortcut(interaction: MessageContextMenuCommandInteraction): Promise<void> {
      const inbound = fromShortcut(interaction)
      const acknowledged = acknowledge(client, interaction, thinking, log)
      if (!inbound) return void (await acknowledged)
      const how = { token: tokenOf(interaction), place: inbound.place, placeholder: true }
      await answer({ inbound, voice: interactionVoice(client, how), acknowledged })
    }

    async function press(interaction: Pressing): Promise<void> {
      const pressed = readPressed(
        interaction.isStringSelectMenu() ? (interaction.values[0] ?? '') : interaction.customId,
      )
      if (pressed?.kind === 'form' && !interaction.isModalSubmit()) {
        const about = await desk.aboutForm(placeOf(interaction.guildId, interaction.channelId), pressed.questionId)
        const data = answerForm(pressed.questionId, labelOf(interaction), { ...pressed, about })
        await acknowledge(client, interaction, { type: InteractionResponseType.Modal, data }, log)
        return
      }
      const fault =
        interaction.isModalSubmit() && pressed?.kind === 'form' ? await faultIn(interaction, pressed) : undefined
      if (fault !== undefined) return void (await acknowledge(client, interaction, aloneWith(fault), log))
      const acknowledged = acknowledge(client, interaction, noted, log)
      if (!pressed) return void (await acknowledged)
      if (pressed.kind === 'action') return actOn(interaction, pressed, acknowledged)
      const inbound = fromPress(interaction, pressed.questionId, ...answersOf(interaction, pressed))
      const token = tokenOf(interaction)
      const { place } = inbound
      await answer({
        inbound,
        acknowledged,
        voice: interactionVoice(client, { token, place, placeholder: false }),
        // A private reply leaves the question open: for another person, or for another answer.
        replied: async (replies) => (isTaken(replies, pressed.questionId) ? removeButtons(client, token) : undefined),
      })
    }

    /** The first fault of a sent form. Discord shows no faults in a form, so the person is told alone, and may send it again. */
    async function faultIn(
      interaction: ModalSubmitInteraction,
      pressed: Pressed & { kind: 'form' },
    ): Promise<string | undefined> {
      const inbound = fromPress(interaction, pressed.questionId, ...answersOf(interaction, pressed))
      return (await desk.faultsIn(inbound)).find((fault) => fault !== undefined)
    }

    /** Gives the command of a pressed action. Its buttons stay: they may be pressed again. */
    async function actOn(interaction: Pressing, pressed: PressedAction, acknowledged: Promise<boolean>): Promise<void> {
      const inbound = fromAction(interaction, pressed)
      const how = { token: tokenOf(interaction), place: inbound.place, placeholder: false }
      await answer({ inbound, acknowledged, voice: interactionVoice(client, how) })
    }

    async function suggest(interaction: AutocompleteInteraction): Promise<void> {
      const { name, value } = interaction.options.getFocused(true)
      const { spec } = readCommand(desk.commands(), interaction.options.data)
      const completed = spec?.options.find((option) => option.name === name)?.type === 'symbol'
      const found = completed && spec ? await desk.suggest(person(interaction.user), spec.name, value) : []
      const choices = found
        .filter(({ symbol }) => symbol !== '' && symbol.length <= limits.choice)
        .slice(0, limits.listed)
        .map((one) => ({ name: shorten(suggestionText(one), limits.choice), value: one.symbol }))
      const type = InteractionResponseType.ApplicationCommandAutocompleteResult
      await acknowledge(client, interaction, { type, data: { choices } }, log)
    }
  }

  async function register(): Promise<void> {
    try {
      const registered = await registerCommands(client, desk.commands())
      if (registered.length > 0) log.info({ commands: registered }, 'commands were registered with Discord')
    } catch (error) {
      log.error({ reason: describe(error) }, '/trade could not be registered; text and buttons work')
    }
  }
}

type Pressing = ButtonInteraction | StringSelectMenuInteraction | ModalSubmitInteraction

function tokenOf({ applicationId, token }: Interaction): Token {
  return { application: applicationId, value: token }
}

/** The label of the button that opens the form, which is the title of the question. */
function labelOf({ component }: ButtonInteraction | StringSelectMenuInteraction): string {
  return (component.type === ComponentType.Button && 'label' in component && component.label) || 'Answer'
}

/** The answer of a press, and the texts of the further fields of a form. */
function answersOf(interaction: Pressing, pressed: Exclude<Pressed, { kind: 'action' }>): [string, string[]] {
  if (pressed.kind === 'choice') return [pressed.answer, []]
  const [first, ...more] = interaction.isModalSubmit() ? writtenAnswers(interaction) : ['']
  return pressed.choice === undefined ? [first, more] : [pressed.choice, [first, ...more]]
}

/** Whether the desk accepted the answer: then all its replies are public. */
function isTaken(replies: Reply[], question: string): boolean {
  const isSettled = replies.some(({ settled = [] }) => settled.includes(question))
  return isSettled || (replies.length > 0 && replies.every((reply) => !reply.private))
}
