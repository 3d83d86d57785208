import { momentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { openPositions } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { resumeAccount } from '../../../trading/protection/close-now/breaker.ts'
import { type Command, say } from '../command.ts'
import { accountsMeant } from './trip-breaker.ts'

export const resume: Command = {
  name: 'resume',
  aliases: ['unhalt'],
  description: 'Let a halted account trade again (owners only)',
  category: 'Risk',
  position: 220,
  effect: 'governs',
  usage: 'resume [@SOMEBODY]',
  example: 'resume @somebody',
  detail:
    'Owners only. Lets an account trade again that the circuit breaker halted: the one that you use here, or all of a member whom you name. Closes of the breaker that the venue has not taken are given up.',
  needs: 'owner',
  account: 'acts',
  options: [{ name: 'member', type: 'member', description: 'Whose accounts' }],
  async run(hearing, { words: given }) {
    const { parts, speaker } = hearing
    const accountIds = await accountsMeant(hearing, given)
    if (accountIds instanceof Refusal) return accountIds
    const lines: string[] = []
    for (const accountId of accountIds) {
      const halt = await resumeAccount(parts, accountId)
      if (!halt) continue
      const open = await openPositions(parts.db, accountId)
      lines.push(
        `Halted since ${momentText(halt.at, speaker.timeZone)}: ${halt.because}.`,
        'The account trades again.',
        ...(open.length > 0 ? [`⚠️ Still open: ${open.map(positionText).join(', ')}`] : []),
      )
    }
    if (lines.length === 0) return new Refusal('NOT_HALTED', 'That account is not halted. Nothing was done.')
    return say(['✓ RESUMED', ...lines].join('\n'))
  },
}
