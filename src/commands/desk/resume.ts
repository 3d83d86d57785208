import { Refusal } from '../../chat/refusal.ts'
import { resumeAccount } from '../../execution/critical/breaker.ts'
import { openPositions } from '../../ledger/positions.ts'
import { positionText } from '../../trading/describe.ts'
import { momentText } from '../../trading/format.ts'
import { type Command, say } from '../command.ts'
import { accountMeant } from './trip-breaker.ts'

export const resume: Command = {
  usage: 'resume [@SOMEBODY]',
  example: 'resume @somebody',
  detail:
    'Owners only. Lets an account trade again that the circuit breaker halted; your own unless you name a member. Closes of the breaker that the venue has not taken are given up.',
  needs: 'owner',
  options: [{ name: 'member', type: 'member', description: 'Whose account' }],
  async run(hearing, given) {
    const accountId = await accountMeant(hearing, given)
    if (accountId instanceof Refusal) return accountId
    const halt = await resumeAccount(hearing.parts, accountId)
    if (!halt) return new Refusal('NOT_HALTED', 'That account is not halted. Nothing was done.')
    const open = await openPositions(hearing.parts.db, accountId)
    return say(
      [
        '✓ RESUMED',
        `Halted since ${momentText(halt.at, hearing.speaker.timeZone)}: ${halt.because}.`,
        'The account trades again.',
        ...(open.length > 0 ? [`⚠️ Still open: ${open.map(positionText).join(', ')}`] : []),
      ].join('\n'),
    )
  },
}
