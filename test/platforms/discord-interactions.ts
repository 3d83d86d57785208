import type { Gateway } from './discord-gateway.ts'
import { changeMessage, messageData, storeMessage } from './discord-messages.ts'
import { checkMessage, checkModal, refusals } from './discord-rules.ts'
import type { Interaction, Message, State } from './discord-state.ts'

// biome-ignore lint/suspicious/noExplicitAny: the client's data, before a check
type Sent = any

/** One request: the ids in its path, its query and its body. */
export interface Call {
  ids: string[]
  query: URLSearchParams
  body: Sent
}

/** The context of a route. */
export interface Rest {
  state: State
  gateway: Gateway
  /** Address of the gateway. */
  gatewayUrl(): string
}

const ephemeral = 64

/** The response types that each kind of interaction accepts. */
const allowed: Record<Interaction['kind'], number[]> = {
  command: [4, 5, 9],
  component: [4, 5, 6, 7, 9],
  modal: [4, 5, 6, 7],
  autocomplete: [8],
}

/** The time limit for the acknowledgement of an interaction, in milliseconds. */
const patience = 3_000

/** `POST /interactions/:id/:token/callback`: once, and in time. */
export function respondToInteraction({ state, gateway }: Rest, { ids, body }: Call): unknown {
  const interaction = state.interactions.find(({ id, token }) => id === ids[0] && token === ids[1])
  if (!interaction || Date.now() - interaction.at > patience) throw refusals.unknownInteraction()
  if (interaction.acknowledged !== undefined) throw refusals.alreadyAcknowledged()
  const { type, data = {} } = body
  if (!allowed[interaction.kind].includes(type)) throw refusals.form(`type: ${type} for a ${interaction.kind}`)
  if (type === 4) checkMessage(data, 'webhook')
  if (type === 9) checkModal(data)
  if (type === 8) checkChoices(data.choices)
  interaction.acknowledged = type
  interaction.choices = data.choices
  if (type === 9) interaction.modal = data
  if (type === 4 || type === 5) {
    const message = storeAnswer(state, interaction, data)
    message.thinking = type === 5
    interaction.original = message.id
    if (!message.privateTo && !message.thinking) gateway.dispatchMessage('MESSAGE_CREATE', message)
  }
  return undefined
}

function checkChoices(choices: { name: string; value: string }[]): void {
  if (!Array.isArray(choices) || choices.length > 25) throw refusals.form('choices: at most 25')
  for (const { name, value } of choices) {
    if (!name || name.length > 100 || !value || value.length > 100) throw refusals.form('choices: 1 to 100 in length')
  }
}

function storeAnswer(state: State, interaction: Interaction, body: Call['body']): Message {
  const privateTo = (body.flags ?? 0) & ephemeral ? interaction.user.id : undefined
  return storeMessage(state, { channel: interaction.channel, body, privateTo, webhook: state.application })
}

/** The webhook of an interaction; the interaction must be acknowledged first. */
export const webhook = {
  /** The first message after "thinking" replaces the placeholder, with the same privacy. */
  create({ state, gateway }: Rest, { ids, body }: Call): unknown {
    const interaction = acknowledged(state, ids)
    checkMessage(body, 'webhook')
    const placeholder = state.messages.find(({ id, thinking }) => id === interaction.original && thinking)
    if (placeholder && !placeholder.deleted) return fill({ state, gateway } as Rest, placeholder, body)
    const message = storeAnswer(state, interaction, body)
    if (!message.privateTo) gateway.dispatchMessage('MESSAGE_CREATE', message)
    return messageData(state, message)
  },

  edit(rest: Rest, { ids, body }: Call): unknown {
    const message = target(rest.state, acknowledged(rest.state, ids), ids[2]!)
    checkMessage(body, 'edit')
    if (message.thinking) return fill(rest, message, body)
    changeMessage(message, body)
    if (body.content !== undefined) message.edited = true
    if (!message.privateTo) rest.gateway.dispatchMessage('MESSAGE_UPDATE', message)
    return messageData(rest.state, message)
  },

  delete({ state }: Rest, { ids }: Call): undefined {
    target(state, acknowledged(state, ids), ids[2]!).deleted = true
  },
}

function fill({ state, gateway }: Rest, placeholder: Message, body: Call['body']): unknown {
  if (!body.content?.trim()) throw refusals.emptyMessage()
  changeMessage(placeholder, { ...body, flags: (body.flags ?? 0) & ~ephemeral })
  placeholder.thinking = false
  if (!placeholder.privateTo) gateway.dispatchMessage('MESSAGE_CREATE', placeholder)
  return messageData(state, placeholder)
}

function acknowledged(state: State, [application, token]: string[]): Interaction {
  const interaction = state.interactions.find((each) => each.token === token)
  if (application !== state.application || !interaction) throw refusals.unknownWebhook()
  if (interaction.acknowledged === undefined) throw refusals.unknownWebhook()
  return interaction
}

function target(state: State, interaction: Interaction, id: string): Message {
  const wanted = id === '@original' ? interaction.original : id
  const message = state.messages.find((each) => each.id === wanted)
  if (!message || message.deleted) throw refusals.unknownMessage()
  return message
}
