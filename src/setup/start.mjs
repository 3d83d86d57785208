import { begin, readDotEnv } from './begin.mjs'
import { home } from './folders.mjs'
import { asksForHelp, howToStart } from './how-to-start.mjs'
import { deskCommand, installPackages } from './packages.mjs'
import { runWithServers } from './run.mjs'

// npm start: installs and starts what is missing, and opens the desk. Roles may follow: `npm start -- worker`.
await begin(async (stops) => {
  if (asksForHelp(process.argv.slice(2))) {
    console.log(howToStart)
    return 0
  }
  readDotEnv()
  await installPackages(stops.stopping)
  const roles = process.argv.slice(2)
  // A role waits until a release has made the tables. Only this run can do that in a database of its own.
  const first = ['all', 'release', undefined].includes(roles[0]) ? undefined : deskCommand('release')
  return runWithServers({ folder: home, command: deskCommand(...roles), first, ...stops })
})
