import { createDiscordHarness } from './discord-harness.ts'
import { everyDoor } from './door-contract.ts'

everyDoor('Discord in a thread', () => createDiscordHarness('thread'))
everyDoor('Discord in a channel', () => createDiscordHarness('channel'), { again: true })
