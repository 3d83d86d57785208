import { buttonsOf } from './slack-blocks.ts'
import type { Delivery, Taken } from './slack-lines.ts'
import type { Json, SlackEphemeral, SlackMessage, SlackUser, SlackWorld } from './slack-world.ts'

interface Around {
  world: SlackWorld
  deliver(delivery: Delivery): Promise<Taken>
  /** The URL of a response target. */
  responseUrl(id: string): string
}

/** More about a message: its place and its kind. */
export interface Saying {
  thread?: string
  subtype?: string
  botId?: string
}

/** The people of the local Slack. Every action resolves when the app has acknowledged it (or failed to). */
export interface People {
  /** Writes a message, in Slack's own notation (`<@U…>`, `&amp;`); resolves to its `ts`. */
  say(user: string, channel: string, text: string, saying?: Saying): Promise<string>
  /** Uses a slash command in a channel. */
  command(user: string, channel: string, text: string): Promise<Delivery>
  /** Presses a button on a message that the person sees. */
  press(user: string, message: SlackMessage | SlackEphemeral, label: string): Promise<Delivery>
  /** Types into the menu of the form that was opened last; resolves to its lines, as text and value. */
  suggest(user: string, typed: string): Promise<{ text: string; value: string }[]>
  /** Submits the form that was opened last. In a menu the text is the value of a line that was shown last. */
  submit(user: string, ...texts: string[]): Promise<Delivery>
  /** Uses a shortcut of the app in the menu of a message. */
  useOn(user: string, message: SlackMessage, callbackId: string): Promise<Delivery>
  /** Presses a button in the app's home. */
  pressHome(user: string, label: string): Promise<Delivery>
  openHome(user: string, tab?: 'home' | 'messages'): Promise<void>
  /** Delivers events again unchanged, as Slack does when it is not sure. */
  again(delivery: Delivery): Promise<Taken>
  /** The deliveries of the last message: `message`, and `app_mention` when it mentions the app. */
  lastSaid(): Delivery[]
  asEvent(event: Json): Delivery
}

/** People in a workspace. */
export function createPeople({ world, deliver, responseUrl }: Around): People {
  let said: Delivery[] = []
  /** The lines that a menu of a form showed last. */
  let shown: Json[] = []
  const token = 'verification-token-that-nobody-should-log'
  const team = { id: world.team, domain: 'deskhand' }

  return {
    asEvent,
    lastSaid: () => said,
    again: (delivery) => deliver({ ...delivery, retry: { attempt: 1, reason: 'http_timeout' } }),

    async say(user, channel, text, { thread, subtype, botId } = {}) {
      const ts = world.nextTs()
      const message: SlackMessage = {
        type: 'message',
        ts,
        channel,
        user,
        text,
        ...(subtype && { subtype }),
        ...(botId && { bot_id: botId }),
        ...(thread && { thread_ts: thread }),
      }
      world.messages.push(message)
      const { type } = world.channels.get(channel)!
      const event = { ...message, event_ts: ts }
      said = [asWritten({ ...event, channel_type: type })]
      if (type !== 'im' && text.includes(`<@${world.bot.userId}`))
        said.push(asMentioned({ ...event, type: 'app_mention' }))
      await Promise.all(said.map(deliver))
      return ts
    },

    async command(user, channel, text) {
      const delivery: Delivery = {
        kind: 'slash_commands',
        payload: {
          token,
          team_id: fromOf(user)?.team ?? world.team,
          team_domain: team.domain,
          channel_id: channel,
          channel_name: world.channels.get(channel)!.name,
          user_id: user,
          user_name: world.users.get(user)!.name,
          command: '/trade',
          text,
          api_app_id: world.bot.appId,
          is_enterprise_install: 'false',
          response_url: answerable(channel, user),
          trigger_id: world.newTrigger(),
        },
      }
      await deliver(delivery)
      return delivery
    },

    async press(user, message, label) {
      const found = buttonsOf(message).find((button) => button.label === label)
      if (!found) throw new Error(`there is no button ${label} on ${message.ts}`)
      const ephemeral = !('type' in message)
      const seen = ephemeral ? undefined : world.asSeen(message, { metadata: false })
      const thread_ts = ephemeral ? message.thread_ts : seen.thread_ts
      const delivery: Delivery = {
        kind: 'interactive',
        payload: {
          type: 'block_actions',
          user: person(user),
          api_app_id: world.bot.appId,
          token,
          container: {
            type: 'message',
            message_ts: message.ts,
            channel_id: message.channel,
            is_ephemeral: ephemeral,
            ...(thread_ts && { thread_ts }),
          },
          trigger_id: world.newTrigger(),
          team,
          enterprise: world.organization ? { id: world.organization, name: 'Organization' } : null,
          is_enterprise_install: false,
          channel: { id: message.channel, name: world.channels.get(message.channel)!.name },
          ...(seen && { message: seen }),
          state: { values: {} },
          response_url: answerable(message.channel, user, ephemeral ? message.ts : undefined),
          actions: [{ ...found.element, block_id: found.block.block_id, action_ts: world.nextTs() }],
        },
      }
      await deliver(delivery)
      return delivery
    },

    async useOn(user, message, callback_id) {
      const delivery: Delivery = {
        kind: 'interactive',
        payload: {
          type: 'message_action',
          callback_id,
          trigger_id: world.newTrigger(),
          token,
          action_ts: world.nextTs(),
          message_ts: message.ts,
          user: person(user),
          team,
          enterprise: world.organization ? { id: world.organization, name: 'Organization' } : null,
          is_enterprise_install: false,
          channel: { id: message.channel, name: world.channels.get(message.channel)!.name },
          response_url: answerable(message.channel, user),
          message: world.asSeen(message, { metadata: false }),
        },
      }
      await deliver(delivery)
      return delivery
    },

    async pressHome(user, label) {
      const home = world.homes.get(user)
      const found = buttonsOf(home).find((button) => button.label === label)
      if (!found) throw new Error(`there is no button ${label} in the home`)
      const view_id = world.nextId('V')
      const delivery: Delivery = {
        kind: 'interactive',
        payload: {
          type: 'block_actions',
          user: person(user),
          api_app_id: world.bot.appId,
          token,
          container: { type: 'view', view_id },
          trigger_id: world.newTrigger(),
          team,
          enterprise: world.organization ? { id: world.organization, name: 'Organization' } : null,
          is_enterprise_install: false,
          view: { id: view_id, ...home },
          actions: [{ ...found.element, block_id: found.block.block_id, action_ts: world.nextTs() }],
        },
      }
      await deliver(delivery)
      return delivery
    },

    async suggest(user, typed) {
      const open = [...world.views.values()].at(-1)
      const input = open?.view.blocks.find(({ element }: Json) => element?.type === 'external_select')
      if (!open || !input) throw new Error('no form with a menu is open')
      const payload = {
        type: 'block_suggestion',
        user: person(user),
        container: { type: 'view', view_id: open.id },
        api_app_id: world.bot.appId,
        token,
        action_id: input.element.action_id,
        block_id: input.block_id,
        value: typed,
        team,
        enterprise: world.organization ? { id: world.organization, name: 'Organization' } : null,
        is_enterprise_install: false,
        view: { ...open.view, id: open.id, hash: open.hash },
      }
      const { body } = (await deliver({ kind: 'interactive', payload })) ?? {}
      shown = JSON.parse(body ?? '{}').options
      if (!Array.isArray(shown) || shown.length > 100) throw new Error('at most 100 options are allowed')
      for (const { text, value } of shown) {
        if (text.type !== 'plain_text' || !/^.{1,75}$/su.test(text.text) || !/^.{1,150}$/su.test(value))
          throw new Error(`not an option: ${JSON.stringify({ text, value })}`)
      }
      return shown.map(({ text, value }) => ({ text: text.text, value }))
    },

    async submit(user, ...texts) {
      const open = [...world.views.values()].at(-1)
      if (!open) throw new Error('no form is open')
      world.views.delete(open.id)
      const inputs = open.view.blocks.filter((block: Json) => block.type === 'input')
      const written = inputs.map((input: Json, index: number) => {
        const value = inputValue(input.element.type, texts[index])
        return [input.block_id, { [input.element.action_id]: value }]
      })
      const delivery: Delivery = {
        kind: 'interactive',
        payload: {
          type: 'view_submission',
          // For a form that was opened in a shared channel it is the person's own workspace.
          team: { ...team, id: fromOf(user)?.team ?? team.id },
          user: person(user),
          api_app_id: world.bot.appId,
          token,
          trigger_id: world.newTrigger(),
          view: {
            ...open.view,
            id: open.id,
            hash: open.hash,
            team_id: world.team,
            app_installed_team_id: world.team,
            state: { values: Object.fromEntries(written) },
          },
          response_urls: [],
          is_enterprise_install: false,
          enterprise: world.organization ? { id: world.organization, name: 'Organization' } : null,
        },
      }
      const { body } = (await deliver(delivery)) ?? {}
      const answer = body ? JSON.parse(body) : undefined
      // A form with faults stays open and shows them.
      if (answer?.response_action === 'errors') world.views.set(open.id, { ...open, errors: answer.errors })
      return delivery
    },

    async openHome(user, tab = 'home') {
      await deliver(asEvent({ type: 'app_home_opened', user, channel: 'D0HOME', tab, event_ts: world.nextTs() }))
    },
  }

  /** A text, or the line with this value in the menu that was shown last. */
  function inputValue(type: string, text: string | undefined): Json {
    if (type !== 'external_select') return { type, value: text || null }
    const selected_option = shown.find(({ value }) => value === text)
    if (!selected_option) throw new Error(`the menu has shown no line ${text}`)
    return { type, selected_option }
  }

  function asEvent(event: Json): Delivery {
    return {
      kind: 'events_api',
      payload: {
        token,
        team_id: world.team,
        api_app_id: world.bot.appId,
        event,
        type: 'event_callback',
        event_id: world.nextId('Ev'),
        event_time: Math.floor(Date.now() / 1000),
        authorizations: [
          {
            enterprise_id: null,
            team_id: world.team,
            user_id: world.bot.userId,
            is_bot: true,
            is_enterprise_install: false,
          },
        ],
        is_ext_shared_channel: false,
      },
    }
  }

  /** Slack delivers a message as an event in its writer's workspace. */
  function asWritten(event: Json): Delivery {
    const from = fromOf(event.user)
    const home = from ?? { team: world.team, organization: world.organization }
    return around(asEvent({ ...event, team: home.team }), {
      team_id: home.team,
      ...(home.organization && { enterprise_id: home.organization }),
      is_ext_shared_channel: from !== undefined,
    })
  }

  /**
   * Slack delivers a mention as an event in the app's workspace, with the writer's organization instead of the writer's
   * workspace.
   */
  function asMentioned(event: Json): Delivery {
    const from = fromOf(event.user)
    const home = from ?? { team: world.team, organization: world.organization }
    const whose = home.organization ?? home.team
    const isForeign = from !== undefined || world.organization !== undefined
    const mention = { ...event, team: world.team, ...(isForeign && { user_team: whose, source_team: whose }) }
    return around(asEvent(mention), {
      ...(world.organization && { enterprise_id: world.organization }),
      is_ext_shared_channel: from !== undefined,
    })
  }

  function around({ kind, payload }: Delivery, more: Json): Delivery {
    return { kind, payload: { ...payload, ...more } }
  }

  function fromOf(user: string): SlackUser['from'] {
    return world.users.get(user)?.from
  }

  function person(user: string): Json {
    const { name, from } = world.users.get(user)!
    const home = from ?? { team: world.team, organization: world.organization }
    return { id: user, username: name, name, team_id: home.organization ?? home.team }
  }

  function answerable(channel: string, user: string, ephemeral?: string): string {
    const id = world.nextId('R')
    world.responses.set(id, { channel, user, ephemeral, uses: 0 })
    return responseUrl(id)
  }
}
