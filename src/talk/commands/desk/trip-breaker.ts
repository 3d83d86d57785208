import { Refusal } from '../../../base/refusal.ts'
import { accountsOfPerson } from '../../../trading/accounts/rows/accounts.ts'
import { openPositions, type Position } from '../../../trading/positions/rows/positions.ts'
import { haltAccount } from '../../../trading/protection/close-now/halt-account.ts'
import { raise } from '../../../watch/monitor/raise.ts'
import type { Given } from '../../language/slots.ts'
import { type Command, type Hearing, say } from '../command.ts'
import { personNamed } from './person.ts'

export const tripBreaker: Command = {
  name: 'breaker',
  aliases: ['circuit breaker', 'halt', 'panic'],
  description: 'Close everything at once and halt the account',
  category: 'Risk',
  position: 210,
  effect: 'governs',
  exits: 'always',
  usage: 'breaker [@SOMEBODY]',
  example: 'breaker',
  detail:
    'The emergency exit: every open position of the account that you use here is closed at the market, at once and without asking, scaleouts end, and the account is HALTED until an owner says `resume`. An owner can do it for somebody else, with all accounts that they have.',
  needs: 'trader',
  account: 'acts',
  options: [{ name: 'member', type: 'member', description: 'Whose accounts; owners only' }],
  async run(hearing, { words: given }) {
    const { parts, speaker, inboundId } = hearing
    if (given.member && speaker.role !== 'owner') return ownersOnly()
    const accountIds = await accountsMeant(hearing, given)
    if (accountIds instanceof Refusal) return accountIds
    const because = `by command of ${speaker.name}`
    const open: Position[] = []
    for (const accountId of accountIds) {
      const own = await openPositions(parts.db, accountId)
      open.push(...own)
      const eventId = await raise(parts, {
        type: 'risk.circuit_breaker_tripped',
        data: { because, open: own.length },
        accountId,
        memberId: speaker.memberId,
        conversationId: speaker.conversationId,
        at: parts.clock.now(),
        dedupeKey: `breaker-${inboundId}-${accountId}`,
      })
      // The halt does not wait for the closing job: the reply says that the account is halted, and an owner may say `resume` at
      // once.
      if (eventId !== undefined)
        await haltAccount(parts, { id: eventId, accountId, because, answeredIn: speaker.conversationId })
    }
    const closing =
      open.length === 0
        ? 'There was nothing open.'
        : `Closing ${positionsText(open)}: each thread is told when its position is closed, and this one when all are.`
    const halted = accountIds.length === 1 ? 'The account is' : `All ${accountIds.length} accounts are`
    return say(`🚨 CIRCUIT BREAKER TRIPPED\n${closing}\n⛔ ${halted} HALTED until an owner says \`resume\``)
  },
}

/** `2 positions (AAPL, BYND)`. */
function positionsText(open: Position[]): string {
  const symbols = open.map(({ symbol }) => symbol).join(', ')
  return `${open.length === 1 ? '1 position' : `${open.length} positions`} (${symbols})`
}

/** All accounts of the named member, or else the speaker's account here. */
export async function accountsMeant({ parts, place, speaker }: Hearing, given: Given): Promise<number[] | Refusal> {
  if (!given.member) return [speaker.accountId]
  const platformId = await personNamed(parts.db, given.member, place)
  if (platformId instanceof Refusal) return platformId
  const accounts = platformId && (await accountsOfPerson(parts.db, platformId))
  if (!accounts) {
    const instead =
      'Mention a member of this platform who has spoken with the desk, or name an id such as `discord:123456`'
    return new Refusal('UNKNOWN_MEMBER', 'The desk does not know that member. Nothing was done.', instead)
  }
  if (accounts.length > 0) return accounts.map(({ id }) => id)
  return new Refusal('NO_ACCOUNT', 'That member has no account yet. Nothing was done.')
}

function ownersOnly(): Refusal {
  return new Refusal(
    'NOT_ALLOWED',
    "Only an owner may halt somebody else's account. Nothing was done.",
    '`breaker` halts your own',
  )
}
