import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { begin } from './begin.mjs'
import { chromiumProgram } from './chromium-program.mjs'
import { countTests } from './count.mjs'
import { scratchFolder } from './folders.mjs'
import { endProcessesOf } from './leftovers.mjs'
import { deskNode, installPackages } from './packages.mjs'
import { end, ended, run, running, spawnBound } from './processes.mjs'
import { redisProgram } from './redis-program.mjs'
import { say } from './say.mjs'

// npm test: checks format, lint and types, and runs all tests, or those that the arguments choose. The last line counts the
// tests.
await begin(async ({ stopping }) => {
  await installPackages(stopping)
  await redisProgram({ signal: stopping })
  // The browser is installed while the files are checked.
  const [wrong, chromium] = await Promise.all([checks(stopping), chromiumProgram(stopping)])
  if (chromium.path === undefined) say(chromium.because)
  const tests = await vitest(process.argv.slice(2), stopping)
  stopping.throwIfAborted()
  for (const line of [...wrong, ...tests.wrong]) console.log(line)
  console.log(tests.count)
  return wrong.length === 0 && tests.passed ? 0 : 1
})

/**
 * Checks format, lint and types, and prints the findings at once.
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>} a line for each that failed
 */
async function checks(signal) {
  const commands = {
    'Format and lint': ['biome', 'check', '.'],
    Types: ['tsc'],
    'Types of the page': ['tsc', '-p', 'src/web'],
  }
  const outcomes = Object.entries(commands).map(async ([name, [command = '', ...args]]) => {
    try {
      await run(join('node_modules/.bin', command), args, { signal })
      say(`${name}: right`)
      return []
    } catch (error) {
      signal.throwIfAborted()
      console.log(error instanceof Error ? error.message : error)
      return [`${name}: NOT RIGHT, see above`]
    }
  })
  return (await Promise.all(outcomes)).flat()
}

/**
 * Runs the tests with a TMPDIR of their own, by which processes that they leave running are recognised.
 * @param {string[]} args
 * @param {AbortSignal} signal
 */
async function vitest(args, signal) {
  const scratch = scratchFolder()
  const report = join(scratch, 'report.json')
  try {
    const reporters = [
      '--reporter=default',
      '--reporter=json',
      '--reporter=./test/support/second-tries.ts',
      `--outputFile.json=${report}`,
    ]
    const child = spawnBound(deskNode(), ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args], 'SIGTERM', {
      stdio: ['ignore', 'inherit', 'inherit'],
      // Hundreds of tests start a desk in a process of its own; it is compiled only for the first of them.
      env: { ...withoutDesk(process.env), TMPDIR: scratch, NODE_COMPILE_CACHE: join(scratch, 'compiled') },
    })
    const stop = () =>
      end(child.pid, () => running(child), [
        ['SIGTERM', 10_000],
        ['SIGKILL', 5_000],
      ])
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    const code = await ended(child)
    const left = await endProcessesOf(scratch, signal.aborted ? 0 : 5_000)
    const { count, broken } = countTests(report, code)
    const wrong = [...broken, ...left.map((process) => `Left running by the tests: ${process}`)]
    return { count, wrong, passed: code === 0 && wrong.length === 0 }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/**
 * The environment without the desk's settings: the tests use servers and settings of their own.
 * @param {NodeJS.ProcessEnv} environment
 */
function withoutDesk(environment) {
  const own =
    /^(DATABASE_URL|REDIS_URL|MARKET|VENUE|TIME_SCALE|PORT|HOST|PUBLIC_URL|TRUST_PROXY|LOG_LEVEL|LOG_FILE|(DISCORD|SLACK|LLM|PAPER|QUOTE|METRICS|DESKHAND)_.*)$/
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.test(name)))
}
