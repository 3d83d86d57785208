import type { Role } from '../../infra/db/schema.ts'
import type { Speaker } from '../../trading/accounts/rows/members.ts'
import type { Command } from '../commands/command.ts'

const rank: Record<Role, number> = { viewer: 0, trader: 1, owner: 2 }

/** Does the speaker's role permit a command? */
export function mayUse({ role }: Speaker, { needs }: Command): boolean {
  return rank[role] >= rank[needs]
}
