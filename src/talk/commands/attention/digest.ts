import { digestOf, mutedOf, nextSpan } from '../../../watch/alerts/digest.ts'
import { earOf } from '../../../watch/alerts/settings.ts'
import { type Command, say } from '../command.ts'

const dayMs = 24 * 60 * 60_000

export const showDigest: Command = {
  name: 'digest',
  aliases: [],
  phrases: [{ full: 'what did i miss, catch me up, what happened while i was away, anything happen', thin: 'summary' }],
  description: 'What happened that was not worth an alert',
  category: 'Alerts',
  position: 350,
  effect: 'reads',
  usage: 'digest',
  example: 'digest',
  detail:
    'What happened in your account that was not worth an alert, and the alerts that were muted here: since the last digest where `alerts here low` is set, otherwise of the last 24 hours.',
  needs: 'viewer',
  account: 'looks',
  options: [],
  async run(hearing) {
    const { parts } = hearing
    const until = parts.clock.now()
    const { conversationId, accountId } = await earOf(parts.db, hearing)
    const notices = await parts.db.transaction().execute(async (trx) => {
      const next = await nextSpan(trx, conversationId, accountId, until)
      const span = next ?? { from: new Date(until.getTime() - dayMs), until }
      const zone = hearing.speaker.timeZone
      return [
        await digestOf(trx, accountId, span, zone),
        await mutedOf(trx, conversationId, accountId, span, zone),
      ].filter((one) => one !== undefined)
    })
    const text = notices.map((one) => parts.wording(one).text).join('\n\n')
    return say(text || '📰 Nothing happened that you were not told.')
  },
}
