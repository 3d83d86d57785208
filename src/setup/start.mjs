import { begin, readDotEnv } from './begin.mjs'
import { home } from './folders.mjs'
import { deskCommand, installPackages } from './packages.mjs'
import { runWithServers } from './run.mjs'

// npm start: sets up what is missing and opens the desk. Roles may follow: `npm start -- worker`.
await begin(async (stops) => {
  readDotEnv()
  await installPackages(stops.stopping)
  return runWithServers({ folder: home, command: deskCommand(...process.argv.slice(2)), ...stops })
})
