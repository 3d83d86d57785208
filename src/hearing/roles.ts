import type { Command } from '../commands/command.ts'
import type { Role } from '../db/schema.ts'
import type { Speaker } from '../ledger/members.ts'

const rank: Record<Role, number> = { viewer: 0, trader: 1, owner: 2 }

/** Is the speaker's role enough for a command? */
export function mayUse({ role }: Speaker, { needs }: Command): boolean {
  return rank[role] >= rank[needs]
}
