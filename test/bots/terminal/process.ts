/** A process with a terminal door on its standard streams and a scripted desk behind it; notes go to standard error. */
import pino from 'pino'
import { startTerminal } from '../../../bots/terminal/index.ts'
import { scriptedDesk } from './scripted-desk.ts'

const desk = scriptedDesk()
const log = pino(pino.destination({ dest: process.env.LOG_FILE ?? 2, sync: true }))
const door = await startTerminal({
  ...{ desk, idle: desk.idle, left: desk.left, log },
  welcome: async () => process.env.WELCOME,
  holds: async () => process.env.HOLDS === 'yes',
  historyFile: process.env.HISTORY_FILE,
})
desk.poster = door.poster
process.once('SIGTERM', () => door.close())
await door.done
process.stderr.write(`${JSON.stringify({ told: desk.told })}\n`)
process.exit(0)
