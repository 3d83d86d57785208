import { join } from 'node:path'
import { begin, readDotEnv } from './begin.mjs'
import { root } from './folders.mjs'
import { deskNode, installPackages } from './packages.mjs'
import { end, ended, running, spawnBound } from './processes.mjs'

// npm run -s backtest -- STRATEGY SYMBOL …: runs a strategy over recorded bars without a desk or a database. Paths on its command line
// are relative to the folder in which it was typed.
const typedIn = process.env.INIT_CWD ?? process.cwd()

await begin(async ({ stopping, insisting }) => {
  readDotEnv()
  await installPackages(stopping)
  const program = join(root, 'src/backtest/command-line/main.ts')
  const child = spawnBound(deskNode(), [program, ...process.argv.slice(2)], 'SIGKILL', {
    stdio: 'inherit',
    cwd: typedIn,
  })
  const code = ended(child)
  stopping.addEventListener('abort', () =>
    end(child.pid, () => running(child), [
      ['SIGINT', 1_000],
      ['SIGKILL', 2_000],
    ]),
  )
  insisting.addEventListener('abort', () => child.kill('SIGKILL'))
  return code
})
