import { Refusal } from '../../chat/refusal.ts'
import type { Given } from '../../classify/slots.ts'
import { halt } from '../../ledger/halts.ts'
import { accountOf } from '../../ledger/members.ts'
import { openPositions } from '../../ledger/positions.ts'
import { raise } from '../../monitor/raise.ts'
import { type Command, type Hearing, say } from '../command.ts'
import { platformIdOf } from './set-role.ts'

export const tripBreaker: Command = {
  usage: 'breaker [@SOMEBODY]',
  example: 'breaker',
  detail:
    'The emergency exit: every open position of your account is closed at the market, at once and without asking, scaleouts end, and the account is HALTED until an owner says `resume`. An owner can do it for somebody else.',
  needs: 'trader',
  options: [{ name: 'member', type: 'member', description: 'Whose account; owners only' }],
  async run(hearing, given) {
    const { parts, speaker, inboundId } = hearing
    if (given.member && speaker.role !== 'owner') return ownersOnly()
    const accountId = await accountMeant(hearing, given)
    if (accountId instanceof Refusal) return accountId
    const open = await openPositions(parts.db, accountId)
    const because = `by command of ${speaker.name}`
    const eventId = await raise(parts, {
      type: 'risk.circuit_breaker_tripped',
      data: { because },
      accountId,
      memberId: speaker.memberId,
      conversationId: speaker.conversationId,
      at: parts.clock.now(),
      dedupeKey: `breaker-${inboundId}`,
    })
    // Not left to whoever closes: the answer says that the account is halted, and an owner may say `resume` to that at once.
    if (eventId !== undefined)
      await parts.db.transaction().execute((trx) => halt(trx, accountId, eventId, because, parts.clock.now()))
    const closing =
      open.length === 0
        ? 'There was nothing open.'
        : `Closing ${open.map(({ symbol }) => symbol).join(', ')}: each thread is told when it is done.`
    return say(`🚨 CIRCUIT BREAKER TRIPPED\n${closing}\n⛔ The account is HALTED until an owner says \`resume\``)
  },
}

/** The account of the member who is named, else the speaker's own. */
export async function accountMeant({ parts, place, speaker }: Hearing, given: Given): Promise<number | Refusal> {
  if (!given.member) return speaker.accountId
  const platformId = platformIdOf(given.member, place)
  const accountId = platformId && (await accountOf(parts.db, platformId))
  return accountId || new Refusal('UNKNOWN_MEMBER', 'The desk does not know that member. Nothing was done.')
}

function ownersOnly(): Refusal {
  return new Refusal(
    'NOT_ALLOWED',
    "Only an owner may halt somebody else's account. Nothing was done.",
    '`breaker` halts your own',
  )
}
