/** npm run -s screen: screens recorded bars without a desk; see usage/help.ts. */
import { randomUUID } from 'node:crypto'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Interrupted, runScreen } from './run-screen.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort(new Interrupted(128 + constants.signals[signal])))
}
// A reader of the output may close it early: head.
process.stdout.on('error', () => process.exit(0))
process.stderr.on('error', () => {})

const code = await runScreen(process.argv.slice(2), {
  ...(process.env.MARKET && { market: process.env.MARKET }),
  cwd: process.cwd(),
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  print: (text) => process.stdout.write(text),
  note: (text) => process.stderr.write(text),
  columns: () => (process.stderr.isTTY ? process.stderr.columns : undefined),
  clock: () => performance.now(),
  runId: randomUUID(),
  signal: stop.signal,
})
// All is written: on a pipe that is read slowly, an exit would cut the output off.
process.stdout.write('', () => process.exit(code))
