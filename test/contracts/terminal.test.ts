import { everyDoor } from './door-contract.ts'
import { createTerminalHarness } from './terminal-harness.ts'

everyDoor('terminal', createTerminalHarness, { alone: true })
