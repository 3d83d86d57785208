import { begin, readDotEnv } from './begin.mjs'
import { classifyLines } from './classify-lines.mjs'
import { home } from './folders.mjs'
import { installPackages } from './packages.mjs'

// npm run -s classify: what the desk makes of messages, one a line from standard input, as one object a line.
await begin(async (stops) => {
  readDotEnv()
  await installPackages(stops.stopping)
  return classifyLines({ folder: home, ...stops })
})
