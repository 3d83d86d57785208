import { momentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { endSessions, sessionsOf, type WebSession } from '../../../trading/access/rows/web-sessions.ts'
import { browserName } from '../../../trading/access/rules/browser-name.ts'
import { plain } from '../../language/words.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'
import { onlyInChat } from './page-link.ts'

export const listSessions: Command = {
  name: 'sessions',
  aliases: ['web sessions'],
  description: 'Where your page is open, and an end to it',
  category: 'Desk',
  position: 144,
  effect: 'sets',
  usage: 'sessions [end NUMBER | end all]',
  example: 'sessions end all',
  detail:
    'The browsers in which your page is open. `sessions end 3` closes one of them at once, `sessions end all` all of them. One that is not used ends by itself after 12 hours.',
  needs: 'viewer',
  account: 'none',
  options: [{ name: 'what', type: 'text', description: 'end 3, or end all' }],
  asks: () => false,
  async run(hearing, { words }) {
    const elsewhere = onlyInChat(hearing, 'sessions')
    if (elsewhere) return elsewhere
    const [, which] = /^(?:end|close|revoke) (all|\d+)$/.exec(plain(words.rest ?? '')) ?? []
    return which === undefined ? list(hearing) : end(hearing, which === 'all' ? undefined : Number(which))
  },
}

async function list({ parts, speaker }: Hearing): Promise<Outcome> {
  const open = await sessionsOf(parts.db, speaker.memberId, parts.clock.now())
  if (open.length === 0) return say('🖥️ Your page is open nowhere.\n💡 `dashboard` opens it')
  const lines = open.map(
    ({ id, device, usedAt }) => `${id}. ${browserName(device)} · last used ${momentText(usedAt, speaker.timeZone)}`,
  )
  return answer([
    '🖥️ YOUR PAGE IS OPEN IN',
    ...lines,
    `💡 \`sessions end ${open[0]!.id}\` closes one, \`sessions end all\` all`,
  ])
}

async function end({ parts, speaker }: Hearing, id: number | undefined): Promise<Outcome> {
  const ended = await endSessions(parts.db, speaker.memberId, parts.clock.now(), id)
  if (ended.length > 0) return answer([`✓ Ended: ${ended.map(nameOf).join(', ')}.`])
  const which = id === undefined ? 'no open session' : `no open session ${id}`
  return new Refusal('NO_SUCH_SESSION', `You have ${which}. Nothing was changed.`, '`sessions` lists yours')
}

const answer = (lines: string[]): Outcome => ({ replies: [{ text: lines.join('\n'), private: true }] })

const nameOf = ({ id, device }: WebSession) => `${id} (${browserName(device)})`
