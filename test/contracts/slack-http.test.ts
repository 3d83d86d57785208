import { everyDoor } from './door-contract.ts'
import { createSlackHarness } from './slack-harness.ts'

everyDoor('Slack by signed HTTP', () => createSlackHarness('http'), { again: true })
