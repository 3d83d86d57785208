import { createDiscordHarness } from './discord-harness.ts'
import { everyDoor } from './door-contract.ts'

everyDoor('Discord', createDiscordHarness)
