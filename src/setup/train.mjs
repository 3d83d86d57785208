import { begin } from './begin.mjs'
import { deskNode, installPackages } from './packages.mjs'
import { ended, spawnBound } from './processes.mjs'

// npm run train:intents: builds the intent model; with --check it compares instead. It runs on the pinned Node, whose
// arithmetic is the same on every machine.
await begin(async ({ stopping }) => {
  await installPackages(stopping)
  const command = ['models/intents/train.ts', ...process.argv.slice(2)]
  const training = spawnBound(deskNode(), command, 'SIGKILL', { stdio: 'inherit', signal: stopping })
  return ended(training)
})
