import { everyDoor } from './door-contract.ts'
import { createSlackHarness } from './slack-harness.ts'

everyDoor('Slack by Socket Mode', () => createSlackHarness('socket'))
