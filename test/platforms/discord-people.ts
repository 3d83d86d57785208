import type { Gateway } from './discord-gateway.ts'
import { channelData, messageData, userData } from './discord-messages.ts'
import { type Channel, type Interaction, type Message, type State, snowflake, type User } from './discord-state.ts'

// biome-ignore lint/suspicious/noExplicitAny: commands are stored as the desk registered them
type Command = any

/** The actions of people on this Discord. */
export interface People {
  /** Adds a person. */
  person(name: string): User
  /** Types a message, or sends a special one (`type`, `webhook`). */
  say(user: User, channel: Channel, content: string, traits?: Partial<Message>): Message
  /** Delivers a message once more, as Discord may. */
  deliverAgain(message: Message): void
  /** Changes the text of one's own message. */
  edit(message: Message, content: string): void
  /** Uses a registered slash command: `['trade', 'long']` with options by their registered names. */
  slash(user: User, channel: Channel, path: string[], options?: Record<string, string | boolean>): Interaction
  /** Uses a registered command of the menu of a message. */
  useOn(user: User, message: Message, name: string): Interaction
  /** Types into an option with autocompletion. */
  type(user: User, channel: Channel, path: string[], option: string, typed: string): Interaction
  /** Presses a button with this label, or one that the client still shows. */
  press(user: User, message: Message, label: string): Interaction
  /** Submits the form that an interaction was answered with. */
  submit(user: User, opened: Interaction, ...written: string[]): Interaction
  /** Delivers an interaction once more. */
  deliverInteractionAgain(interaction: Interaction): void
}

/** People with Discord's own clients, limited to what these clients allow. */
export function createPeople(state: State, gateway: Gateway): People {
  const events = new Map<Interaction, unknown>()

  return {
    person(name) {
      const user = { id: snowflake(), username: name }
      state.users.set(user.id, user)
      return user
    },
    say(user, channel, content, traits = {}) {
      const plain = { components: [], hadButtons: [], flags: 0, type: traits.replyTo ? 19 : 0, pings: [] }
      const fresh = { thinking: false, edited: false, deleted: false, attachments: [], embeds: [] }
      const message = { id: snowflake(), channel: channel.id, author: user, content, ...plain, ...fresh, ...traits }
      state.messages.push(message)
      gateway.dispatchMessage('MESSAGE_CREATE', message)
      return message
    },
    deliverAgain: (message) => gateway.dispatchMessage('MESSAGE_CREATE', message),
    edit(message, content) {
      message.content = content
      message.edited = true
      gateway.dispatchMessage('MESSAGE_UPDATE', message)
    },
    slash(user, channel, path, given = {}) {
      const { command, sub } = registered(state, path)
      const options = (sub.options ?? []).flatMap((option: Command) => fill(option, given))
      const unknown = Object.keys(given).filter((name) => !sub.options?.some((option: Command) => option.name === name))
      if (unknown.length > 0) throw new Error(`/${path.join(' ')} has no ${unknown}`)
      return send('command', user, channel, 2, nest(command, path, options))
    },
    useOn(user, message, name) {
      const command = state.commands.find((each: Command) => each.type === 3 && each.name === name)
      if (!command) throw new Error(`${name} is not registered`)
      const messages = { [message.id]: messageData(state, message) }
      const data = { id: command.id, name, type: 3, target_id: message.id, resolved: { messages } }
      return send('command', user, state.channels.get(message.channel)!, 2, data)
    },
    type(user, channel, path, name, typed) {
      const { command, sub } = registered(state, path)
      const option = sub.options.find((each: Command) => each.name === name)
      if (!option?.autocomplete) throw new Error(`${name} of /${path.join(' ')} does not complete`)
      const options = [{ name, type: option.type, value: typed, focused: true }]
      return send('autocomplete', user, channel, 4, nest(command, path, options))
    },
    press(user, message, label) {
      if (message.privateTo && message.privateTo !== user.id) throw new Error('nobody else sees this message')
      const button = message.hadButtons.findLast((each) => each.label === label)
      if (!button) throw new Error(`there is no button ${label}`)
      const channel = state.channels.get(message.channel)!
      const interaction = send(
        'component',
        user,
        channel,
        3,
        button.value === undefined
          ? { custom_id: button.custom_id, component_type: 2 }
          : { custom_id: button.custom_id, component_type: 3, values: [button.value] },
        message,
      )
      interaction.original = message.id
      return interaction
    },
    submit(user, opened, ...written) {
      if (!opened.modal) throw new Error('no form is open')
      const { custom_id, components } = opened.modal
      const fields = components.flatMap(({ component }) => component ?? [])
      const labels = fields.map((component, index) => ({
        type: 18,
        id: 2 * index + 1,
        component: { type: 4, id: 2 * index + 2, custom_id: component.custom_id, value: written[index] ?? '' },
      }))
      const data = { custom_id, components: labels }
      const message = state.messages.find(({ id }) => id === opened.original)
      const interaction = send('modal', user, state.channels.get(opened.channel)!, 5, data, message)
      interaction.original = opened.original
      return interaction
    },
    deliverInteractionAgain: (interaction) => gateway.dispatch('INTERACTION_CREATE', events.get(interaction)),
  }

  function send(
    kind: Interaction['kind'],
    user: User,
    channel: Channel,
    type: number,
    data: object,
    message?: Message,
  ): Interaction {
    const id = snowflake()
    const token = `interaction-token-${id}`
    const interaction: Interaction = { id, token, kind, user, channel: channel.id, at: Date.now() }
    state.interactions.push(interaction)
    const member = { user: userData(user), roles: [], joined_at: new Date(0).toISOString(), permissions: '0', flags: 0 }
    events.set(interaction, {
      id,
      token,
      type,
      version: 1,
      application_id: state.application,
      data,
      channel_id: channel.id,
      channel: channelData(state, channel),
      ...(channel.guild ? { guild_id: channel.guild, member, context: 0 } : { user: userData(user), context: 1 }),
      ...(message && { message: messageData(state, message) }),
      app_permissions: '0',
      locale: 'en-US',
      entitlements: [],
      authorizing_integration_owners: {},
      attachment_size_limit: 1,
    })
    gateway.dispatch('INTERACTION_CREATE', events.get(interaction))
    return interaction
  }
}

/** The command and the subcommand of a path; only registered ones can be used. */
function registered(state: State, [name, ...rest]: string[]): { command: Command; sub: Command } {
  const command = state.commands.find((each) => each.name === name)
  const sub = rest.reduce((at: Command, part) => at?.options?.find((each: Command) => each.name === part), command)
  if (!sub) throw new Error(`/${name} ${rest.join(' ')} is not registered`)
  return { command, sub }
}

function fill(option: Command, given: Record<string, string | boolean>): Command[] {
  const value = given[option.name]
  if (value === undefined && option.required) throw new Error(`${option.name} is required`)
  if (value === undefined) return []
  if ((typeof value === 'boolean') !== (option.type === 5)) throw new Error(`${option.name} is no ${typeof value}`)
  if (option.choices && !option.choices.some((choice: Command) => choice.value === value)) {
    throw new Error(`${value} is none of the choices of ${option.name}`)
  }
  return [{ name: option.name, type: option.type, value }]
}

function nest(command: Command, [, ...rest]: string[], options: Command[]): object {
  const nested = rest.reduceRight((inner: Command[], name, depth) => {
    const type = depth === rest.length - 1 ? 1 : 2
    return [{ name, type, options: inner }]
  }, options)
  return { id: command.id, name: command.name, type: 1, options: nested }
}
