import { Refusal } from '../../../base/refusal.ts'
import {
  type CriticalNotice,
  criticalNoticeOf,
  setCriticalNotice,
} from '../../../trading/accounts/rows/critical-notice.ts'
import { setNotice, wantsNotice } from '../../../trading/accounts/rows/notify.ts'
import type { Given } from '../../language/slots.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'

export const setNotify: Command = {
  name: 'notify',
  aliases: ['notifications'],
  phrases: [
    {
      full: `notify me, dm me, send me dm, ping me when done, let me know when done, notify me when done,
        tell me when done, ping me`,
    },
  ],
  description: 'Messages to you when a task ends, or something is critical',
  category: 'Background',
  position: 125,
  effect: 'sets',
  usage: 'notify [on | off | critical [ping | dm | off]]',
  example: 'notify critical dm',
  detail:
    'Writes you a direct message when a scaleout, a working order or an order for later ends by itself, though you do not look at its thread: on the platform on which you say so. `notify critical ping` mentions you in the thread when a stop or target of yours is hit or the circuit breaker trips, `notify critical dm` writes you a direct message instead.',
  needs: 'viewer',
  account: 'none',
  options: [
    { name: 'about', type: 'choice', choices: ['critical'], description: 'Of what is critical, else of tasks' },
    {
      name: 'how',
      type: 'choice',
      choices: ['ping', 'dm'],
      description: 'A mention, or a direct message',
    },
    { name: 'state', type: 'choice', choices: ['on', 'off'], description: 'On or off' },
  ],
  async run(hearing, { words: given }) {
    if (given.about !== undefined) return notifyOfCritical(hearing, given)
    if (given.how !== undefined) return notUnderstood()
    const { parts, speaker, place } = hearing
    const state = given.state ?? ['on', 'off'].find((word) => word === given.rest)
    if (state === undefined) {
      const [is, critical] = await Promise.all([
        wantsNotice(parts.db, speaker.memberId),
        criticalNoticeOf(parts.db, speaker.memberId),
      ])
      const tasks = is
        ? '🔔 You get a direct message when a background task ends.\n💡 `notify off` ends that'
        : '🔕 You get no direct messages when background tasks end.\n💡 `notify on` sends them'
      return say(`${tasks}\n${criticalText(critical)}`)
    }
    if (!(await setNotice(parts.db, speaker.memberId, state === 'on' ? place : undefined))) return notReachable()
    return say(
      state === 'on'
        ? '🔔 You will get a direct message when a background task ends.\n💡 `notify off` ends that'
        : '🔕 No more direct messages when background tasks end.',
    )
  },
}

/** `notify critical`: shows or sets how the member is told of critical events. */
async function notifyOfCritical({ parts, speaker, place }: Hearing, given: Given): Promise<Outcome> {
  const { how, state } = given
  if (how !== undefined && state !== undefined) return notUnderstood()
  if (state === 'on' || (how === undefined && state === undefined)) {
    return say(criticalText(await criticalNoticeOf(parts.db, speaker.memberId)))
  }
  const wanted = how === 'ping' || how === 'dm' ? how : undefined
  if (!(await setCriticalNotice(parts.db, speaker.memberId, wanted, place, parts.clock.now()))) return notReachable()
  return say(criticalText(wanted))
}

/** How a member is told of critical events, and how to change it. */
function criticalText(how: CriticalNotice | undefined): string {
  if (how === 'ping')
    return '🚨 When a stop or target of yours is hit, or the circuit breaker trips, its thread mentions you.\n💡 `notify critical off` ends that'
  if (how === 'dm')
    return '🚨 When a stop or target of yours is hit, or the circuit breaker trips, you get a direct message.\n💡 `notify critical off` ends that'
  return '🚨 What is critical is told in its thread, without a mention of you.\n💡 `notify critical ping` mentions you there, `notify critical dm` writes to you'
}

const notReachable = () =>
  new Refusal('NOT_REACHABLE', 'I do not know how to write to you on this platform. Nothing was changed.')

const notUnderstood = () =>
  new Refusal(
    'NOT_UNDERSTOOD',
    'I did not understand what you want to be told of. Nothing was changed.',
    'For example `notify on`, `notify off`, `notify critical ping`, `notify critical dm` or `notify critical off`',
  )
