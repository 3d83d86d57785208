import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { begin } from './begin.mjs'
import { home, makePassable, root, scratchFolder } from './folders.mjs'
import { deskNode, installPackages } from './packages.mjs'
import { runWithServers } from './run.mjs'
import { SetupError, say } from './say.mjs'

// npm run bench: runs every test/bench/*.bench.ts, or those whose name contains one of the arguments. Each gets a Postgres
// and a Redis of its own, with the desk's settings and their data on the same disk. The figures are printed as lines of JSON.
await begin(async (stops) => {
  await installPackages(stops.stopping)
  const names = process.argv.slice(2)
  const files = readdirSync(join(root, 'test/bench'))
    .filter((file) => file.endsWith('.bench.ts'))
    .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  if (files.length === 0) throw new SetupError(`No bench is called ${names.join(' or ') || 'anything yet'}.`)
  let worst = 0
  for (const file of files) {
    say(`${file}:`)
    const folder = scratchFolder(makePassable(home))
    try {
      const command = /** @type {[string, string]} */ ([deskNode(), join('test/bench', file)])
      worst = Math.max(worst, await runWithServers({ folder, command, ...stops }))
      stops.stopping.throwIfAborted()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return worst
})
