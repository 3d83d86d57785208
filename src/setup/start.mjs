import { begin, readDotEnv } from './begin.mjs'
import { home } from './folders.mjs'
import { deskCommand, installPackages } from './packages.mjs'
import { runWithServers } from './run.mjs'

// npm start: sets up what is missing and opens the desk. Roles may follow: `npm start -- worker`.
await begin(async (stops) => {
  readDotEnv()
  await installPackages(stops.stopping)
  const roles = process.argv.slice(2)
  // A role waits for a release to bring the tables. Nobody else can bring them to a database that is this run's own.
  const first = ['all', 'release', undefined].includes(roles[0]) ? undefined : deskCommand('release')
  return runWithServers({ folder: home, command: deskCommand(...roles), first, ...stops })
})
