import type { App, webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { HearingDesk, Poster } from '../../src/talk/chat/door.ts'
import type { Reply } from '../../src/talk/chat/reply.ts'
import type { ShownQuestions } from '../../src/talk/chat/shown-questions.ts'
import { isOld } from './age.ts'
import { createAnswers, type Respond } from './answer.ts'
import { formErrors, formId, formView, readForm, suggestionsOf } from './form.ts'
import { homeView } from './home.ts'
import type { Lanes } from './lanes.ts'
import { limits } from './limits.ts'
import { createNames } from './names.ts'
import {
  type ButtonPress,
  buttonPress,
  envelope,
  formSubmission,
  homeOpened,
  messageEvent,
  messageShortcut,
  type PlacedPress,
  slashCommand,
  typedSymbol,
} from './payloads.ts'
import { createRecent } from './recent.ts'
import { createButtonRemoval } from './remove-buttons.ts'
import { actionIds, readButton, symbolFormId } from './render.ts'
import { type Self, teamOf } from './teams.ts'
import { decodeText } from './text.ts'
import {
  fromCommand,
  fromForm,
  fromMessage,
  fromPress,
  fromShortcut,
  type Heard,
  lane,
  pressPlace,
  typist,
} from './to-inbound.ts'

interface Listening {
  app: App
  web: webApi.WebClient
  self: Self
  desk: HearingDesk
  poster: Poster
  shown: ShownQuestions
  lanes: Lanes
  log: Logger
  closing: AbortSignal
  /** Called when Slack says that the app's token was revoked. */
  tokenTakenBack(): void
}

const broken: Reply = {
  text: '⚠️ Something broke on my side. Look whether it was done before you try again.',
  private: true,
}
const tooLate: Reply = {
  text: '⚠️ That was pressed more than five minutes ago, and reached me only now: it is too late to act on it. Nothing was done.\n💡 Ask again if you still mean it',
  private: true,
}
const typeInstead: Reply = { text: '⚠️ The form did not open. Press again, or type your answer.', private: true }

/** Does a reply tell that the pressed question is not open any more? */
const settles = ({ settled = [] }: Reply, heard: Heard) => heard.kind === 'press' && settled.includes(heard.questionId)

/** Handles every delivery of Slack to the app. Each one is acknowledged first. */
export function listen({ app, web, self, desk, poster, shown, lanes, log, closing, tokenTakenBack }: Listening): void {
  const name = createNames(web, log)
  const answer = createAnswers({ web, poster, desk, log, closing })
  const removeButtons = createButtonRemoval(web, log)
  const seen = createRecent(limits.rememberedDeliveries)

  app.event(/^(message|app_mention)$/, async ({ event, body, context }) => {
    if (seen(body.event_id)) return
    const heard = parse(messageEvent, event)
    const around = parse(envelope, body)
    const isLate = (context.retryNum ?? 0) > 0 || isOld(heard?.ts)
    const message = heard && around && fromMessage(heard, around, self, isLate)
    if (message) await hear(message)
  })

  app.command(/./, async ({ command, ack, respond }) => {
    await ack()
    const typed = parse(slashCommand, command)
    if (!typed) return
    const heard = fromCommand(typed, self)
    await hear(heard, respond as Respond, undefined, `${typed.command} ${heard.text}`)
  })

  app.shortcut(/./, async ({ body, ack, respond }) => {
    await ack()
    const used = parse(messageShortcut, body)
    const heard = used && fromShortcut(used, self)
    if (!used || !heard) return
    if (isOld(used.action_ts)) return say(heard, () => answer(heard, [tooLate], respond as Respond))
    await hear(heard, respond as Respond)
  })

  app.action(/./, async ({ body, ack, respond }) => {
    await ack()
    const parsed = parse(buttonPress, body)
    const press = parsed && (await placed(parsed))
    if (!press) return
    if (opensForm(press)) return openForm(press, respond as Respond)
    const heard = fromPress(press, self)
    if (!heard) return
    if (isOld(press.actions[0]!.action_ts)) {
      log.warn({ heard: heard.id }, 'a press came too late to act on it')
      return say(heard, () => answer(heard, [tooLate], respond as Respond))
    }
    // The buttons of a command stay: they may be pressed again.
    const answered = () => removeButtons(press.container, press.message, respond as Respond)
    await hear(heard, respond as Respond, heard.kind === 'press' ? answered : undefined)
  })

  app.options(/./, async ({ body, ack }) => {
    const typed = parse(typedSymbol, body)
    const form = typed && readForm(typed.view.private_metadata)
    if (!form) return ack({ options: [] })
    const { user, team } = typist(typed, self)
    const author = { id: `slack:${team}:${user}`, name: await name(user) }
    await ack({
      options: suggestionsOf(await desk.suggestAnswer(author, form.place, form.question, decodeText(typed.value))),
    })
  })

  app.view(formId, async ({ body, ack }) => {
    const form = parse(formSubmission, body)
    const heard = form && fromForm(form, self)
    const errors = heard?.kind === 'press' ? formErrors(await desk.faultsIn(heard)) : undefined
    if (errors) return ack({ response_action: 'errors', errors })
    await ack()
    if (!heard) return
    const { channel, thread } = heard.place
    const container = { channel_id: channel, message_ts: heard.message, thread_ts: thread }
    await hear(heard, undefined, () => removeButtons(container))
  })

  app.event('app_home_opened', async ({ event, body }) => {
    const opened = parse(homeOpened, event)
    const around = parse(envelope, body)
    if (opened?.tab !== 'home' || !around || isOld(body.event_time)) return
    const team = teamOf({ team: around.team_id, organization: around.enterprise_id }, self)
    await lanes.run(`home:${opened.user}`, () => showHome(opened.user, team))
  })

  app.event(/^(tokens_revoked|app_uninstalled)$/, async ({ event }) => {
    log.warn({ event: event.type }, 'Slack says that the app is taken out of the workspace, or its token back')
    tokenTakenBack()
  })

  app.error(async (error) => log.error({ err: error }, 'a delivery from Slack went wrong'))

  /**
   * Hands an event to the desk and posts the replies. `answered` runs when a reply is for everybody. The next event
   * does not wait until Slack has taken the answer: it may be an order. `command` is a slash command as it was typed.
   */
  async function hear(
    heard: Heard,
    respond?: Respond,
    answered?: () => Promise<void>,
    command?: string,
  ): Promise<void> {
    let replies: Reply[] = []
    const hearing = lanes.run(`hear ${lane(heard)}`, async () => {
      replies = await repliesTo(heard)
    })
    await say(heard, async () => {
      await hearing
      if (replies.some((reply) => !reply.private || settles(reply, heard))) await answered?.()
      for (const { message, place } of shown.settledBy(replies))
        await removeButtons({ channel_id: place.channel, message_ts: message, thread_ts: place.thread })
      await answer(heard, replies, respond, command && `${await name(heard.user)}: ${command}`)
    })
  }

  async function repliesTo({ user, team, ...rest }: Heard): Promise<Reply[]> {
    try {
      const author = { id: `slack:${team}:${user}`, name: await name(user) }
      return await desk.hear({ ...rest, author })
    } catch (error) {
      log.error({ err: error, heard: rest.id }, 'the desk could not hear')
      return [broken]
    }
  }

  function say(heard: Heard, work: () => Promise<void>): Promise<void> {
    return lanes.run(`say ${lane(heard)}`, work)
  }

  /** Opens a form at once and not in the lane: Slack allows it only within three seconds of the press. */
  async function openForm(press: PlacedPress, respond: Respond): Promise<void> {
    if (seen(press.trigger_id)) return
    const button = readButton(press.actions[0]!.value)
    if (!button) return
    const place = pressPlace(press, self)
    const { question, choice } = button
    const form = { question, place, message: press.container.message_ts, ...(choice && { choice }) }
    try {
      const isSymbol = press.actions[0]!.action_id === symbolFormId
      const about = await desk.aboutForm(place, question)
      const view = formView(button.answer.split('\n'), form, { about, isSymbol })
      await web.views.open({ trigger_id: press.trigger_id, view })
    } catch (error) {
      log.warn({ err: error }, 'a form did not open')
      const heard = fromPress(press, self)
      if (heard) await say(heard, () => answer(heard, [typeInstead], respond))
    }
  }

  /** The press with its channel: for a press in the app's home, that of the direct message with the person. */
  async function placed({ container, ...press }: ButtonPress): Promise<PlacedPress | undefined> {
    const { message_ts = press.trigger_id, channel_id } = container
    if (channel_id) return { ...press, container: { ...container, channel_id, message_ts } }
    try {
      const { channel } = await web.conversations.open({ users: press.user.id })
      return { ...press, container: { ...container, channel_id: channel!.id!, message_ts } }
    } catch (error) {
      log.warn({ err: error }, 'a press in the home of the app has no direct message to answer in')
      return undefined
    }
  }

  async function showHome(user: string, team: string): Promise<void> {
    try {
      const home = await desk.home({ id: `slack:${team}:${user}`, name: await name(user) })
      await web.views.publish({ user_id: user, view: homeView(home) })
    } catch (error) {
      log.warn({ err: error, user }, 'a home page was not shown')
    }
  }

  function parse<T>(schema: z.ZodType<T>, payload: unknown): T | undefined {
    const parsed = schema.safeParse(payload)
    if (!parsed.success) log.warn({ issues: parsed.error.issues }, 'Slack delivered something unexpected')
    return parsed.data
  }
}

/** Whether the pressed button, or the picked line, opens a form. */
function opensForm({ actions: [action] }: PlacedPress): boolean {
  const button = readButton(action!.value)
  return action!.action_id.split(':')[0] === actionIds.form || button?.choice !== undefined
}
