/** npm run -s backtest: runs a strategy over recorded bars without a desk; see help.ts. */
import { fileURLToPath } from 'node:url'
import { runBacktest } from './run-backtest.ts'

// A reader of the output may close it early: head.
process.stdout.on('error', () => process.exit(0))
process.stderr.on('error', () => {})

const code = await runBacktest(process.argv.slice(2), {
  ...(process.env.MARKET && { market: process.env.MARKET }),
  cwd: process.cwd(),
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  print: (text) => process.stdout.write(text),
  note: (text) => process.stderr.write(text),
})
// All is written: on a pipe that is read slowly, an exit would cut the output off.
process.stdout.write('', () => process.exit(code))
