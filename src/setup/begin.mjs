import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './folders.mjs'
import { SetupError, say } from './say.mjs'
import { StopRequest, stopRequests } from './stopping.mjs'

/** @typedef {ReturnType<typeof stopRequests>} Stops */

/**
 * Runs `npm start`, `npm test` or `npm run bench` to its exit code. An error that is not a fault of the program is reported
 * as one sentence.
 * @param {(stops: Stops) => Promise<number>} work
 */
export async function begin(work) {
  const stops = stopRequests()
  let code = 1
  try {
    if (process.platform === 'win32') throw new SetupError('On Windows, run this in WSL.')
    if (Number.parseInt(process.versions.node, 10) < 20) {
      throw new SetupError(`This needs Node 20 or later; it is ${process.version}.`)
    }
    process.chdir(root)
    code = await work(stops)
  } catch (error) {
    if (error instanceof StopRequest) code = error.exitCode
    else if (error instanceof SetupError) say(error.message)
    else console.error(error)
  }
  process.exit(code)
}

/** Reads the project's .env, if there is one, into the environment; variables that are already set stay. */
export function readDotEnv() {
  const file = join(root, '.env')
  if (!existsSync(file)) return
  if (!process.loadEnvFile) throw new SetupError(`Reading .env needs Node 20.12 or later; this is ${process.version}.`)
  process.loadEnvFile(file)
}
