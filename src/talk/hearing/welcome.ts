import { findSpeaker } from '../../trading/accounts/rows/members.ts'
import { positionCount } from '../../trading/positions/rows/position-count.ts'
import type { Author } from '../chat/inbound.ts'
import type { Place } from '../chat/place.ts'
import { firstSteps } from '../commands/desk/first-steps.ts'
import { greeting } from '../commands/desk/hello.ts'
import { type Ears, isExpired } from './ears.ts'
import { questionsAt } from './locate.ts'

const leaving = '💡 `quit` leaves; what you hold stays'

/**
 * The first words to a person whose screen is empty: the first steps for somebody who never had a position; for others what they
 * hold, what runs, and which questions are open.
 */
export async function welcome(ears: Ears, author: Author, place: Place): Promise<string> {
  const { parts } = ears
  const speaker = await findSpeaker(parts.db, author, place)
  if (!speaker) return `${await firstSteps(parts)}\n${leaving}`
  const isNew = (await positionCount(parts.db, speaker.accountId)) === 0
  const [first, { pending }] = await Promise.all([
    isNew ? firstSteps(parts) : greeting({ parts, speaker }),
    questionsAt(ears, place),
  ])
  const open = pending.filter((one) => one.memberId === speaker.memberId && !isExpired(ears, one))
  const asked = open.map(
    ({ command }) => `❓ A question of \`${command}\` is still open. It is shown again before an answer counts.`,
  )
  return [first, ...new Set(asked), leaving].join('\n')
}
