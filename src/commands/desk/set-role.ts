import { Refusal } from '../../chat/refusal.ts'
import type { Role } from '../../db/schema.ts'
import { giveRole } from '../../ledger/members.ts'
import { type Command, say } from '../command.ts'
import { personNamed } from './person.ts'

const may: Record<Role, string> = {
  viewer: 'may look, but not trade',
  trader: 'trades their own account',
  owner: 'may do everything and give roles',
}

export const setRole: Command = {
  usage: 'role @SOMEBODY viewer|trader|owner',
  example: 'role @somebody viewer',
  detail:
    'Owners only. A viewer may look, a trader trades their own account, an owner also gives roles. Where there are no mentions: `role discord:123456 viewer`.',
  needs: 'owner',
  account: 'none',
  options: [
    { name: 'member', type: 'member', required: true, description: 'Who' },
    {
      name: 'role',
      type: 'choice',
      required: true,
      choices: ['viewer', 'trader', 'owner'],
      description: 'What they may do',
    },
  ],
  async run({ parts, place, speaker }, given) {
    const role = (['viewer', 'trader', 'owner'] as const).find((one) => one === given.role)
    const platformId = given.member && (await personNamed(parts.db, given.member, place))
    if (platformId instanceof Refusal) return platformId
    if (!role || !platformId) {
      return new Refusal(
        'ROLE_NOT_UNDERSTOOD',
        'Who gets which role? Nothing was changed.',
        'For example `role @somebody viewer`; roles are viewer, trader and owner',
      )
    }
    const member = await giveRole(parts.db, platformId, role)
    if (member.id === speaker.memberId && role !== 'owner') {
      return say(
        `✓ You are now a ${role}: you ${may[role].replace('trades their', 'trade your')}. Owners named in DESKHAND_OWNERS are owners again at the next start.`,
      )
    }
    return say(`✓ ${member.name} is now ${role === 'owner' ? 'an' : 'a'} ${role}: ${may[role]}.`)
  },
}
