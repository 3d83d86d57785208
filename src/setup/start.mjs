import { begin, readDotEnv } from './begin.mjs'
import { home } from './folders.mjs'
import { asksForHelp, howToStart } from './how-to-start.mjs'
import { deskCommand, installPackages } from './packages.mjs'
import { buildPage } from './page.mjs'
import { runWithServers } from './run.mjs'
import { say } from './say.mjs'

// npm start: installs and starts what is missing, and opens the desk. Roles may follow: `npm start -- worker`.
await begin(async (stops) => {
  if (asksForHelp(process.argv.slice(2))) {
    console.log(howToStart)
    return 0
  }
  readDotEnv()
  await installPackages(stops.stopping)
  const roles = process.argv.slice(2)
  if (['all', 'web', undefined].includes(roles[0])) await page()
  // A role waits until a release has made the tables. Only this run can do that in a database of its own.
  const first = ['all', 'release', undefined].includes(roles[0]) ? undefined : deskCommand('release')
  return runWithServers({ folder: home, command: deskCommand(...roles), first, ...stops })
})

/** The desk works without its page, and says so. */
async function page() {
  try {
    await buildPage()
  } catch (cause) {
    say(`Page: it could not be built, so there is none: ${cause instanceof Error ? cause.message : cause}`)
  }
}
