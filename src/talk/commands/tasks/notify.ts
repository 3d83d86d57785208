import { Refusal } from '../../../base/refusal.ts'
import { setNotice, wantsNotice } from '../../../trading/accounts/rows/notify.ts'
import { type Command, say } from '../command.ts'

export const setNotify: Command = {
  name: 'notify',
  aliases: ['notifications'],
  phrases: [
    {
      full: `notify me, dm me, send me dm, ping me when done, let me know when done, notify me when done,
        tell me when done, ping me`,
    },
  ],
  description: 'A direct message when a background task ends',
  category: 'Background',
  position: 125,
  effect: 'sets',
  usage: 'notify [on | off]',
  example: 'notify on',
  detail:
    'Writes you a direct message when a scaleout, a working order or an order for later ends by itself, though you do not look at its thread: on the platform on which you say so.',
  needs: 'viewer',
  account: 'none',
  options: [{ name: 'state', type: 'choice', choices: ['on', 'off'], description: 'On or off; left out: which it is' }],
  async run({ parts, speaker, place }, { words: given }) {
    const state = given.state ?? ['on', 'off'].find((word) => word === given.rest)
    if (state === undefined) {
      const is = await wantsNotice(parts.db, speaker.memberId)
      return say(
        is
          ? '🔔 You get a direct message when a background task ends.\n💡 `notify off` ends that'
          : '🔕 You get no direct messages when background tasks end.\n💡 `notify on` sends them',
      )
    }
    if (!(await setNotice(parts.db, speaker.memberId, state === 'on' ? place : undefined)))
      return new Refusal('NOT_REACHABLE', 'I do not know how to write to you on this platform. Nothing was changed.')
    return say(
      state === 'on'
        ? '🔔 You will get a direct message when a background task ends.\n💡 `notify off` ends that'
        : '🔕 No more direct messages when background tasks end.',
    )
  },
}
