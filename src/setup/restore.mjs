import { begin, readDotEnv } from './begin.mjs'
import { home } from './folders.mjs'
import { deskCommand, installPackages } from './packages.mjs'
import { runWithServers } from './run.mjs'

// npm run restore -- FILE [--replace]: restores a backup; the desk must not run.
await begin(async (stops) => {
  readDotEnv()
  await installPackages(stops.stopping)
  return runWithServers({ folder: home, command: deskCommand('restore', ...process.argv.slice(2)), ...stops })
})
