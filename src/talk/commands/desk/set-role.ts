import { Refusal } from '../../../base/refusal.ts'
import type { Role } from '../../../infra/db/schema.ts'
import { giveRole, identitiesOf } from '../../../trading/accounts/rows/members.ts'
import { type Command, say } from '../command.ts'
import { personNamed } from './person.ts'

const may: Record<Role, string> = {
  viewer: 'may look, but not trade',
  trader: 'trades their own account',
  owner: 'may do everything and give roles',
}

export const setRole: Command = {
  name: 'role',
  aliases: [],
  description: 'Say who may do what (owners only)',
  category: 'Desk',
  position: 140,
  effect: 'governs',
  usage: 'role @SOMEBODY viewer|trader|owner',
  example: 'role @somebody viewer',
  detail:
    'Owners only. A viewer may look, a trader trades their own account, an owner also gives roles. Owners are those in DESKHAND_OWNERS at each start; one that is made here is an owner until then. Where there are no mentions: `role discord:123456 viewer`.',
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
  async run({ parts, place, speaker, isOwner }, { words: given }) {
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
    const isNamed = (await identitiesOf(parts.db, platformId)).some(isOwner)
    if (isNamed && role !== 'owner') return namedOwner()
    const member = await giveRole(parts.db, platformId, role)
    if (member.id === speaker.memberId && role !== 'owner') {
      return say(`✓ You are now a ${role}: you ${may[role].replace('trades their', 'trade your')}.`)
    }
    if (role !== 'owner') return say(`✓ ${member.name} is now a ${role}: ${may[role]}.`)
    return say(`✓ ${member.name} is now an owner: ${may[role]}.${isNamed ? '' : untilNextStart(platformId)}`)
  },
}

function namedOwner(): Refusal {
  return new Refusal(
    'OWNER_BY_ENVIRONMENT',
    'DESKHAND_OWNERS makes them an owner, and no command changes what the environment says. Nothing was changed.',
    'Take their id out of DESKHAND_OWNERS and start the desk again: they are a trader then',
  )
}

const untilNextStart = (platformId: string) =>
  `\n💡 Until the desk starts again: put \`${platformId}\` into DESKHAND_OWNERS to make it last`
