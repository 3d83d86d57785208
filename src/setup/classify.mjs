import { begin, readDotEnv } from './begin.mjs'
import { classifyLines } from './classify-lines.mjs'
import { home } from './folders.mjs'
import { installPackages } from './packages.mjs'

// npm run -s classify: reads messages from standard input, one a line, and prints the desk's reading of each as a line of
// JSON.
await begin(async (stops) => {
  readDotEnv()
  await installPackages(stops.stopping)
  return classifyLines({ folder: home, ...stops })
})
