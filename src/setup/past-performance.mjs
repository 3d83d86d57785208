import { begin } from './begin.mjs'
import { deskNode, installPackages } from './packages.mjs'
import { ended, spawnBound } from './processes.mjs'

// npm run past-performance [FOLDER]: measures every screener on a folder of recorded daily bars, and writes figures and docs.
await begin(async ({ stopping }) => {
  await installPackages(stopping)
  const command = ['src/strategies/past/past-performance.ts', ...process.argv.slice(2)]
  const measuring = spawnBound(deskNode(), command, 'SIGKILL', { stdio: 'inherit', signal: stopping })
  return ended(measuring)
})
