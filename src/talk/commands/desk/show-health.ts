import { askHealth } from '../../../watch/health/ask-health.ts'
import { healthText } from '../../wording/health.ts'
import { type Command, say } from '../command.ts'

export const showHealth: Command = {
  name: 'health',
  aliases: ['desk health', 'show health', 'health check'],
  phrases: [
    {
      full: `is the desk healthy, is the desk ok, is everything ok with the desk, is everything up, how is the desk,
        is the database up, is redis up, when was the last backup, how old is the backup, system health, system status`,
    },
  ],
  description: 'How the parts of the desk are',
  category: 'Desk',
  position: 171,
  effect: 'reads',
  usage: 'health',
  example: 'health',
  detail:
    'Database, Redis, queues, sources of prices, sessions at brokers, disk, clocks, models, headlines and backups, looked at now: whether each works, since when it does not, and what stops because of it.',
  needs: 'viewer',
  account: 'none',
  options: [],
  run: async ({ parts }) => say(healthText(await askHealth(parts), parts.clock.now())),
}
